import { UsageError } from '../errors.ts'
import { redactorFor } from '../delivery/redact.ts'
import type { Random } from '../ports.ts'
import { randomStream } from '../program/random.ts'
import { replay, ReplayError, type ReplayCounts } from '../replay/run.ts'
import { githubRenderer, githubSummaryRenderer } from '../report/github.ts'
import { junitRenderer } from '../report/junit.ts'
import {
  replayJsonRenderer,
  replayNdjsonRenderer,
  replaySummary,
  type ReplayEnding,
  type ReplayHeader,
  type ReplayRenderer,
} from '../report/replay-report.ts'
import { replayTextRenderer } from '../report/replay-text.ts'
import type { Context, InterruptSignal } from './context.ts'
import { runExitCode } from './exit-code.ts'
import type { OpenedTarget } from './opened-target.ts'
import type { ReplayFormat } from './options/replay.ts'
import { curlFlags } from './renderer.ts'
import { appended, openResult, type ResultOutput } from './result-output.ts'
import type { FixtureCount, FixtureSet, ReplayOptions } from './replay-session.ts'
import { withTransport, type Connected } from './with-transport.ts'

/** What a replay is made of. */
export interface ReplayPlan {
  readonly set: FixtureSet
  readonly count: FixtureCount
  readonly target: OpenedTarget
  readonly header: ReplayHeader
  readonly options: ReplayOptions
}

/** A form of the result and where it goes. */
interface Writer {
  readonly renderer: ReplayRenderer
  readonly output: ResultOutput
}

/** Sends the fixtures, writes every report and returns the exit code. */
export async function runReplay(context: Context, plan: ReplayPlan): Promise<number> {
  const writers = openWriters(context, plan)
  try {
    const { result: ended, interruptedBy } = await withTransport(context, plan.target, (how) =>
      send(context, plan, { ...how, writers }),
    )
    const ending = endingOf(plan, { ...ended, interruptedBy })
    for (const { renderer, output } of writers) {
      output.write(renderer.end(ending))
      output.finish()
    }
    if (ended.problem !== undefined) throw ended.problem
    return ending.exitCode
  } catch (error) {
    for (const { output } of writers) output.discard()
    throw error
  }
}

interface Sent {
  readonly counts?: ReplayCounts
  /** A fixture that could not be read in the middle of the run. */
  readonly problem?: UsageError
  readonly timedOut?: boolean
}

async function send(
  context: Context,
  { set, target, options }: ReplayPlan,
  how: Connected & { readonly writers: readonly Writer[] },
): Promise<Sent> {
  const order = options.shuffle
    ? shuffled(set.inputs, randomStream(options.seed ?? context.randomSeed(), 'shuffle'))
    : set.inputs
  const counted = { passed: 0, failed: 0, skipped: 0, interrupted: 0 }
  try {
    const counts = await replay(Array.from({ length: options.repeat ?? 1 }, () => order).flat(), {
      policy: target.policy,
      clock: context.clock,
      transport: how.transport,
      redact: redactorFor(target.endpoint),
      speed: options.speed ?? 'max',
      signal: how.signal,
      concurrency: options.concurrency ?? 1,
      onFailure: options.failFast ? 'stop' : 'continue',
      read: (input) => set.read(input),
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
        `${cause.message.replace(/[.]$/, '')}; ${requests === 1 ? '1 request was' : `${requests} requests were`} sent before.`,
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

function openWriters(context: Context, plan: ReplayPlan): readonly Writer[] {
  const { options } = plan
  const format = options.format ?? 'text'
  const writers =
    options.quiet && format === 'text'
      ? []
      : [{ renderer: rendererOf(context, plan, format), output: openResult(context, options.output) }]
  const reports = options.report.map(({ format: form, file }) => ({
    renderer: rendererOf(context, plan, form),
    output: openResult(context, file, '--report'),
  }))
  const summaryFile = format === 'github' ? context.env.GITHUB_STEP_SUMMARY : undefined
  if (summaryFile === undefined || summaryFile === '') return [...writers, ...reports]
  return [...writers, ...reports, { renderer: githubSummaryRenderer(), output: appended(context, summaryFile) }]
}

function rendererOf(
  { stdout }: Context,
  { header, target, options }: ReplayPlan,
  format: ReplayFormat,
): ReplayRenderer {
  switch (format) {
    case 'json':
      return replayJsonRenderer(header)
    case 'ndjson':
      return replayNdjsonRenderer(header)
    case 'junit':
      return junitRenderer({ suite: 'qualifio-sim replay' })
    case 'github':
      return githubRenderer()
    default:
      return replayTextRenderer({
        paint: stdout.paint,
        url: target.endpoint.url,
        displayedUrl: target.displayedUrl,
        curlFlags: curlFlags(options),
      })
  }
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
