import { formatDuration } from '../delivery/duration.ts'
import { FAILURES } from '../delivery/failure.ts'
import type { FailureCode } from '../delivery/outcome.ts'
import { createTransport } from '../delivery/transport.ts'
import { stressSummary, type StressEnding } from '../report/stress-report.ts'
import { compareSummaries } from '../stress/compare.ts'
import type { StressResult, StressSecond } from '../stress/result.ts'
import { runLoad } from '../stress/run.ts'
import { sentenceOf } from '../stress/sentence.ts'
import { judge } from '../stress/threshold.ts'
import { SIGNAL_EXIT_CODES, type Context, type InterruptSignal } from './context.ts'
import { startLiveView } from './live-view.ts'
import { openStressWriters, type StressRun } from './stress-writers.ts'
import { isAccepting } from './with-transport.ts'

const TIMEOUT_MS = 10_000

/** Puts the load on the target, writes every report and returns the exit code. */
export async function runStress(context: Context, run: StressRun): Promise<number> {
  const { options } = run
  const writers = openStressWriters(context, run)
  const live = startLiveView(context, options.quiet ? 'none' : 'shown')
  try {
    const { result, interruptedBy } = await context.interruptible(async (stop, end) => {
      stop.addEventListener('abort', () => live.note(stoppingText(run.plan.drainMs)), { once: true })
      const limit = new AbortController()
      const cancel =
        options.maxTime === undefined ? () => undefined : context.clock.after(options.maxTime, () => limit.abort())
      try {
        if (options.waitFor !== undefined && !(await isThere(context, run, AbortSignal.any([stop, limit.signal]))))
          return undefined
        const loaded = await load(context, run, {
          stop,
          end: AbortSignal.any([end, limit.signal]),
          onSecond(second) {
            live.second(second)
            for (const { renderer, output } of writers) output.write(renderer.second(second))
          },
        })
        return limit.signal.aborted ? { ...loaded, endedBy: 'max-time' as const } : loaded
      } finally {
        cancel()
      }
    })
    live.stop()
    if (result === undefined) return interruptedBy === undefined ? 3 : SIGNAL_EXIT_CODES[interruptedBy]
    const ending = endingOf(run, result, interruptedBy)
    for (const { renderer, output } of writers) {
      output.write(renderer.end(ending))
      output.finish()
    }
    return ending.exitCode
  } finally {
    live.stop()
    for (const { output } of writers) output.discard()
  }
}

/** After Ctrl-C the run may go on for a while; why, and how not. */
function stoppingText(drainMs: number): string {
  return `nothing new is sent; retries have up to ${formatDuration(drainMs)} (Ctrl-C again: report at once)`
}

/** Why a run ended, in the words of the other reports. */
const STOPPED_BY: Readonly<Partial<Record<StressResult['endedBy'], StressEnding['stoppedBy']>>> = {
  'max-requests': 'max-requests',
  'max-time': 'max-time',
  'never-connected': 'never-connected',
}

function endingOf(
  { plan, options, target }: StressRun,
  result: StressResult,
  interruptedBy: InterruptSignal | undefined,
): StressEnding {
  const summary = stressSummary(result)
  const thresholds = [...judge(options.threshold, result), ...forgedThreshold(result)]
  const stoppedBy = interruptedBy ?? STOPPED_BY[result.endedBy]
  const changes = plan.compare === undefined ? undefined : compareSummaries(plan.compare, summary)
  return {
    result,
    summary,
    thresholds,
    sentence: `${sentenceOf(result, plan.schedule.kind)}${hintOf(result, target.endpoint.url)}`,
    ...(changes === undefined ? {} : { changes }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    exitCode: exitCodeOf(result, { interruptedBy, isCrossed: thresholds.some(({ crossed }) => crossed) }),
  }
}

/** What to try where nothing was there. */
function hintOf({ endedBy, failures }: StressResult, url: URL): string {
  if (endedBy !== 'never-connected') return ''
  const [code] = (Object.keys(failures) as FailureCode[]).toSorted((a, b) => (failures[b] ?? 0) - (failures[a] ?? 0))
  return code === undefined ? '' : `; ${FAILURES[code].meaning}. ${FAILURES[code].nextStep(url, 'attempt')}`
}

/** The first that applies: interrupted, never reached, a threshold crossed. Blocked deliveries are data. */
function exitCodeOf(
  { endedBy }: StressResult,
  { interruptedBy, isCrossed }: { readonly interruptedBy: InterruptSignal | undefined; readonly isCrossed: boolean },
): number {
  if (interruptedBy !== undefined) return SIGNAL_EXIT_CODES[interruptedBy]
  if (endedBy === 'never-connected') return 3
  return isCrossed ? 4 : 0
}

/** Forged signatures must be refused, whether somebody asked for it or not. */
function forgedThreshold({ books: { refused, wronglyAccepted } }: StressResult): StressEnding['thresholds'] {
  if (refused + wronglyAccepted === 0) return []
  const actual = `${wronglyAccepted} of ${refused + wronglyAccepted} accepted`
  return [{ text: 'no forged signature is accepted', actual, crossed: wronglyAccepted > 0 }]
}

async function isThere(context: Context, { target, options }: StressRun, signal: AbortSignal): Promise<boolean> {
  const transport = createTransport({
    url: target.endpoint.url,
    connections: 1,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    clock: context.clock,
    certificates: options.insecure ? 'accept-any' : 'verify',
    ca: target.ca,
  })
  try {
    return await isAccepting(context, target, { transport, signal })
  } finally {
    await transport.close()
  }
}

function load(
  { clock }: Context,
  { plan, options, contract, target }: StressRun,
  how: {
    readonly stop: AbortSignal
    readonly end: AbortSignal
    readonly onSecond: (second: StressSecond) => void
  },
): Promise<StressResult> {
  const { schedule, what, batch, shares, speed, drainMs, connections, maxInFlight, workers, maxRequests, seed, nowMs } =
    plan
  return runLoad({
    schedule,
    what,
    batch,
    shares,
    speed,
    drainMs,
    connections,
    maxInFlight,
    workers,
    maxRequests,
    seed,
    nowMs,
    count: options.count,
    contract,
    endpoint: target.endpoint,
    policy: target.policy,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    certificates: options.insecure ? 'accept-any' : 'verify',
    ca: target.ca,
    clock,
    signal: how.stop,
    endSignal: how.end,
    onSecond: how.onSecond,
  })
}
