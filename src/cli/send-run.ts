import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import type { Attempt } from '../delivery/outcome.ts'
import { deliverAll, type RunSummary } from '../delivery/run.ts'
import { createTransport, type Transport } from '../delivery/transport.ts'
import type { SendRenderer } from '../report/send-renderer.ts'
import type { Context } from './context.ts'
import { deliveriesOf } from './deliveries.ts'
import { startProgress } from './progress.ts'
import { openResult, type ResultOutput } from './result-output.ts'
import { rendererOf, TOLD_IN_FULL } from './renderer.ts'
import { endingOf, plannedEnding } from './send-ending.ts'
import { preflightText, type SendSession } from './send-session.ts'

const TIMEOUT_MS = 10_000

/** Runs a session to its end and returns the exit code. */
export async function runSession(context: Context, session: SendSession): Promise<number> {
  const { options } = session
  const result = openResult(context, options.output)
  const renderer = rendererOf(context.stdout, session)
  try {
    if (!options.quiet) context.stderr.write(preflightText(session))
    const exitCode = options.dryRun
      ? showPlanned(session, renderer, result)
      : await send(context, session, { renderer, result })
    result.finish()
    return exitCode
  } catch (error) {
    result.discard()
    throw error
  } finally {
    await session.embedded?.close()
  }
}

function showPlanned(session: SendSession, renderer: SendRenderer, result: ResultOutput): number {
  for (const delivery of deliveriesOf(session.plan, session.endpoint)) result.write(renderer.planned(delivery))
  const ending = plannedEnding(session.plan.generation)
  result.write(renderer.end(ending))
  return ending.exitCode
}

async function send(
  context: Context,
  session: SendSession,
  { renderer, result }: { readonly renderer: SendRenderer; readonly result: ResultOutput },
): Promise<number> {
  const { options, policy, endpoint, plan } = session
  const concurrency = options.concurrency ?? 1
  let failureTold = false
  const transport = createTransport({
    url: endpoint.url,
    connections: concurrency,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    clock: context.clock,
    certificates: options.insecure ? 'accept-any' : 'verify',
    ca: session.ca,
  })
  try {
    const { result: ended, interruptedBy } = await context.interruptible(async (interrupt) => {
      const maxTime = new AbortController()
      const cancelMaxTime =
        options.maxTime === undefined ? () => undefined : context.clock.after(options.maxTime, () => maxTime.abort())
      const signal = AbortSignal.any([interrupt, maxTime.signal])
      try {
        if (!(await reachable(context, session, { transport, signal }))) return undefined
        return { summary: await deliver(signal), timedOut: maxTime.signal.aborted }
      } finally {
        cancelMaxTime()
      }
    })
    const ending = endingOf(plan.generation, { ...ended, interruptedBy })
    result.write(renderer.end(ending))
    return ending.exitCode
  } finally {
    await transport.close()
  }

  async function deliver(signal: AbortSignal): Promise<RunSummary> {
    const retries = policy.delaysMs.length
    const total = plan.generation.payloadCount
    const drawsOver =
      options.output === undefined &&
      context.stdout.isTerminal &&
      options.format !== undefined &&
      options.format !== 'text'
    const style =
      options.quiet || drawsOver ? 'none' : total > TOLD_IN_FULL ? 'bar' : concurrency === 1 ? 'countdown' : 'none'
    const progress = await startProgress(context, { style, retries, total })
    const write = (text: string): void => {
      if (text === '') return
      progress.around(() => result.write(text))
    }
    try {
      return await deliverAll(deliveriesOf(session.plan, session.endpoint), {
        policy,
        clock: context.clock,
        transport,
        concurrency,
        speed: options.speed ?? 1,
        total,
        signal,
        onAttempt(delivery, attempt) {
          write(renderer.attempt(delivery, attempt))
          tellFailure(attempt)
          // The receiver speaks before its answer is here; both sides are shown in order of time.
          for (const text of session.notes.splice(0)) write(renderer.received({ text }))
        },
        onWait: (_, wait) => progress.wait(wait),
        onDelivery(delivery, outcome) {
          write(renderer.delivery(delivery, outcome))
          progress.advance()
        },
      })
    } finally {
      progress.stop()
    }
  }

  /** In a machine's format the first failure is told beside it, at once; as text the attempt has said it. */
  function tellFailure({ result: got }: Attempt): void {
    if (failureTold || got.kind !== 'failed' || options.quiet || (options.format ?? 'text') === 'text') return
    failureTold = true
    const { sentence, nextStep } = explainFailure(got, endpoint.url)
    context.stderr.write(`${session.displayedUrl}: ${sentence}. ${nextStep}\n`)
  }
}

/** `--wait-for`: waits until the target accepts connections, and says why if it never did. */
async function reachable(
  context: Context,
  { options, endpoint }: SendSession,
  { transport, signal }: { readonly transport: Transport; readonly signal: AbortSignal },
): Promise<boolean> {
  if (options.waitFor === undefined) return true
  const acceptance = await transport.waitUntilAccepting(options.waitFor, signal)
  if (acceptance.accepting) return true
  const { sentence, nextStep } = explainFailure(acceptance.last, endpoint.url)
  context.stderr.write(
    `the target did not accept connections within ${formatDuration(acceptance.waitedMs)}: ${sentence}. ${nextStep}\n`,
  )
  return false
}
