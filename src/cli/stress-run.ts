import { formatDuration } from '../delivery/duration.ts'
import { createTransport } from '../delivery/transport.ts'
import type { StressResult, StressSecond } from '../stress/result.ts'
import { runLoad } from '../stress/run.ts'
import { SIGNAL_EXIT_CODES, type Context } from './context.ts'
import { startLiveView, widthOf } from './live-view.ts'
import { endingOf } from './stress-ending.ts'
import { preflightText } from './stress-session.ts'
import { headerOf, openStressWriters, TIMEOUT_MS, type StressRun } from './stress-writers.ts'
import { isAccepting } from './with-transport.ts'

/** Puts the load on the target, writes every report and returns the exit code. */
export async function runStress(context: Context, run: StressRun): Promise<number> {
  const { options } = run
  // What cannot be written is told before the plan is.
  const writers = openStressWriters(context, run)
  if (!options.quiet) context.stderr.write(preflightText(run.plan, run.target, widthOf(context.stderr)))
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
    const ending = endingOf(run, result, { header: headerOf(run), interruptedBy })
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
  const { scheduleText: _, compare: __, ...asked } = plan
  return runLoad({
    ...asked,
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
