import { UsageError } from '../errors.ts'
import type { DeliveryFaults } from '../delivery/fault.ts'
import { redactorFor } from '../delivery/redact.ts'
import { reorderedAsync } from '../delivery/reorder.ts'
import type { FixtureInput } from '../fixture/find.ts'
import type { Random } from '../ports.ts'
import { randomStream } from '../program/random.ts'
import { replay, ReplayError, type ReplayedFixture } from '../replay/run.ts'
import type { ReplayHeader } from '../report/replay-report.ts'
import type { Context } from './context.ts'
import { faultyTransport, inFaultyOrder } from './faults.ts'
import type { OpenedTarget } from './opened-target.ts'
import { endingOf, nothingTested, type Sent } from './replay-ending.ts'
import type { FixtureCount, FixtureSet, ReplayOptions } from './replay-session.ts'
import { explainRefusal } from './refusal.ts'
import { openReplayWriters, type ReplayWriter } from './replay-writers.ts'
import { withTransport, type Connected } from './with-transport.ts'

/** What a replay is made of. */
export interface ReplayPlan {
  readonly set: FixtureSet
  readonly count: FixtureCount
  readonly target: OpenedTarget
  readonly faults: DeliveryFaults
  readonly header: ReplayHeader
  readonly options: ReplayOptions
}

/** Sends the fixtures, writes every report and returns the exit code. */
export async function runReplay(context: Context, plan: ReplayPlan): Promise<number> {
  const writers = openReplayWriters(context, plan)
  try {
    const { result, interruptedBy } = await withTransport(context, plan.target, (how) =>
      send(context, plan, { ...how, writers }),
    )
    const ended = { ...result, interruptedBy }
    const problem = ended.problem ?? nothingTested(plan, ended)
    const ending = endingOf(plan, { ...ended, problem })
    if (ending.summary.notStarted > 0) await tellNotStarted(plan, { done: ended.done, writers })
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

/** The fixtures that the run did not come to, read once more; of repeated runs only the count is told. */
async function tellNotStarted(
  { set, options, faults }: ReplayPlan,
  { done = new Map(), writers }: Pick<Sent, 'done'> & { readonly writers: readonly ReplayWriter[] },
): Promise<void> {
  if ((options.repeat ?? 1) > 1 || !writers.some(({ renderer }) => renderer.notStarted !== undefined)) return
  for (const input of set.inputs.filter(({ kind }) => kind === 'file')) {
    let left = done.get(input.path) ?? 0
    for await (const fixture of set.read(input, 1)) {
      left -= faults.copies.count
      if (left >= 0) continue
      for (const { renderer, output } of writers) output.write(renderer.notStarted?.(fixture) ?? '')
    }
  }
}

async function send(
  context: Context,
  plan: ReplayPlan,
  how: Connected & { readonly writers: readonly ReplayWriter[] },
): Promise<Sent> {
  const { set, target, options, faults } = plan
  const order = options.shuffle ? shuffled(set.inputs, randomStream(set.seed, 'shuffle')) : set.inputs
  const counted = { passed: 0, failed: 0, skipped: 0, interrupted: 0 }
  const done = new Map<string, number>()
  let explaining: Promise<void> | undefined
  try {
    const counts = await replay(inFaultyOrder(faults, rounds(order, options.repeat ?? 1), set.seed), {
      policy: target.policy,
      clock: context.clock,
      transport: faultyTransport(faults, how.transport),
      copies: faults.copies,
      redact: redactorFor(target.endpoint),
      speed: options.speed ?? 'max',
      signal: how.signal,
      concurrency: options.concurrency ?? 1,
      onFailure: options.failFast ? 'stop' : 'continue',
      read({ input, round }) {
        const fixtures = set.read(input, round)
        if (faults.reorder === 'no') return fixtures
        return reorderedAsync(fixtures, randomStream(set.seed, `reorder:${round}:${input.path}`))
      },
      prepare: (fixture) => set.prepare(fixture, target.endpoint),
      expectationOf: (fixture) => set.expectationOf(fixture),
      onFixture(result) {
        counted[result.kind] += 1
        const { file } = result.fixture.place
        done.set(file, (done.get(file) ?? 0) + 1)
        for (const { renderer, output } of how.writers) output.write(renderer.fixture(result))
        explaining ??= explanation(context, plan, result)
      },
    })
    await explaining
    return { counts, done }
  } catch (error) {
    if (!(error instanceof ReplayError) || !(error.cause instanceof UsageError))
      throw error instanceof ReplayError ? error.cause : error
    const { requests, cause } = error
    const counts = { ...counted, requests, nothingJudged: false }
    return {
      counts,
      done,
      problem: new UsageError(
        `${cause.message.replace(/[.]$/, '')}; ${requests === 0 ? 'nothing was' : requests === 1 ? '1 request was' : `${requests} requests were`} sent${requests === 0 ? '' : ' before'}.`,
      ),
    }
  }
}

/** Why the receiver refused a right signature, once in a run, where its answer shows what it computed. */
function explanation(
  context: Context,
  { target, options }: ReplayPlan,
  result: ReplayedFixture,
): Promise<void> | undefined {
  if (result.kind !== 'failed' || result.fixture.sign !== true || options.quiet) return undefined
  const last = result.outcome.attempts.at(-1)
  if (last?.result.kind !== 'responded' || last.result.status < 400 || last.result.status > 499) return undefined
  return explainRefusal(last, { request: result.request, endpoint: target.endpoint }).then((texts) =>
    context.stderr.write(texts.map((text) => `  ${text}\n`).join('')),
  )
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
