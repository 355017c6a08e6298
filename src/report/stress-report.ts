import { measuredFirst, type Percentiles, type StressResult, type StressSecond } from '../stress/result.ts'
import type { FigureChange } from '../stress/compare.ts'
import { amplificationOf, type JudgedThreshold } from '../stress/threshold.ts'
import { renderJson, type SendHeader, type StoppedBy } from './send-report.ts'

/** What is known before the first request. */
export interface StressHeader {
  readonly schemaVersion: SendHeader['schemaVersion']
  readonly toolVersion: string
  readonly command: 'stress'
  /** The URL, query values as `…`; `embedded` for the receiver that comes with the tool. */
  readonly target: string
  readonly contract: string
  /** `earning, burning`, `random`, `all`. */
  readonly events: string
  readonly seed: number
  readonly now: string
  /** `500/s for 60 s`. */
  readonly schedule: string
  readonly connections: number
  readonly maxInFlight: number
  readonly workers: number
  /** Who sets the pace: a schedule, or the receiver (`--rate max`). */
  readonly pace: 'open' | 'closed'
  readonly speed: number | 'max'
  /** The waits before the retries, as at Qualifio. */
  readonly retryDelaysMs: readonly number[]
  /** Deadline of an attempt. */
  readonly timeoutMs: number
  /** Whether there is a secret. */
  readonly signed: boolean
  /** How long retries may go on after the load. */
  readonly drainMs: number
  /** Shares of deliveries, 0 to 1, by fault. */
  readonly faults: Readonly<Record<string, number>>
  readonly insecure: boolean
}

/** Percentiles in ms, or null under each name where nothing was measured. */
export type MeasuredPercentiles = Percentiles | Readonly<Record<keyof Percentiles, null>>

const UNMEASURED = { p50: null, p90: null, p99: null, p999: null, max: null } as const

/** A run in a few figures. */
export interface StressSummary {
  readonly deliveries: number
  readonly delivered: number
  readonly deliveredFirst: number
  readonly blocked: number
  readonly dropped: number
  /** With `unproven`. */
  readonly interrupted: number
  /** Forged ones. */
  readonly refusedAsExpected: number
  readonly wronglyAccepted: number
  /** Forged ones of which nothing is known; among `interrupted`. */
  readonly unproven: number
  readonly requests: number
  readonly retries: number
  /** Requests per delivery whose first was sent, without forged ones, duplicates and lost answers; 0 where none was. */
  readonly amplification: number
  readonly offeredPerSecond: number
  /** First deliveries that were started, and that were answered, per second of load. */
  readonly startedPerSecond: number
  readonly answeredPerSecond: number
  readonly requestsPerSecond: number
  readonly latencyMs: MeasuredPercentiles
  readonly retryLatencyMs?: Percentiles
  readonly latenessMs: { readonly p99: number; readonly max: number }
}

/** How a run ended. */
export interface StressEnding {
  readonly result: StressResult
  readonly summary: StressSummary
  readonly thresholds: readonly JudgedThreshold[]
  /** What it came to, in one line. */
  readonly headline: string
  /** What happened, in one sentence. */
  readonly sentence: string
  /** What changed since an earlier run: `--compare`. */
  readonly changes?: readonly FigureChange[]
  /** How the two runs differ in what was asked of them. */
  readonly differences?: readonly string[]
  readonly stoppedBy?: StoppedBy | 'max-requests' | 'drain'
  readonly exitCode: number
}

/** The document of `stress --format json`: the summary, and the result in full. */
export interface StressReport
  extends
    StressHeader,
    Omit<StressEnding, 'result'>,
    Omit<StressResult, 'latencyMs' | 'retryLatencyMs' | 'latenessMs'> {}

/** The result of a run as text, bit by bit, in one of the forms of `--format`: functions to strings. */
export interface StressRenderer {
  second(second: StressSecond): string
  end(ending: StressEnding): string
}

/** The figures of a result. */
export function stressSummary(result: StressResult): StressSummary {
  const { books, latencyMs, retryLatencyMs, latenessMs, offeredPerSecond, requestsPerSecond } = result
  const { deliveries, delivered, deliveredAfter, blocked, dropped, interrupted, refused, wronglyAccepted } = books
  return {
    deliveries,
    delivered,
    deliveredFirst: deliveredAfter[0] ?? 0,
    blocked,
    dropped,
    interrupted,
    refusedAsExpected: refused,
    wronglyAccepted,
    unproven: books.unproven,
    requests: books.requests,
    retries: books.retries,
    amplification: Math.round((amplificationOf(books) ?? 0) * 1e6) / 1e6,
    offeredPerSecond: rounded(offeredPerSecond),
    startedPerSecond: rounded(result.startedPerSecond),
    answeredPerSecond: rounded(result.answeredPerSecond),
    requestsPerSecond: rounded(requestsPerSecond),
    latencyMs: measuredFirst(result) === 0 ? UNMEASURED : latencyMs,
    ...(retryLatencyMs === undefined ? {} : { retryLatencyMs }),
    latenessMs,
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

/** One document at the end. */
export function stressJsonRenderer(header: StressHeader): StressRenderer {
  return {
    second: () => '',
    end: ({ result, ...ending }) =>
      renderJson({ ...header, ...withoutFigures(result), ...ending } satisfies StressReport),
  }
}

/** A line per second and one summary. */
export function stressNdjsonRenderer(header: StressHeader): StressRenderer {
  const line = (value: object): string => `${JSON.stringify(value)}\n`
  return {
    second: (second) => line({ type: 'second', ...second }),
    end: ({ result, ...ending }) => {
      const { timeline: _, ...rest } = withoutFigures(result)
      return line({ type: 'summary', ...header, ...rest, ...ending })
    },
  }
}

/** The latencies stand in the summary already. */
function withoutFigures({ latencyMs: _, retryLatencyMs: __, latenessMs: ___, ...rest }: StressResult) {
  return rest
}
