import { describe, expect, test } from 'vitest'
import { sign } from '../../src/signing/signature.ts'
import type { Step } from '../support/scripted-transport.ts'
import { emitterIn, settled, urlOf } from './emitter-setting.ts'

/** A receiver that can be broken and mended. */
function receiver() {
  let status = 503
  return { answer: () => status, mend: () => (status = 200), break: () => (status = 503) }
}

describe('an event', () => {
  test('goes to each webhook in whose scope it is, in the same bytes, and says why it goes nowhere else', async () => {
    const { emitter, webhook, arrived, at } = await emitterIn()
    emitter.begin()
    await webhook('all', { secret: 'of all' })
    await webhook('earnings', { scope: { events: ['earning'] } })
    await webhook('corrections', { scope: { events: ['Point correction +'] }, secret: 'of corrections' })
    await webhook('resting', { active: false })
    const member = emitter.members('', { limit: 1 }).items[0]
    const elsewhere = emitter.program().programs.find(({ id }) => id !== member?.program.id)
    await webhook('elsewhere', { scope: { programs: [elsewhere?.id ?? ''] } })

    const [event] = await emitter.memberEvent(member?.id ?? '', {
      type: 'point-correction-plus',
      set: { 'data.points': 250 },
    })
    await settled()
    expect(at('all')).toEqual([event?.id])
    expect(at('corrections')).toEqual([event?.id])
    expect(arrived).toHaveLength(2)
    const [one, two] = arrived
    expect(one?.body).toBe(two?.body)
    expect(JSON.parse(one?.body ?? '')).toMatchObject([{ id: event?.id, data: { points: 250 } }])
    expect(
      arrived.map(({ headers, body }) => headers['X-Qualifio-Signature'] === sign('of all', body)).filter(Boolean),
    ).toEqual([true])
    const routes = emitter.event(event?.id ?? '').routes.map(({ webhook: { name }, why, delivery }) => {
      return [name, why, delivery?.state]
    })
    expect(Object.fromEntries(routes.map(([name, ...rest]) => [name, rest]))).toEqual({
      all: ['goes to "all"', 'delivered'],
      corrections: ['goes to "corrections"', 'delivered'],
      earnings: ['"earnings" does not have Point correction + in its scope', undefined],
      resting: ['"resting" was not active', undefined],
      elsewhere: [`"elsewhere" does not have the program ${member?.program.name} in its scope`, undefined],
    })
  })

  test('is retried in the same bytes and signature, and then blocked', async () => {
    const { emitter, webhook, arrived, events, advance } = await emitterIn({ answer: () => 500 })
    emitter.begin()
    await webhook('shop', { secret: 's' })
    const [id] = await events(1)
    expect(emitter.deliveries({}, { limit: 9 }).items).toMatchObject([{ state: 'retrying', retry: 0, retries: 2 }])
    await advance(1000)
    await advance(2000)
    await advance(60_000)
    expect(arrived.map(({ ids }) => ids)).toEqual([[id], [id], [id]])
    expect(new Set(arrived.map(({ body, headers }) => body + headers['X-Qualifio-Signature'])).size).toBe(1)
    const [delivery] = emitter.deliveries({ state: 'blocked' }, { limit: 9 }).items
    expect(delivery).toMatchObject({ blockedBy: 'retries', attempts: 3, nextAttemptAt: null })
    expect(emitter.delivery(delivery?.id ?? 0).attemptLog.map(({ sentence }) => sentence)).toEqual([
      'first delivery: 500 Internal Server Error',
      'retry 1/2: 500 Internal Server Error',
      'retry 2/2: 500 Internal Server Error',
    ])
  })

  test('of a window arrives with the others of it, in order', async () => {
    const { emitter, webhook, events, advance, at } = await emitterIn({ rules: { batchWindowMs: 5000, batchMax: 3 } })
    emitter.begin()
    await webhook('shop')
    await webhook('other', { scope: { events: ['earning'] } })
    const ids = await events(4)
    expect(at('shop')).toEqual([ids.slice(0, 3).join()])
    expect(emitter.event(ids[3] ?? '').routes.find(({ goes }) => goes)).toEqual({
      webhook: expect.objectContaining({ name: 'shop' }) as object,
      goes: true,
      why: 'goes to "shop"',
    })
    await advance(5000)
    expect(at('shop')).toEqual([ids.slice(0, 3).join(), ids[3]])
    expect(at('other')).toEqual([])
  })
})

