import { afterEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { deliver } from '../../src/library/deliver.ts'
import { generatePayloads } from '../../src/library/payloads.ts'
import type { Payload } from '../../src/library/payloads.ts'
import { createReceiver } from '../../src/library/receiver.ts'
import type { CreateReceiverOptions, TestReceiver } from '../../src/library/receiver.ts'

let receiver: TestReceiver | undefined
afterEach(async () => await receiver?.close())

async function start(options: CreateReceiverOptions = {}): Promise<TestReceiver> {
  receiver = await createReceiver(options)
  return receiver
}

const [payload] = [...(await generatePayloads({ events: 'earning', now: new Date(0) }))] as [Payload]
const credentials = { secret: 'my-secret', headers: { 'X-Auth': '123456' } }

test('a test suite reads the events that its sender delivered', async () => {
  const { url, next, requests } = await start(credentials)
  const [{ outcome }, delivery] = await Promise.all([deliver(payload, { to: url, ...credentials }), next()])
  expect(outcome).toBe('delivered')
  expect(delivery).toMatchObject({
    method: 'POST',
    path: '/webhooks',
    body: payload.body,
    events: payload.events,
    verdict: 'accepted',
    problems: [],
    status: 204,
    request: 1,
  })
  expect(delivery.headers['x-auth']).toBe('123456')
  expect(Buffer.from(delivery.bytes).toString()).toBe(payload.body)
  expect(requests).toEqual([delivery])
})

test('it answers as scripted, and tells retries and duplicates', async () => {
  const { url, requests } = await start({ respond: '503,204' })
  await deliver(payload, { to: url, retrySchedule: 'instant' })
  await deliver(`${payload.body} `, { to: url, retries: 0 })
  expect(requests.map(({ status, request, repetition }) => [status, request, repetition])).toEqual([
    [503, 1, undefined],
    [204, 2, { kind: 'retry', request: 2 }],
    [503, 1, { kind: 'duplicate', eventIds: [payload.events[0]?.id] }],
  ])
})

test('what is refused is told with its reason, and what breaks the contract with its problems', async () => {
  const { url, requests } = await start(credentials)
  await deliver(payload, { to: url, ...credentials, secret: 'another', retries: 0 })
  const broken = payload.body.replace(/"points":\d+/, '"points":"many"')
  await deliver(broken, { to: url, ...credentials, retries: 0 })
  expect(requests).toMatchObject([
    { verdict: 'refused', status: 401, reason: 'the signature does not match the body and the secret', events: [] },
    { verdict: 'accepted', status: 204, problems: [expect.stringContaining('events[0].data.points is "many"')] },
  ])
})

test('during a rotation either secret signs', async () => {
  const { url, requests } = await start({ secret: ['new', 'old'] })
  for (const secret of ['old', 'new']) await deliver(payload, { to: url, secret, retries: 0 })
  expect(requests.map(({ status }) => status)).toEqual([204, 204])
})

test('another contract reads its own wire into the same events', async () => {
  const [flat] = [...(await generatePayloads({ events: 'earning', contract: 'flat-snake' }))] as [Payload]
  const { url, next } = await start({ contract: 'flat-snake' })
  await deliver(flat, { to: url })
  const { events, problems } = await next()
  expect(problems).toEqual([])
  const [event] = flat.events
  expect(events[0]).toMatchObject({ id: event?.id, type: 'earning', program: event?.program })
})

describe('next', () => {
  test('gives each request once, in order, whether it came before or after', async () => {
    const { url, next } = await start()
    const waiting = [next(), next()]
    for (const body of ['[1]', '[2]', '[3]', '[4]']) await deliver(body, { to: url })
    const bodies = await Promise.all([...waiting, next(), next()])
    expect(bodies.map(({ body }) => body)).toEqual(['[1]', '[2]', '[3]', '[4]'])
  })

  test('says what it waited for when none comes, and the next one is not lost', async () => {
    const { url, next } = await start()
    await expect(next({ timeoutMs: 20 })).rejects.toThrow(
      `no request came to the receiver within 20 ms, and none before; it listens on ${url}`,
    )
    await deliver('[1]', { to: url })
    expect((await next()).body).toBe('[1]')
    await expect(next({ timeoutMs: 20 })).rejects.toThrow(
      'no further request came to the receiver within 20 ms; 1 came before and was taken',
    )
  })

  test('ends when the receiver is closed', async () => {
    const { next, close } = await start()
    const waiting = expect(next()).rejects.toThrow('the receiver was closed before a request came')
    await close()
    await waiting
  })

  test('gives what came before the close, and then says at once that it is closed', async () => {
    const { url, next, close } = await start()
    await deliver('[1]', { to: url })
    await close()
    expect((await next()).body).toBe('[1]')
    // It would wait for ever and time the test out.
    await expect(next({ timeoutMs: 2_000_000_000 })).rejects.toThrow('the receiver is closed')
  })

  test.each([[5], [{ timeout: 5 }], [{ timeoutMs: '5s' }], [{ timeoutMs: 0 }], [{ timeoutMs: Infinity }]])(
    'refuses %j',
    async (options) => {
      const { next } = await start()
      await expect(next(options as object)).rejects.toThrow(UsageError)
    },
  )
})

test.each<[string, unknown, RegExp]>([
  ['an empty secret', { secret: '' }, /the secret is empty \(secret\)/],
  ['a script that is none', { respond: 'hnag' }, /^respond: step 1 "hnag" is no step; did you mean hang\?/],
  ['a path that is none', { path: 'hook' }, /"hook" is not a path/],
  ['no options but a text', 'my-secret', /^createReceiver: the options must be an object/],
  [
    'a name that is no option',
    { secrt: 'x' },
    /^createReceiver: unknown option "secrt"; did you mean secret\? Known: /,
  ],
  ['a secret that is no text', { secret: 5 }, /^createReceiver: secret must be a text, or a list of at least one\.$/],
  ['no secret in the list', { secret: [] }, /^createReceiver: secret must be a text, or a list of at least one\.$/],
  ['a list with no text in it', { secret: [undefined] }, /secret must be a text/],
  ['headers that would be lost', { headers: new Headers({ a: 'b' }) }, /headers must be an object of texts/],
  ['an answer that is no text', { respond: 503 }, /respond 503 must be a text such as '503,204'/],
  ['a word for a truth', { respondAlways: 'no' }, /respondAlways "no" must be true or false/],
  ['a port that is none', { port: 65_536 }, /port 65536 must be a whole number from 0 to 65535/],
  ['a port as text', { port: '8080' }, /port "8080" must be a whole number/],
  ['a host that is no text', { host: 5 }, /host 5 must be/],
  ['a path that is no text', { path: /x/ }, /path an object must be/],
  ['a seed below 0', { seed: -1 }, /seed -1 must be a whole number from 0 to 4294967295/],
  ['an unknown contract', { contract: 'assumed-2' }, /assumed-1/],
])('%s is an error to mend', async (_, options, message) => {
  const failing = createReceiver(options as CreateReceiverOptions)
  await expect(failing).rejects.toThrow(UsageError)
  await expect(failing).rejects.toThrow(message)
})
