import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUTHORIZATION, PREVIOUS_SECRET, RETIRED_SECRET, signatureOf, type CheckedReceiver } from './receiver.ts'
import { anEvent, counted, cutUpload, post, type Differences } from './sending.ts'
import { SOUND } from './sound.ts'

const TYPES = ['profile_creation', 'earning', 'burning', 'point_correction_plus', 'point_correction_minus', 'free_gift']
const VISIT = anEvent('forged')
const FORGED = JSON.stringify([VISIT])
const signedBy = (signature: string): Differences => ({ headers: { 'X-Qualifio-Signature': signature } })
async function* chunked(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text.slice(0, 9))
  yield Buffer.from(text.slice(9))
}
const megabytes = (count: number): string => 'é'.repeat((count * 1024 * 1024) / 2)

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

const FORGERIES: readonly (readonly [string, Differences])[] = [
  ['no signature', { headers: { 'X-Qualifio-Signature': null } }],
  ['an empty one', signedBy('')],
  ['8 KB of signature', signedBy('a'.repeat(8192))],
  ['a multi-byte character in it', signedBy(`${signatureOf(FORGED).slice(0, -1)}é`)],
  ['a cut digest', signedBy(signatureOf(FORGED).slice(0, 40))],
  ['an empty key', signedBy(signatureOf(FORGED, ''))],
  ['a retired secret', signedBy(signatureOf(FORGED, RETIRED_SECRET))],
  ['another body', signedBy(signatureOf(`${FORGED} `))],
  ['no authorization', { headers: { [AUTHORIZATION[0]]: null } }],
  ['another authorization', { headers: { [AUTHORIZATION[0]]: `${AUTHORIZATION[1]}x` } }],
]