describe('a blocked webhook', () => {
  test('keeps what happens, and says so of each event as things stand', async () => {
    const rules = { blockEndpointAfter: 1, policy: { delaysMs: [] } }
    const { emitter, webhook, events } = await emitterIn({ answer: () => 500, rules })
    emitter.begin()
    const { id } = await webhook('shop')
    const [failed = ''] = await events(1)
    const [kept = ''] = await events(1)
    const said = (event: string) => emitter.event(event).routes.map(({ goes, why }) => [goes, why])
    expect(said(kept)).toEqual([[true, 'kept, and not sent while "shop" is blocked']])
    expect(said(failed)).toEqual([[true, 'goes to "shop"']])
    await emitter.unblockWebhook(id)
    expect(said(kept)).toEqual([[true, 'kept, for "shop" was blocked; it can be sent again']])
    await emitter.resendBlocked(id)
    expect(said(kept)).toEqual([[true, 'goes to "shop"']])
    await settled()
    await events(1)
    await emitter.deleteWebhook(id)
    expect(said(failed)).toEqual([[true, 'goes to "shop"']])
    expect(said(kept)).toEqual([[true, 'not sent: "shop" was blocked, and then deleted']])
  })

  test('gets deliveries that are born blocked; unblocked, all are sent again in order, in the same bytes', async () => {
    const shop = receiver()
    const { emitter, webhook, events, advance, arrived, at } = await emitterIn({
      answer: shop.answer,
      rules: { blockEndpointAfter: 2, policy: { delaysMs: [] } },
    })
    emitter.begin()
    const { id } = await webhook('shop', { secret: 'before' })
    const failed = await events(2)
    expect(emitter.webhook(id).blocked).toMatchObject({ afterDeliveries: 2 })
    const waiting = await events(3)
    expect(arrived).toHaveLength(2)
    expect(
      emitter.deliveries({ webhookId: id }, { limit: 9 }).items.map(({ state, blockedBy }) => [state, blockedBy]),
    ).toEqual([...waiting.map(() => ['blocked', 'webhook']), ...failed.map(() => ['blocked', 'retries'])])
    await expect(emitter.resendBlocked(id)).rejects.toThrow('"shop" is blocked, so nothing is sent; unblock it first.')
    await expect(emitter.resend(1)).rejects.toThrow(/unblock it first/)
    expect(await emitter.resendBlocked()).toEqual({
      resent: 0,
      leftOut: [{ webhook: id, name: 'shop', deliveries: 5 }],
    })

    shop.mend()
    await emitter.changeWebhook(id, { secret: 'after', rotation: 'immediate' })
    await emitter.unblockWebhook(id)
    await expect(emitter.unblockWebhook(id)).rejects.toThrow('"shop" is not blocked.')
    expect(await emitter.resendBlocked(id)).toEqual({ resent: 5, leftOut: [] })
    await advance(1)
    const again = arrived.slice(2)
    expect(at('shop').slice(2)).toEqual([...failed, ...waiting])
    expect(again.slice(0, 2).map(({ body }) => body)).toEqual(arrived.slice(0, 2).map(({ body }) => body))
    expect(
      arrived.slice(0, 2).map(({ body, headers }) => headers['X-Qualifio-Signature'] === sign('before', body)),
    ).toEqual([true, true])
    for (const { body, headers } of again) expect(headers['X-Qualifio-Signature']).toBe(sign('after', body))
    expect(emitter.deliveries({ state: 'delivered' }, { limit: 9 }).items).toHaveLength(5)
    expect(await emitter.resendBlocked()).toEqual({ resent: 0, leftOut: [] })
  })

  test('that is blocked while a batch is open blocks the batch, and loses none of it', async () => {
    const { emitter, webhook, events, advance } = await emitterIn({
      answer: () => 503,
      rules: { blockEndpointAfter: 1, policy: { delaysMs: [] }, batchWindowMs: 1000 },
    })
    emitter.begin()
    await webhook('shop')
    await events(1)
    await advance(900)
    await events(1)
    await advance(100)
    await events(1)
    await advance(1000)
    expect(
      emitter.deliveries({}, { limit: 9 }).items.map(({ eventCount, blockedBy }) => [eventCount, blockedBy]),
    ).toEqual([
      [1, 'webhook'],
      [2, 'retries'],
    ])
  })
})

