import { describe, expect, test } from 'vitest'
import type { ConfiguredWebhook, TakenOver } from '../../../src/emitter/desk/configured-webhooks.ts'
import type { Webhook } from '../../../src/emitter/records.ts'
import { openStore } from '../../../src/emitter/store/store.ts'
import { sign } from '../../../src/signing/signature.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { configured, emitterIn, urlOf } from '../emitter-setting.ts'

/** Starts on one state, again and again, with what is configured at each. */
async function starts() {
  const clock = fakeClock('hold')
  const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
  return {
    clock,
    store,
    start: async (...webhooks: readonly ConfiguredWebhook[]) => await emitterIn({ store, clock, webhooks }),
  }
}

describe('webhooks that a file or the command line sets', () => {
  test('are made at the first start, and known by their name at the next', async () => {
    const { start } = await starts()
    const first = await start(configured('shop', { secret: 'a' }), configured('crm'))
    const before = first.emitter.webhooks()
    expect(before.map(({ name, managedBy }) => [name, managedBy])).toEqual([
      ['shop', 'file'],
      ['crm', 'file'],
    ])
    const again = await start(configured('crm', { url: 'https://other.example/' }), configured('shop', { secret: 'a' }))
    const after = again.emitter.webhooks()
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect(after.map(({ url }) => url)).toEqual([urlOf('shop'), 'https://other.example/'])
  })

  test('lose what the file no longer says, but stay as active as they were', async () => {
    const { start } = await starts()
    const said = {
      header: { name: 'x-auth', value: 'v' },
      secret: 's',
      rotation: 'immediate',
      scope: { events: ['earning'] },
    } as const
    const { emitter } = await start(configured('shop', said))
    const [shop] = emitter.webhooks()
    await emitter.changeWebhook(shop?.id ?? '', { active: false })
    const again = await start(configured('shop'))
    expect(again.emitter.webhooks()[0]).toMatchObject({
      header: null,
      hasSecret: false,
      rotation: 'overlap',
      scope: { events: null, programs: null },
      active: false,
    })
    const active = await start(configured('shop', { active: true }))
    expect(active.emitter.webhooks()[0]?.active).toBe(true)
  })

  test('that left the file stay as they are, and can be changed and deleted by anybody', async () => {
    const { start, store, clock } = await starts()
    const { emitter } = await start(configured('shop', { secret: 's' }))
    const [shop] = emitter.webhooks()
    const id = shop?.id ?? ''
    await expect(emitter.changeWebhook(id, { url: 'https://x.example/' })).rejects.toThrow(
      '"shop" is set by qualifio-sim.json; change its url there. Only active can be changed here.',
    )
    await expect(emitter.deleteWebhook(id)).rejects.toThrow(/"shop" is set by qualifio-sim\.json; take it out there/)
    const told: string[] = []
    const onReleased = ({ name, origin }: Webhook) => void told.push(`${name} of ${origin}`)
    const { emitter: released } = await emitterIn({ store, clock, onReleased })
    expect(released.webhooks()).toEqual([{ ...shop, managedBy: 'request' }])
    await emitterIn({ store, clock, onReleased })
    expect(told).toEqual(['shop of file'])
    await released.changeWebhook(id, { url: 'https://x.example/' })
    await released.deleteWebhook(id)
    expect(released.webhooks()).toEqual([])
  })

  test('take over one of the same name that was made by a request, and tell once what of it was replaced', async () => {
    const { start, store, clock } = await starts()
    const { webhook } = await start()
    const header = { name: 'x-auth', value: 'v' }
    const { id } = await webhook('shop', { secret: 'of the console', header, scope: { events: ['earning'] } })
    await webhook('crm', { active: false })
    const told: TakenOver[] = []
    const webhooks = [configured('shop', { secret: 'of the file' }), configured('crm')]
    const again = async () => await emitterIn({ store, clock, webhooks, onTakenOver: (taken) => void told.push(taken) })
    const { emitter } = await again()
    expect(emitter.webhooks()).toMatchObject([
      { id, managedBy: 'file' },
      { name: 'crm', managedBy: 'file', active: false },
    ])
    await again()
    expect(told.map(({ webhook: { name }, ...changes }) => [name, changes])).toEqual([
      ['shop', { replaced: ['secret', 'scope'], takenAway: ['header'] }],
      ['crm', { replaced: [], takenAway: [] }],
    ])
  })

  test('of the command line say so', async () => {
    const { start } = await starts()
    const { emitter } = await start({ ...configured('command line'), origin: 'command-line' })
    const [webhook] = emitter.webhooks()
    await expect(emitter.changeWebhook(webhook?.id ?? '', { secret: 'x' })).rejects.toThrow(
      '"command line" is set by the command line; change its secret there.',
    )
  })

  test('of the command line rest in a run without it, and what waits for them is held', async () => {
    const { start, store, clock } = await starts()
    const own: ConfiguredWebhook = { ...configured('own', { active: true }), origin: 'command-line' }
    const first = await emitterIn({ store, clock, webhooks: [own], answer: () => 503 })
    await first.events(1)
    await first.emitter.stop(0)
    const without = await start()
    expect(without.emitter.webhooks()).toMatchObject([{ name: 'own', active: false, managedBy: 'request' }])
    without.emitter.begin()
    await without.advance(60_000)
    expect(without.arrived).toEqual([])
    expect(without.emitter.deliveries({}, { limit: 9 }).items).toMatchObject([{ held: 'webhook-inactive' }])
    await without.emitter.stop(0)
    const again = await start(own)
    expect(again.emitter.webhooks()).toMatchObject([{ name: 'own', active: true, managedBy: 'command-line' }])
    again.emitter.begin()
    await again.advance(0)
    expect(again.at('own')).toHaveLength(1)
  })

  test.each([
    ['overlap', 'old', 'new'],
    ['immediate', 'new', 'new'],
  ] as const)('with another secret in the file rotate: %s', async (rotation, atOnce, later) => {
    const { start, clock } = await starts()
    await start(configured('shop', { secret: 'old', rotation }))
    const tried = await start(configured('shop', { secret: 'new', rotation }))
    const until = tried.emitter.webhooks()[0]?.previousSecretUntil
    expect(until).toBe(rotation === 'overlap' ? new Date(clock.nowMs() + 1_800_000).toISOString() : null)
    tried.emitter.begin()
    await tried.events(1)
    await tried.advance(1_800_000)
    await tried.events(1)
    const keys = tried.arrived.map(({ headers, body }) =>
      ['old', 'new'].find((secret) => sign(secret, body) === headers['X-Qualifio-Signature']),
    )
    expect(keys).toEqual([atOnce, later])
  })

  test('with the same secret at every start rotate nothing', async () => {
    const { start } = await starts()
    for (let nth = 0; nth < 3; nth += 1) {
      const { emitter } = await start(configured('shop', { secret: 'same' }))
      expect(emitter.webhooks()[0]?.previousSecretUntil).toBeNull()
    }
  })
})
