import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { loadContract, renderPayload } from '../../src/contract/contract.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { fixtureBody } from '../../src/fixture/body.ts'
import { parseFixtureFile } from '../../src/fixture/parse.ts'
import type { Exchange } from '../../src/receiver/exchange.ts'
import { judge } from '../../src/receiver/judge.ts'
import type { ReceivedRequest } from '../../src/receiver/judge.ts'
import { createRecorder } from '../../src/receiver/record.ts'
import type { Recorder, Recording, RecorderOptions } from '../../src/receiver/record.ts'
import { payloadReader } from '../../src/receiver/reader.ts'
import { createScrub } from '../../src/receiver/scrub.ts'
import { startReceiver } from '../../src/receiver/server.ts'
import type { Receiver } from '../../src/receiver/server.ts'
import { sign } from '../../src/signing/signature.ts'
import { rawPost, rawRequest } from '../support/raw-client.ts'
import { systemClock } from '../support/system-clock.ts'

const contract = await loadContract('assumed-1')
const earning = renderPayload(contract, [SAMPLE_EVENTS.earning])
const SECRET = 'top-secret-key'
const TOKEN = 'Bearer tok-123456'

let receiver: Receiver | undefined
afterEach(async () => await receiver?.close())

/** A receiver that records, and a sender that signs and authorizes unless told otherwise. */
async function start(options: RecorderOptions = {}) {
  const recordings: Recording[] = []
  const recorder: Recorder = createRecorder(options)
  receiver = await startReceiver({
    requirements: { secrets: [SECRET], headers: [['Authorization', TOKEN]], readEvents: payloadReader(contract) },
    clock: systemClock,
    path: '/webhooks',
    maxBodyBytes: 20_000,
    onRequest: (exchange) => recordings.push(...[recorder(exchange) ?? []].flat()),
  })
  const { url } = receiver
  const post = async (body: string, how: { secret?: string | null; token?: string | null; path?: string } = {}) => {
    const { secret = SECRET, token = TOKEN, path } = how
    const head = [
      ...(secret === null ? [] : [`X-Qualifio-Signature: ${sign(secret, Buffer.from(body))}`]),
      ...(token === null ? [] : [`Authorization: ${token}`]),
      'Cookie: session=abc123',
    ]
    await rawRequest(url, rawPost(body, head, path))
  }
  return { recordings, post }
}

const fixtures = (recordings: readonly Recording[]) =>
  recordings.map((recording) =>
    recording.kind === 'fixture'
      ? { file: recording.fileName, ...(JSON.parse(recording.text) as { body: string; [key: string]: unknown }) }
      : recording,
  )

test('a fixture for each body, in order, with what was seen and what is expected', async () => {
  const { recordings, post } = await start({ contract: 'assumed-1' })
  await post(earning)
  await post(earning, { secret: null })
  await post('[1]', { secret: null })
  await post('[2]', { secret: 'another' })
  await post('[3]', { token: null })
  await post('[4]', { token: 'Bearer other' })
  await post('{"a": 1.0}\n')
  await post('[]')
  await post(renderPayload(contract, [SAMPLE_EVENTS.burning, SAMPLE_EVENTS.earning]))
  await post('[ {"type":"brand_new"} ]')
  await post('[5]', { path: '/elsewhere' })
  const base = { fixture: 1, contract: 'assumed-1' }
  const refused = (reason: string) => `refused: ${reason}`
  expect(fixtures(recordings)).toMatchObject([
    { ...base, file: '000001-earning.json', name: '000001-earning', body: earning },
    {
      file: '000002-refused-401.json',
      sign: false,
      expect: { status: 401 },
      description: refused('the signature is missing (X-Qualifio-Signature)'),
    },
    { file: '000003-refused-401.json', sign: 'wrong-secret', expect: { status: 401 } },
    {
      file: '000004-refused-401.json',
      authorization: false,
      expect: { status: 401 },
      description: refused('the header Authorization is missing'),
    },
    { file: '000005-refused-401.json', authorization: 'wrong', expect: { status: 401 } },
    { file: '000006-refused-400.json', body: '{"a": 1.0}\n', expect: { status: 400 } },
    { file: '000007-empty.json', body: '[]' },
    { file: '000008-mixed.json' },
    { file: '000009-unknown.json' },
  ])
  expect(recordings).toHaveLength(9)
  const [accepted] = fixtures(recordings)
  expect(accepted).not.toHaveProperty('sign')
  expect(accepted).not.toHaveProperty('authorization')
})