describe('asking for deliveries', () => {
  test('of a webhook or a member that there is not is refused, and says that a name is no id', async () => {
    const { emitter, webhook } = await emitterIn()
    const { id } = await webhook('shop')
    const page = { limit: 9 }
    const ofWebhook = (webhookId: string) => () => emitter.deliveries({ webhookId }, page)
    expect(ofWebhook('nope')).toThrow('there is no such webhook; GET /api/webhooks lists them')
    expect(ofWebhook('shop')).toThrow(`"shop" is the name of a webhook; its id is expected here: ${id}.`)
    expect(() => emitter.webhook('shop')).toThrow(`its id is expected here: ${id}.`)
    await expect(emitter.resendBlocked('shop')).rejects.toThrow(`its id is expected here: ${id}.`)
    expect(() => emitter.deliveries({ memberId: 'Emma' }, page)).toThrow('there is no such member; GET /api/members')
    await emitter.deleteWebhook(id)
    expect(ofWebhook(id)()).toEqual({ items: [], cursor: null })
  })
})

describe('sending again', () => {
  test('one delivery: same bytes, another round, and not while it is under way', async () => {
    const { emitter, webhook, events, arrived, advance } = await emitterIn({ answer: () => 503 })
    emitter.begin()
    await webhook('shop')
    await events(1)
    await expect(emitter.resend(1)).rejects.toThrow('delivery 1 is still under way')
    await expect(emitter.resend(99)).rejects.toThrow('there is no delivery 99')
    for (const ms of [1000, 2000]) await advance(ms)
    expect(await emitter.resend(1)).toMatchObject({ state: 'queued', resends: 1, retry: 0 })
    await advance(0)
    expect(arrived).toHaveLength(4)
    expect(new Set(arrived.map(({ body }) => body)).size).toBe(1)
    expect(emitter.delivery(1).attemptLog.at(-1)?.sentence).toBe('resend 1: 503 Service Unavailable')
  })

  test('where there never was one, or none any more, says which', async () => {
    const { emitter, webhook, events, store } = await emitterIn()
    emitter.begin()
    expect(() => emitter.delivery(1)).toThrow('there is no delivery 1; there is none at all now.')
    await webhook('shop')
    await events(3)
    expect(() => emitter.delivery(4)).toThrow('there is no delivery 4; the latest one is 3.')
    store.forget(Number.MAX_SAFE_INTEGER, 2)
    expect(() => emitter.delivery(1)).toThrow('there is no delivery 1; finished ones are forgotten after --keep.')
  })

  test('where its webhook was deleted there is nowhere to send it', async () => {
    const { emitter, webhook, events } = await emitterIn()
    emitter.begin()
    const { id } = await webhook('shop')
    await events(1)
    await emitter.deleteWebhook(id)
    await expect(emitter.resend(1)).rejects.toThrow('its webhook was deleted, so there is nowhere to send it.')
    await expect(emitter.resendBlocked(id)).rejects.toThrow('there is no such webhook;')
  })
})

