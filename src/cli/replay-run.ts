import { UsageError } from '../errors.ts'
import { redactorFor } from '../delivery/redact.ts'
import type { FixtureInput } from '../fixture/find.ts'
import type { Random } from '../ports.ts'
import { randomStream } from '../program/random.ts'
import { replay, ReplayError, type ReplayCounts } from '../replay/run.ts'
import { replaySummary, type ReplayEnding, type ReplayHeader } from '../report/replay-report.ts'
import type { Context, InterruptSignal } from './context.ts'
import { runExitCode } from './exit-code.ts'
import type { OpenedTarget } from './opened-target.ts'
import type { FixtureCount, FixtureSet, ReplayOptions } from './replay-session.ts'
import { openWriters, type Writer } from './replay-writers.ts'
import { withTransport, type Connected } from './with-transport.ts'

/** What a replay is made of. */
export interface ReplayPlan {
  readonly set: FixtureSet
  readonly count: FixtureCount
  readonly target: OpenedTarget
  readonly header: ReplayHeader
  readonly options: ReplayOptions
}

/** Sends the fixtures, writes every report and returns the exit code. */
export async function runReplay(context: Context, plan: ReplayPlan): Promise<number> {
  const writers = openWriters(context, plan)
  try {
    const { result, interruptedBy } = await withTransport(context, plan.target, (how) =>
      send(context, plan, { ...how, writers }),
    )
    const ended = { ...result, interruptedBy }
    const problem = ended.problem ?? nothingTested(plan, ended)
    const ending = endingOf(plan, { ...ended, problem })
    for (const { renderer, output } of writers) {
      output.write(renderer.end(ending))
      output.finish()
    }
    if (problem !== undefined) throw problem
    return ending.exitCode
  } finally {
    if (plan.count.pipes > 0) context.dropStdin()
    // What is finished stays; what an error left unfinished leaves no trace.
    for (const { output } of writers) output.discard()
  }
}

/** A pipe's fixtures could not be counted before, so it shows at the end that none was sent. */
function nothingTested(
  { count }: ReplayPlan,
  { counts, interruptedBy }: Sent & { readonly interruptedBy?: InterruptSignal | undefined },
): UsageError | undefined {
  if (counts === undefined || counts.stopped !== undefined || interruptedBy !== undefined) return undefined
  if (count.pipes === 0 || counts.passed + counts.failed > 0) return undefined
  return new UsageError(
    counts.skipped > 0
      ? 'every fixture was skipped, so nothing was tested; the reasons say which credentials are needed.'
      : 'no fixture came through the pipe, or none is selected: look at --only and --skip.',
  )
}

interface Sent {
  readonly counts?: ReplayCounts
  /** A fixture that could not be read in the middle of the run. */
  readonly problem?: UsageError | undefined
  readonly timedOut?: boolean
}

async function send(
  context: Context,
  { set, target, options }: ReplayPlan,
  how: Connected & { readonly writers: readonly Writer[] },
): Promise<Sent> {
  const order = options.shuffle ? shuffled(set.inputs, randomStream(set.seed, 'shuffle')) : set.inputs
  const counted = { passed: 0, failed: 0, skipped: 0, interrupted: 0 }
  try {
    const counts = await replay(rounds(order, options.repeat ?? 1), {
      policy: target.policy,
      clock: context.clock,
      transport: how.transport,
      redact: redactorFor(target.endpoint),
      speed: options.speed ?? 'max',
      signal: how.signal,
      concurrency: options.concurrency ?? 1,
      onFailure: options.failFast ? 'stop' : 'continue',
      read: ({ input, round }) => set.read(input, round),
      prepare: (fixture) => set.prepare(fixture, target.endpoint),
      expectationOf: (fixture) => set.expectationOf(fixture),
      onFixture(result) {
        counted[result.kind] += 1
        for (const { renderer, output } of how.writers) output.write(renderer.fixture(result))
      },
    })
    return { counts }
  } catch (error) {
    if (!(error instanceof ReplayError) || !(error.cause instanceof UsageError))
      throw error instanceof ReplayError ? error.cause : error
    const { requests, cause } = error
    const counts = { ...counted, requests, nothingJudged: false }
    return {
      counts,
      problem: new UsageError(
        `${cause.message.replace(/[.]$/, '')}; ${requests === 0 ? 'nothing was' : requests === 1 ? '1 request was' : `${requests} requests were`} sent${requests === 0 ? '' : ' before'}.`,
      ),
    }
  }
}

function endingOf(
  { count, options }: ReplayPlan,
  { counts, problem, interruptedBy }: Sent & { readonly interruptedBy?: InterruptSignal | undefined },
): ReplayEnding {
  const run = counts ?? { passed: 0, failed: 0, skipped: 0, interrupted: 0, requests: 0, nothingJudged: true }
  // What comes through a pipe cannot be counted before.
  const total = count.pipes > 0 ? 0 : count.fixtures * (options.repeat ?? 1)
  const summary = replaySummary(run, total)
  const stoppedBy =
    interruptedBy ??
    (counts === undefined ? 'never-connected' : counts.stopped === 'interrupted' ? 'max-time' : counts.stopped)
  const { interrupted, notStarted } = summary
  const verdict = { interruptedBy, nothingJudged: run.nothingJudged, blocked: run.failed, interrupted, notStarted }
  return {
    summary,
    exitCode: problem === undefined ? runExitCode(verdict) : 2,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
  }
}

/** Every input once a round. */
function* rounds(
  inputs: readonly FixtureInput[],
  count: number,
): Generator<{ readonly input: FixtureInput; readonly round: number }> {
  for (let round = 1; round <= count; round++) for (const input of inputs) yield { input, round }
}

/** Fisher and Yates, by a stream of its own. */
function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  const result = [...list]
  for (let index = result.length - 1; index > 0; index--) {
    const other = random.int(0, index)
    ;[result[index], result[other]] = [result[other] as T, result[index] as T]
  }
  return result
}
