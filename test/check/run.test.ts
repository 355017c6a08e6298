import { createServer, type Socket } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { answerOf, closedPort, hostileServer } from '../support/hostile-server.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { stopped } from '../receivers/receiver.ts'
import { checked } from './checked.ts'
import { checkOf } from './found.ts'

const some = (...numbers: readonly string[]) => numbers.map(checkOf)
/** S0, S1, S1, S2, P: in the order in which they are run. */
const FEW = some('CON-11', 'CON-01', 'CON-05', 'DLV-01', 'CON-09')
/** Enough on this machine, and soon over. */
const TIMEOUT_MS = 250

type End = 'dies' | 'hangs' | 'resets'

/** A sound receiver until a request says otherwise; from then on it is as good as gone. */
async function endingReceiver(how: End, isLast: (nth: number, request: IncomingMessage) => boolean) {
  let requests = 0
  let isOver = false
  return nodeReceiver({
    around: (next, _, server) => async (request) => {
      requests += 1
      isOver ||= isLast(requests, request)
      if (!isOver) return next(request)
      if (how === 'dies') void stopped(server)
      if (how === 'resets') request.socket.resetAndDestroy()
      return new Promise<never>(() => {})
    },
  })
}

describe.each<[End, RegExp]>([
  ['dies', /no answer/],
  ['hangs', /no answer within the timeout/],
  ['resets', /reset before an answer/],
])('a receiver that %s in the middle', (how, reason) => {
  test('ends the run with the guilty check, and what was found before', { concurrent: true }, async () => {
    // Six of preflight (five without an event, one with), three of CON-11, and the third event of CON-01.
    const receiver = await endingReceiver(how, (nth) => nth === 12)
    try {
      const { run, summary } = await checked(receiver, { checks: FEW, timeoutMs: TIMEOUT_MS, oracle: 'none' })
      expect(run.end).toMatchObject({
        kind: 'dead',
        after: { number: 'CON-01' },
        reason: expect.stringMatching(reason),
      })
      expect(run.results.map(({ check, verdict }) => `${check.number} ${verdict}`)).toEqual([
        'CON-11 PASS',
        'CON-01 FAIL',
        'CON-05 SKIP',
        'DLV-01 SKIP',
        'CON-09 PASS',
      ])
      const [, guilty, next] = run.results
      expect(guilty).toMatchObject({ check: { number: 'CON-01' }, severity: 'MUST' })
      expect(guilty?.findings[0]?.why).toBe('this check ended the receiver')
      expect(next?.reason).toBe('the run ended before')
      expect(summary).toMatchObject({ exitCode: 1, headline: 'NOT CONFORMANT (1 MUST failed: CON-01)' })
    } finally {
      await receiver.close()
    }
  })

  test('ends it as a MUST failure also on a check that is milder', { concurrent: true }, async () => {
    const receiver = await endingReceiver(how, (_, request) => request.method === 'HEAD')
    try {
      const { run, summary } = await checked(receiver, { checks: FEW, timeoutMs: TIMEOUT_MS, oracle: 'none' })
      expect(run.end).toMatchObject({ kind: 'dead', after: { number: 'CON-11' } })
      expect(run.results[0]).toMatchObject({ check: { severity: 'SHOULD' }, verdict: 'FAIL', severity: 'MUST' })
      expect(summary.exitCode).toBe(1)
    } finally {
      await receiver.close()
    }
  })
})

test('a receiver that is restarted while a check runs fails that check, and the run goes on', async () => {
  let crashes = 0
  const receiver = await nodeReceiver({
    around: (next) => async (request) => {
      if (request.method === 'OPTIONS') crashes = 2
      if (crashes === 0) return next(request)
      crashes -= 1
      request.socket.resetAndDestroy()
      return new Promise<never>(() => {})
    },
  })
  try {
    const { run, failed } = await checked(receiver, { checks: FEW })
    expect(failed).toEqual(['CON-11'])
    expect(run.end).toBeUndefined()
  } finally {
    await receiver.close()
  }
})

test('a receiver that refuses every control from some check on ends the run there, without blame', async () => {
  let isBlocked = false
  const receiver = await nodeReceiver({
    around: (next) => async (request) => {
      isBlocked ||= request.headers['x-qualifio-signature'] === undefined && request.method === 'POST' && nth++ > 0
      return isBlocked ? { status: 403 } : next(request)
    },
  })
  let nth = 0
  try {
    const { run, summary } = await checked(receiver, { checks: some('AUT-01', 'CON-01', 'CON-09') })
    expect(run.end).toMatchObject({ kind: 'control-refused', after: { number: 'AUT-01' } })
    // The 403 stands between controls of which one was refused: it proves nothing.
    expect(run.results.map(({ verdict }) => verdict)).toEqual(['INCONCLUSIVE', 'SKIP', 'PASS'])
    expect(summary).toMatchObject({ exitCode: 3, headline: expect.stringContaining('after AUT-01') })
  } finally {
    await receiver.close()
  }
})

