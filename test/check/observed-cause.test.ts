import { describe, expect, test } from 'vitest'
import { observedCause } from '../../src/check/observed-cause.ts'
import type { Finding } from '../../src/check/verdict.ts'
import { faultyReceiver } from '../receivers/faulty.ts'
import { checked } from './checked.ts'
import { answer, checkOf, sent } from './found.ts'

const found = (what: Parameters<typeof answer>[0], name = 'a request'): Finding => {
  const { probe, exchange } = sent(answer(what), { name })
  return { verdict: 'FAIL', probe, result: exchange.result }
}
const WRONG = (status: number) => sent(answer(status), { name: 'wrong signature' })
const NONE = (status: number) => sent(answer(status), { name: 'no signature' })

describe('a failure is blamed on what was seen', () => {
  test.each([
    ['AUT-07', 'a crash on an odd length only', found(500), [WRONG(401)], 'length-not-checked'],
    ['AUT-03', 'a crash on any wrong signature', found(500), [WRONG(500)], 'refusal-thrown'],
    ['AUT-12', 'a crash on a wrong authorization', found(500), [WRONG(401)], 'refusal-thrown'],
    ['AUT-05', 'one forgery of many that is accepted', found(200), [WRONG(401), NONE(401)], 're-serialised-body'],
    ['AUT-05', 'every forgery is accepted', found(200), [WRONG(200), NONE(200)], 'signature-not-verified'],
    ['AUT-12', 'every forgery is accepted', found(200), [WRONG(200), NONE(200)], 'authorization-not-checked'],
    ['CON-07', 'no answer in time', found('timeout'), [], 'no-answer'],
    ['CON-02', 'a reset', found('reset'), [], 'connection-ends'],
    ['PRF-01', 'no answer in time, where time is looked at', found('timeout'), [], 'slow-answer'],
    ['TRN-07', 'a reset, where connections are looked at', found('reset'), [], 'connection-handling'],
    ['DLV-02', 'too many requests', found(429, 'copy 2 of 5'), [], 'no-backpressure'],
    ['DLV-01', 'a refused duplicate', found(409, 'the same again'), [], 'duplicate-refused'],
    ['DLV-01', 'a refused first', found(400, 'first'), [], 'not-idempotent'],
    ['CON-06', 'a refused type', found(400), [], 'unknown-refused'],
  ] as const)('%s, %s: %s', (number, _, finding, seen, cause) => {
    expect(observedCause(checkOf(number), finding, seen)).toBe(cause)
  })

  test.each([
    ['DLV-01', 1, 2, 'not-idempotent'],
    ['DLV-02', 1, 5, 'race'],
    ['DLV-03', 1, 0, 'events-lost'],
    ['DLV-07', 1, 0, 'events-lost'],
    ['TRN-08', 0, 1, 'cut-body-applied'],
  ] as const)('%s must be applied %s times and is %s times: %s', (number, times, counted, cause) => {
    expect(observedCause(checkOf(number), { verdict: 'FAIL', times, counted }, [])).toBe(cause)
  })
})

describe('and so in a run', () => {
  test.concurrent.each([
    ['throws-refusals', 'refusal-thrown'],
    ['throws-on-length', 'length-not-checked'],
    ['ignores-the-signature', 'signature-not-verified'],
    ['duplicate-409', 'duplicate-refused'],
    ['dedupes-moments', 'events-lost'],
    ['takes-cut-bodies', 'cut-body-applied'],
    ['dies-of-depth', 'process-ends'],
  ])('%s: %s alone', async (name, cause) => {
    const receiver = await faultyReceiver(name).start()
    try {
      const { run } = await checked(receiver)
      const causes = run.results.flatMap((result) => (result.verdict === 'FAIL' ? [result.cause] : []))
      expect([...new Set(causes)]).toEqual(
        name === 'ignores-the-signature' ? [cause, 'rotation-not-supported'] : [cause],
      )
    } finally {
      await receiver.close()
    }
  })

  test('an oracle that counts what was never sent is told, and judges nothing', async () => {
    const receiver = await faultyReceiver('not-idempotent').start()
    try {
      const oracle = { count: async () => ({ kind: 'count', count: 1 }) as const }
      const checks = ['DLV-01', 'DLV-07'].map(checkOf)
      const { run } = await checked(receiver, { checks, run: { oracle: { oracle, timeoutMs: 1000, settleMs: 10 } } })
      expect(run.results).toMatchObject([
        { verdict: 'INCONCLUSIVE', reason: expect.stringContaining('not sent yet') },
        { verdict: 'INCONCLUSIVE', reason: expect.stringContaining('not sent yet') },
      ])
    } finally {
      await receiver.close()
    }
  })
})