describe('a webhook', () => {
  test('answers a ping: an empty payload, once, that counts for nothing', async () => {
    const { emitter, webhook, arrived } = await emitterIn({ answer: () => 404, rules: { blockEndpointAfter: 1 } })
    emitter.begin()
    const { id } = await webhook('shop', { secret: 's' })
    const ping = await emitter.pingWebhook(id)
    expect(ping).toMatchObject({ kind: 'ping', state: 'blocked', attempts: 1, retries: 0, events: [], eventCount: 0 })
    expect(arrived.map(({ body, headers }) => [body, headers['X-Qualifio-Signature']])).toEqual([
      ['[]', sign('s', '[]')],
    ])
    expect(emitter.webhook(id)).toMatchObject({ blocked: null, counts: { blocked: 0 } })
    expect(await emitter.resendBlocked(id)).toEqual({ resent: 0, leftOut: [] })
    expect(await emitter.resend(ping.id)).toMatchObject({ state: 'queued' })
    expect(emitter.webhook(id).counts).toMatchObject({ queued: 0, blocked: 0 })
  })

  test('that is blocked is pinged, to learn whether it is mended, and nothing else is sent', async () => {
    let status = 500
    const rules = { blockEndpointAfter: 1, policy: { delaysMs: [] } }
    const { emitter, webhook, events, arrived, at } = await emitterIn({ answer: () => status, rules })
    emitter.begin()
    const { id } = await webhook('shop')
    await events(3)
    const before = arrived.length
    expect(await emitter.pingWebhook(id)).toMatchObject({ kind: 'ping', state: 'blocked', attempts: 1, held: null })
    status = 200
    expect(await emitter.pingWebhook(id)).toMatchObject({ kind: 'ping', state: 'delivered', attempts: 1 })
    await settled()
    expect(at('shop').slice(before)).toEqual(['', ''])
    expect(emitter.webhook(id)).toMatchObject({ blocked: { afterDeliveries: 1 }, counts: { blocked: 3, delivered: 0 } })
  })

  test('that does not answer a ping before the end is told of as such, soon enough to be heard', async () => {
    const { emitter, webhook, advance } = await emitterIn({ answer: () => new Promise<Step>(() => {}) })
    emitter.begin()
    const { id } = await webhook('shop')
    const ping = emitter.pingWebhook(id)
    ping.catch(() => undefined)
    await settled()
    const stopped = emitter.stop(3000)
    await advance(500)
    await expect(ping).rejects.toMatchObject({
      kind: 'stopping',
      message: expect.stringMatching(/it is delivery 1/) as string,
    })
    await advance(2500)
    await stopped
  })

  test('that is not active holds what is queued, and is not pinged', async () => {
    const { emitter, webhook, events, at, advance } = await emitterIn({ answer: () => 503 })
    emitter.begin()
    const { id } = await webhook('shop')
    const [first] = await events(1)
    await emitter.changeWebhook(id, { active: false })
    const [unseen] = await events(1)
    await advance(60_000)
    expect(at('shop')).toEqual([first])
    expect(emitter.delivery(1)).toMatchObject({ state: 'retrying', held: 'webhook-inactive' })
    await expect(emitter.pingWebhook(id)).rejects.toThrow(
      '"shop" is not active, so nothing is sent; activate it first.',
    )
    await emitter.changeWebhook(id, { active: true })
    await settled()
    expect(at('shop')).toEqual([first, first])
    expect(emitter.event(unseen ?? '').routes[0]?.why).toBe('"shop" was not active')
  })

  test('that is deleted takes what waits with it: cancelled, and said', async () => {
    const { emitter, webhook, events, advance, arrived } = await emitterIn({ answer: () => 503 })
    emitter.begin()
    const { id } = await webhook('shop')
    await events(2)
    const [event] = emitter.events({ limit: 1 }).items
    await emitter.deleteWebhook(id)
    const before = arrived.length
    await advance(60_000)
    expect(arrived).toHaveLength(before)
    expect(emitter.deliveries({}, { limit: 9 }).items.map(({ state, webhook: { name } }) => [state, name])).toEqual([
      ['cancelled', 'shop'],
      ['cancelled', 'shop'],
    ])
    expect(emitter.delivery(1)).toMatchObject({ curl: '', events: [{ type: 'point_correction_plus' }] })
    expect(emitter.event(event?.id ?? '').routes[0]?.delivery?.state).toBe('cancelled')
    await expect(emitter.changeWebhook(id, {})).rejects.toThrow('there is no such webhook')
    expect(emitter.health().unfinished).toBe(0)
  })

  test('made again under the same name in the same moment is another one', async () => {
    const { emitter, webhook, events } = await emitterIn()
    emitter.begin()
    const { id } = await webhook('shop')
    await events(1)
    await emitter.deleteWebhook(id)
    const again = await webhook('shop')
    expect(again.id).not.toBe(id)
    expect(emitter.webhook(again.id).counts.delivered).toBe(0)
  })

  test('shows a secret in the answer that set it, and nowhere else', async () => {
    const { emitter, webhook } = await emitterIn()
    const made = await webhook('shop', { secret: 'seen once' })
    expect(made.secret).toBe('seen once')
    expect(await emitter.changeWebhook(made.id, { url: urlOf('other') })).not.toHaveProperty('secret')
    expect((await emitter.changeWebhook(made.id, { secret: 'seen again' })).secret).toBe('seen again')
    expect(JSON.stringify([emitter.webhooks(), emitter.webhook(made.id)])).not.toContain('seen')
  })

  test('has a name of its own', async () => {
    const { emitter, webhook } = await emitterIn()
    await webhook('shop')
    const { id } = await webhook('other')
    const taken = 'there is a webhook "shop" already; choose another name.'
    await expect(webhook(' shop ')).rejects.toThrow(taken)
    await expect(emitter.changeWebhook(id, { name: 'shop' })).rejects.toThrow(taken)
    await expect(emitter.changeWebhook(id, { name: 'other' })).resolves.toMatchObject({ name: 'other' })
  })

  test('shows its request as it is sent, the headers of the transport among them, and no authorization', async () => {
    const { emitter, webhook, events } = await emitterIn()
    emitter.begin()
    await webhook('shop', { header: { name: 'X-Key', value: 'open sesame' } })
    await events(1)
    const { request } = emitter.delivery(1)
    expect(request.headers).toEqual([
      ['Host', 'shop.example'],
      ['Content-Type', 'application/json'],
      ['User-Agent', 'test'],
      ['X-Key', '…'],
      ['Content-Length', String(Buffer.byteLength(request.body))],
    ])
  })
})