describe('a control that is refused from the start', () => {
  const judged = async (url: string, checks = FEW) =>
    checked({ url, applied: async () => new Map() }, { checks, timeoutMs: TIMEOUT_MS, oracle: 'none' })

  test.each<[string, string, RegExp]>([
    ['with a refusal', answerOf(401), /answered with 401/],
    ['with a crash', answerOf(500), /answered with 500/],
    ['with a redirect', answerOf(308, '', ['Location: /elsewhere/']), /answered with 308/],
    ['at the edge', answerOf(403, '', ['cf-mitigated: challenge']), /Cloudflare answered, not your application/],
    ['as too many', answerOf(429), /answered with 429/],
  ])('%s is not judged: exit 3, and why', async (_, text, note) => {
    const server = await hostileServer((socket) => void socket.write(text))
    try {
      const { run, summary } = await judged(server.url.href)
      expect(run.preflight.notes.join(' ')).toMatch(note)
      expect(run.preflight).not.toHaveProperty('form')
      expect(summary).toMatchObject({ exitCode: 3, headline: 'NOT JUDGED: the control was not accepted' })
      const skipped = run.results.filter(({ check }) => check.sideEffect !== 'P')
      expect(skipped.map(({ verdict, reason }) => [verdict, reason])).toEqual(
        skipped.map(() => ['SKIP', 'no control was accepted']),
      )
      // The zero-event test, and one event.
      expect(run.requests).toBe(6)
    } finally {
      await server.close()
    }
  })

  test.each<[string, (socket: Socket) => void, RegExp]>([
    ['hangs', () => {}, /timeout/],
    ['resets', (socket) => void socket.resetAndDestroy(), /reset/],
    ['speaks no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'), /HTTP/],
  ])('by one that %s: after one request', async (_, answer, note) => {
    const server = await hostileServer(answer)
    try {
      const { run, summary } = await judged(server.url.href)
      expect(run.preflight.notes.join(' ')).toMatch(note)
      expect(run.requests).toBe(1)
      expect(summary.exitCode).toBe(3)
    } finally {
      await server.close()
    }
  })

  test('by nobody at all: it says where nobody listens', async () => {
    const port = await closedPort()
    const { run, summary } = await judged(`http://127.0.0.1:${port}/webhooks`)
    expect(run.preflight.notes.join(' ')).toContain(`Is the receiver listening on port ${port}?`)
    expect(summary.exitCode).toBe(3)
  })

  test('as an empty array: the visit is the control, and it is said', async () => {
    const receiver = await nodeReceiver({ consider: ({ length }) => (length === 0 ? { status: 400 } : undefined) })
    try {
      const { run, summary } = await checked(receiver, { checks: some('CON-03', 'AUT-01') })
      expect(run.preflight).toMatchObject({ form: 'events', provenRefusal: true })
      expect(run.preflight.notes).toEqual([expect.stringContaining('the visit is the control')])
      expect(run.results.map(({ verdict }) => verdict)).toEqual(['WARN', 'PASS'])
      expect(summary.exitCode).toBe(0)
      const safe = await checked(receiver, { checks: some('CON-03', 'AUT-01'), safe: true })
      expect(safe.run.preflight.notes.join(' ')).toContain('--allow-side-effects')
      expect(safe.summary.exitCode).toBe(3)
    } finally {
      await receiver.close()
    }
  })
})

test('a port that is taken by another server is no receiver either', async () => {
  const server = createServer((socket) => void socket.on('error', () => {}).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const { summary } = await checked(
    { url: `http://127.0.0.1:${port}/`, applied: async () => new Map() },
    { checks: FEW, timeoutMs: TIMEOUT_MS },
  )
  server.close()
  expect(summary.exitCode).toBe(3)
})

test('what is accepted by name counts as right for that check alone, and says so', async () => {
  const receiver = await nodeReceiver({ consider: ({ length }) => (length > 50 ? { status: 422 } : undefined) })
  try {
    const checks = some('CON-04', 'PRF-02')
    const accept = new Map([['contract/batch-of-100', [422]]])
    const { run, failed } = await checked(receiver, { checks, run: { accept } })
    expect(failed).toEqual(['PRF-02'])
    expect(run.results[0]).toMatchObject({ verdict: 'PASS', findings: [{ why: '422 counts as right: --accept' }] })
    const other = await checked(receiver, { checks, run: { accept: new Map([['contract/batch-of-100', [400]]]) } })
    expect(other.failed).toEqual(['CON-04', 'PRF-02'])
  } finally {
    await receiver.close()
  }
})
