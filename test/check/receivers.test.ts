import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { FAULTY } from '../receivers/faulty.ts'
import type { FaultyOptions } from '../receivers/faulty-receiver.ts'
import { SOUND } from '../receivers/sound.ts'
import { checked, HURRY, type CheckedOptions } from './checked.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Clock } from '../../src/ports.ts'

/** All of time runs so many times as fast, latencies and timeouts too: for receivers whose fault is to be slow. */
const faster = (times: number): Clock => ({
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() * times,
  sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  after: (ms, callback) => systemClock.after(ms / times, callback),
})

/** Waits of receivers, as many times shorter as the suite's own. */
const HANDED_IN: Readonly<Record<string, FaultyOptions & CheckedOptions>> = {
  impatient: { waitMs: 100 },
  'forgets-idle-connections': { waitMs: 5000 / HURRY },
  'check-then-act': { waitMs: 3 },
  'works-before-it-answers': { waitMs: 20, clock: faster(10), timeoutMs: 15_000 },
  // Every delivery takes its wait, so only what looks at times.
  slow: {
    waitMs: 400,
    clock: faster(40),
    timeoutMs: 60_000,
    checks: CATALOG.filter(({ id }) => id.startsWith('performance/')),
  },
}

describe('a sound receiver fails nothing', () => {
  for (const receiver of SOUND) {
    test.skipIf(receiver.peer?.isMissing)(receiver.name, { concurrent: true }, async () => {
      const running = await receiver.start()
      try {
        const { run, summary, failed } = await checked(running)
        expect(failed).toEqual([])
        expect(run.end).toBeUndefined()
        expect(summary.exitCode).toBe(0)
        expect(summary.headline).toMatch(/^CONFORMANT/)
      } finally {
        await running.close()
      }
    })
  }
})

describe('a faulty receiver fails exactly what it gets wrong', () => {
  for (const receiver of FAULTY) {
    test.concurrent(`${receiver.name}: ${receiver.fault}`, async () => {
      const how = HANDED_IN[receiver.name] ?? {}
      const running = await receiver.start(how)
      try {
        const { failed, run, summary } = await checked(running, how)
        if (JSON.stringify(failed.toSorted()) !== JSON.stringify(receiver.fails.toSorted())) {
          const details = run.results
            .filter(({ verdict }) => verdict === 'FAIL')
            .map(({ check, severity, findings }) => [
              check.number,
              severity,
              findings.filter((f) => f.verdict === 'FAIL').map((f) => [f.probe?.name, f.actual, f.why]),
            ])
          console.log(
            'DIFF',
            receiver.name,
            'missing',
            receiver.fails.filter((x) => !failed.includes(x)),
            'extra',
            failed.filter((x) => !receiver.fails.includes(x)),
            summary.headline,
            run.end?.reason ?? '',
            JSON.stringify(details),
          )
        }
        expect(failed.toSorted()).toEqual(receiver.fails.toSorted())
      } finally {
        await running.close()
      }
    })
  }

  test('and every scored check is failed by one of them', () => {
    const failedByOne = new Set(FAULTY.flatMap(({ fails }) => fails))
    const scored = CATALOG.filter(({ severity }) => severity !== 'INFO').map(({ number }) => number)
    expect(scored.filter((number) => !failedByOne.has(number))).toEqual([])
  })
})