const UNUSABLE: readonly (readonly [string, string | Buffer, Differences, readonly number[]])[] = [
  ['GET', '', { method: 'GET' }, [405]],
  ['HEAD', '', { method: 'HEAD' }, [405]],
  ['OPTIONS', '', { method: 'OPTIONS' }, [405]],
  ['PUT', FORGED, { method: 'PUT' }, [405]],
  ['a form', '[]', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, [415]],
  ['no content type', '[]', { headers: { 'content-type': null } }, [415]],
  ['compressed', '[]', { headers: { 'content-encoding': 'gzip' } }, [415]],
  ['an object', '{}', {}, [400]],
  ['a string', '"x"', {}, [400]],
  ['null', 'null', {}, [400]],
  ['cut JSON', FORGED.slice(0, -9), {}, [400]],
  ['nothing', '', {}, [400]],
  ['no UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]), {}, [400]],
  ['11 MB', `["${megabytes(11)}"]`, {}, [413]],
]

const ACCEPTED: readonly (readonly [string, string])[] = [
  ['an empty array', '[]'],
  ['white space', '[ ]\n'],
  ['no objects', '[null,1,"a",[]]'],
  ['an unknown type', JSON.stringify([anEvent('unknown', { type: 'badge_won' })])],
  ['two thousand levels', nested(2000)],
]

describe.each(SOUND)('$name', { concurrent: false }, ({ start, peer }) => {
  const isSkipped = peer?.isMissing === true
  let receiver: CheckedReceiver
  const send = (events: unknown, differences: Differences = {}): Promise<number> =>
    post(receiver.url, typeof events === 'string' ? events : JSON.stringify(events), differences)

  beforeAll(async () => {
    if (!isSkipped) receiver = await start()
  })
  afterAll(() => receiver?.close())

  describe.skipIf(isSkipped)('is sound:', () => {
    test('refuses forgeries, and what it cannot take, and applies nothing of them', async () => {
      const before = await receiver.applied()
      const refused = await Promise.all(
        FORGERIES.map(async ([name, differences]) => [name, await send(FORGED, differences)]),
      )
      expect(refused).toEqual(FORGERIES.map(([name]) => [name, 401]))
      for (const [name, body, differences, wanted] of UNUSABLE) {
        expect({ name, status: await post(receiver.url, body, differences) }).toEqual({
          name,
          status: expect.toSatisfy((status: number) => wanted.includes(status)),
        })
      }
      expect(await receiver.applied()).toEqual(before)
    })

    test('names the method it takes', async () => {
      const response = await fetch(receiver.url)
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    })

    test.each(ACCEPTED)('accepts %s', async (_, body) => {
      expect(await send(body)).toBe(204)
    })

    test('accepts or refuses ten thousand levels, and goes on', async () => {
      // PHP's parser has no more room than for some thousands, whatever depth it is asked for.
      expect([204, 400]).toContain(await send(nested(10_000)))
      expect(await send('[]')).toBe(204)
    })

    test('applies each event of a batch once, and sets aside what is broken', async () => {
      const good = TYPES.map((type) => anEvent(`good-${type}`, { type, data: { points: 1, added: { deep: [1] } } }))
      const broken = { id: 'broken', type: 'earning', member: null, data: null, occurredAt: null }
      expect(await send([good[0], broken, ...good, good[1]])).toBe(204)
      expect(await Promise.all(good.map(({ id }) => counted(receiver, id as string)))).toEqual(TYPES.map(() => 1))
      expect(await counted(receiver, 'broken')).toBe(0)
      expect((await receiver.applied()).get('good-earning')).toBe(1)
    })

    test('applies an event once, also when five of it come at the same moment', async () => {
      const five = Array.from({ length: 5 }, () => send([anEvent('raced'), anEvent('raced-too')]))
      expect(await Promise.all(five)).toEqual([204, 204, 204, 204, 204])
      expect([await counted(receiver, 'raced'), await counted(receiver, 'raced-too')]).toEqual([1, 1])
    })

    test('accepts a previous secret, other spellings of the headers, chunks and a megabyte', async () => {
      const body = `[${JSON.stringify(anEvent('small'))}]`
      const large = JSON.stringify([anEvent('large', { data: { text: megabytes(1) } })])
      const signature = signatureOf(body)
      expect([
        await send(body, signedBy(signatureOf(body, PREVIOUS_SECRET))),
        await send(body, { headers: { 'content-type': 'Application/JSON; Charset=UTF-8' } }),
        await send(body, { headers: { 'user-agent': 'Go-http-client/1.1' } }),
        await post(receiver.url, chunked(body), signedBy(signature)),
        await send(large),
      ]).toEqual([204, 204, 204, 204, 204])
      expect([await counted(receiver, 'small'), await counted(receiver, 'large')]).toEqual([1, 1])
    })

    test('takes odd strings', async () => {
      const odd = JSON.stringify(anEvent('odd', { data: { text: '\u0000\u202e\u200b🎁' } }))
      const withMore = odd.replace('"data":{', String.raw`"data":{"a":"\ud800","b":"\\ud800","c":"\ud83c\udf81",`)
      expect(await send(`[${withMore.replace('"a"', '"__proto__":{"x":1},"a":1,"a"')}]`)).toBe(204)
      expect(await counted(receiver, 'odd')).toBe(1)
    })

    test('keeps the newest level, whatever comes last', async () => {
      const change = (id: string, occurredAt: string): unknown =>
        anEvent(id, { type: 'change_in_level', occurredAt, member: { id: 'climber' } })
      await send([change('newer', '2026-11-02T00:00:00.000Z')])
      expect(await send([change('older', '2026-11-01T00:00:00.000Z')])).toBe(204)
      expect([await counted(receiver, 'newer'), await counted(receiver, 'older')]).toEqual([1, 0])
    })

    test.each(['reset', 'end'] as const)('never applies an upload that was cut (%s), and goes on', async (how) => {
      await cutUpload(receiver.url, JSON.stringify([anEvent(`cut-${how}`)]), how)
      expect(await send([anEvent(`after-${how}`)])).toBe(204)
      expect([await counted(receiver, `cut-${how}`), await counted(receiver, `after-${how}`)]).toEqual([0, 1])
    })
  })
})