test('no fixture holds a secret, a signature or a header', async () => {
  const { recordings, post } = await start()
  await post(earning)
  await post('[1]', { token: 'Bearer tok-other' })
  const text = JSON.stringify(recordings)
  for (const secret of [SECRET, TOKEN, 'tok-other', 'sha256=', 'session=abc123']) expect(text).not.toContain(secret)
})

test('the first verdict decides what is expected', async () => {
  const { recordings, post } = await start()
  await post(earning, { secret: 'another' })
  await post(earning)
  expect(fixtures(recordings)).toMatchObject([{ file: '000001-refused-401.json', sign: 'wrong-secret' }])
})

test('nothing is said of credentials that nobody asked for', async () => {
  const recorder = createRecorder({ firstNumber: 41 })
  const texts: string[] = []
  receiver = await startReceiver({
    requirements: { secrets: [], headers: [] },
    clock: systemClock,
    onRequest: (exchange) => {
      const recording = recorder(exchange)
      if (recording?.kind === 'fixture') texts.push(recording.text)
    },
  })
  await rawRequest(receiver.url, rawPost('[]'))
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ fixture: 1, name: '000041-empty', body: '[]' })
  expect(texts[0]).not.toMatch(/"sign"|"authorization"/)
})

describe('what cannot be recorded is left out, with the reason', () => {
  test('a body that was too large', async () => {
    const { recordings, post } = await start()
    await post(`[${' '.repeat(30_000)}]`)
    expect(recordings).toEqual([{ kind: 'left-out', problem: 'a body that was too large was not kept' }])
  })

  test('personal data that cannot be found', async () => {
    const { recordings, post } = await start({ scrub: createScrub(contract, { seed: 1 }) })
    await post('not JSON: zoe@corp.test')
    await post('[{"type":"brand_new","mail":"zoe@corp.test"}]')
    await post(earning)
    expect(recordings).toMatchObject([
      { kind: 'left-out', problem: expect.stringContaining('it is not JSON in UTF-8') as string },
      { kind: 'left-out', problem: expect.stringContaining('none of the events of assumed-1') as string },
      { kind: 'fixture', fileName: '000001-earning.json' },
    ])
    expect(JSON.stringify(recordings)).not.toContain('zoe@corp.test')
    expect(JSON.stringify(recordings)).not.toContain(SAMPLE_EVENTS.earning.member.email)
  })
})

test('reading a recording back gives the same bytes, whatever they are', async () => {
  const odd = fc.constantFrom(
    '[{"a":1.0,"b":12345678901234567890,"c":"\\u00e9\\/"}]\r\n',
    '\ufeff[]',
    '[ "\u2028" ]',
    '',
  )
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'binary' }).map(bytesOf),
    odd.map(bytesOf),
  )
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const recording = createRecorder()(exchangeOf(body))
      if (recording?.kind !== 'fixture') throw new Error('no fixture')
      const fixture = await parseFixtureFile(Buffer.from(recording.text), recording.fileName)
      expect(Buffer.from(await fixtureBody(fixture, contract)).equals(body)).toBe(true)
      expect(fixture).toMatchObject({ sign: true, authorization: true })
    }),
  )
})

const bytesOf = (text: string): Uint8Array => Buffer.from(text)

/** A body as it comes to a receiver that wants nothing. */
function exchangeOf(body: Uint8Array): Exchange {
  const request: ReceivedRequest = { method: 'POST', headers: {}, body }
  return {
    ...request,
    nth: 1,
    atMs: 0,
    path: '/',
    bodySha256: 'a',
    verdict: judge(request, { secrets: [], headers: [] }),
    request: 1,
    repetition: undefined,
    step: undefined,
    status: 204,
    followedRedirect: false,
    durations: { readMs: 0, judgeMs: 0, waitMs: 0 },
  }
}
