import type { CheckRecord } from '../check.ts'
import { accepted, failed, of, passed } from '../judge.ts'
import { each, visits } from '../plan.ts'
import { isAccepted } from '../../delivery/outcome.ts'
import { isOfClass } from '../verdict.ts'
import type { ProbeResult } from '../verdict.ts'
import { retryAfter } from './passive.ts'

/** Qualifio has not published its limit; other senders give up between 3 and 30 seconds. */
const SLOW_MS = 5000
const TOO_SLOW_MS = 15_000
/** Less than this is noise, whatever the ratio. */
const GROWTH_FROM_MS = 2000

/** Answer first, work afterwards. */
export const PERFORMANCE_CHECKS: readonly CheckRecord[] = [
  {
    id: 'performance/answer-time',
    number: 'PRF-01',
    title: 'Five controls, timed',
    severity: 'MUST',
    sideEffect: 'S2',
    requirement: 'An answer comes within 15 seconds, better within 5: the sender gives up and sends again.',
    needs: [],
    differs: 'nothing',
    accepted: '2xx within 15 s; over 5 s is a warning',
    cause: 'slow-answer',
    plan: (kit) => each([1, 2, 3, 4, 5].map((number) => kit.control(`control ${number} of 5`))),
    judge: ({ results }) => results.map((one) => timed(one, `2xx within ${TOO_SLOW_MS / 1000} s`)),
  },
  {
    id: 'performance/batch-time',
    number: 'PRF-02',
    title: 'A batch of 100, timed',
    severity: 'SHOULD',
    sideEffect: 'S1',
    requirement: 'A batch of 100 is answered as soon as it is kept, not when it is worked off.',
    needs: [],
    differs: '100 events instead of one',
    accepted: '2xx within 15 s, and not much later than one event',
    cause: 'slow-answer',
    plan: (kit) =>
      each([
        kit.probe({ name: 'one event', payload: kit.payload('member_portal_visit') }),
        kit.probe({ name: '100 events', payload: kit.payload(...visits(100)) }),
      ]),
    judge: ({ results }) => {
      const [single, batch] = results
      if (single === undefined || batch === undefined) return []
      const found = timed(batch, `2xx within ${TOO_SLOW_MS / 1000} s`)
      const [one, hundred] = [msOf(single), msOf(batch)]
      if (found.verdict !== 'PASS' || hundred < GROWTH_FROM_MS || hundred < 10 * one) return [found]
      return [
        {
          ...of(batch, 'WARN'),
          why: `100 events took ${Math.round(hundred / Math.max(one, 1))} times as long as one: it grows with the batch, so a larger one may be given up`,
        },
      ]
    },
  },
  {
    id: 'performance/parallel',
    number: 'PRF-03',
    title: '20 deliveries in parallel',
    severity: 'SHOULD',
    sideEffect: 'S3',
    requirement: '20 different deliveries at the same moment are all answered with 2xx.',
    needs: [],
    differs: '20 at once',
    accepted: 'all 2xx',
    cause: 'no-backpressure',
    plan: (kit) => ({
      steps: [
        {
          kind: 'together',
          probes: Array.from({ length: 20 }, (_, index) =>
            kit.probe({ name: `${index + 1} of 20`, payload: kit.payload('member_portal_visit') }),
          ),
        },
      ],
    }),
    judge: (seen) => {
      const found = accepted(seen).filter(({ verdict }) => verdict === 'FAIL')
      const [first] = found
      if (first === undefined) return seen.results.slice(0, 1).map(passed)
      const busy = seen.results.filter(
        ({ exchange: { result } }) => isOfClass(result, 5) || (result.kind === 'responded' && result.status === 429),
      )
      return [
        {
          ...first,
          why: `${found.length} of ${seen.results.length} were not accepted, ${busy.length} of them with 429 or 5xx`,
        },
      ]
    },
  },
  {
    id: 'performance/retry-after',
    number: 'PRF-04',
    title: 'Retry-After where it is too much',
    severity: 'SHOULD',
    sideEffect: 'P',
    needsControl: false,
    requirement: 'A 429 or 503 says with Retry-After when to come back.',
    needs: [],
    differs: 'nothing: looks at the answers of the other checks',
    accepted: 'Retry-After is there',
    cause: 'no-backpressure',
    plan: () => ({ steps: [] }),
    judge: retryAfter,
  },
]

function timed(one: ProbeResult, expected: string): ReturnType<typeof passed> {
  const ms = msOf(one)
  if (!isAccepted(one.exchange.result) || ms > TOO_SLOW_MS) return failed(one, expected)
  return ms > SLOW_MS
    ? { ...of(one, 'WARN', expected), why: `over ${SLOW_MS / 1000} s: some senders have given up by then` }
    : passed(one)
}

function msOf({ exchange: { startedMs, headMs, endedMs } }: ProbeResult): number {
  return (headMs ?? endedMs) - startedMs
}
