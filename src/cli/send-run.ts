import { explainFailure } from '../delivery/failure.ts'
import type { Attempt } from '../delivery/outcome.ts'
import { redactorFor } from '../delivery/redact.ts'
import type { SignedRequest } from '../delivery/request.ts'
import { deliverAll, type RunSummary } from '../delivery/run.ts'
import type { ReportedDelivery, SendRenderer } from '../report/send-renderer.ts'
import type { Context } from './context.ts'
import { deliveriesOf } from './deliveries.ts'
import { copyOf, faultyTransport, inFaultyOrder } from './faults.ts'
import { startProgress } from './progress.ts'
import { openResult, type ResultOutput } from './result-output.ts'
import { explainRefusal } from './refusal.ts'
import { rendererOf, TOLD_IN_FULL } from './renderer.ts'
import { endingOf, maxTimeText, plannedEnding } from './send-ending.ts'
import { preflightText, type SendSession } from './send-session.ts'
import { withTransport, type Connected } from './with-transport.ts'

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
    await session.target.embedded?.close()
  }
}

function showPlanned(session: SendSession, renderer: SendRenderer, result: ResultOutput): number {
  const { copies } = session.faults
  for (const delivery of ordered(session))
    for (let number = 1; number <= copies.count; number += 1)
      result.write(renderer.planned(copies.count === 1 ? delivery : copyOf(delivery, number, copying(session))))
  const ending = plannedEnding(session.totals)
  result.write(renderer.end(ending))
  return ending.exitCode
}

/** The deliveries in the order in which they go. */
function ordered({ plan, target, faults }: SendSession): Iterable<ReportedDelivery> {
  const deliveries = deliveriesOf(plan, target.endpoint)
  return faults.reorder === 'yes' ? placed(inFaultyOrder(faults, deliveries, plan.seed)) : deliveries
}

function* placed(deliveries: Iterable<ReportedDelivery>): Generator<ReportedDelivery> {
  let place = 0
  for (const delivery of deliveries) yield { ...delivery, place: ++place }
}

function copying({ plan, faults }: SendSession): { readonly of: number; readonly seed: number } {
  return { of: faults.copies.count, seed: plan.seed }
}

async function send(
  context: Context,
  session: SendSession,
  { renderer, result }: { readonly renderer: SendRenderer; readonly result: ResultOutput },
): Promise<number> {
  const { options, target, faults, totals } = session
  const { policy, endpoint, displayedUrl } = target
  const concurrency = options.concurrency ?? 1
  let failureTold = false
  let explaining: Promise<void> | undefined
  const { result: ended, interruptedBy } = await withTransport(context, target, async (connected) => ({
    summary: await deliver(connected),
  }))
  await explaining
  const ending = endingOf(totals, { ...ended, interruptedBy })
  result.write(renderer.end(ending))
  if (!options.quiet) context.stderr.write(maxTimeText(ending))
  return ending.exitCode

  async function deliver({ transport, signal }: Connected): Promise<RunSummary> {
    const retries = policy.delaysMs.length
    const total = totals.payloadCount
    const drawsOver =
      options.output === undefined &&
      context.stdout.isTerminal &&
      options.format !== undefined &&
      options.format !== 'text'
    const style =
      options.quiet || drawsOver
        ? 'none'
        : total > TOLD_IN_FULL
          ? 'bar'
          : concurrency === 1 && faults.copies.order === 'in-turn'
            ? 'countdown'
            : 'none'
    const progress = await startProgress(context, { style, retries, total })
    const write = (text: string): void => {
      if (text === '') return
      progress.around(() => result.write(text))
    }
    try {
      return await deliverAll(ordered(session), {
        policy,
        clock: context.clock,
        transport: faultyTransport(faults, transport),
        copies: { ...faults.copies, of: (delivery, number) => copyOf(delivery, number, copying(session)) },
        redact: redactorFor(endpoint),
        concurrency,
        speed: options.speed ?? 1,
        total,
        signal,
        onAttempt(delivery, attempt) {
          write(renderer.attempt(delivery, attempt))
          tellFailure(attempt)
          // Once in a run: the other refusals have the same reason.
          if (!options.quiet && isRefused(attempt)) explaining ??= tellRefusal(attempt, delivery.request)
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

  /** Why the receiver refused the signature, where its answer shows what it computed. */
  async function tellRefusal(attempt: Attempt, request: SignedRequest): Promise<void> {
    for (const text of await explainRefusal(attempt, { request, endpoint })) context.stderr.write(`  ${text}\n`)
  }

  /** In a machine's format the first failure is told beside it, at once; as text the attempt has said it. */
  function tellFailure({ result: got }: Attempt): void {
    if (failureTold || got.kind !== 'failed' || options.quiet || (options.format ?? 'text') === 'text') return
    failureTold = true
    const { sentence, nextStep } = explainFailure(got, endpoint.url)
    context.stderr.write(`${displayedUrl}: ${sentence}. ${nextStep}\n`)
  }
}

function isRefused({ result }: Attempt): boolean {
  return result.kind === 'responded' && result.status >= 400 && result.status <= 499
}
