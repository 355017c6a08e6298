import type { Contract } from '../contract/contract.ts'
import { stressGithubRenderer, stressJunitRenderer } from '../report/stress-ci.ts'
import { stressHtml } from '../report/stress-html.ts'
import {
  stressJsonRenderer,
  stressNdjsonRenderer,
  type StressHeader,
  type StressRenderer,
} from '../report/stress-report.ts'
import { stressMarkdownRenderer } from '../report/stress-markdown.ts'
import { stressTextRenderer, type StressTextStyle } from '../report/stress-text.ts'
import { toolVersion } from '../version.ts'
import { commandText } from './command-text.ts'
import { PLAIN_PAINT, type Context } from './context.ts'
import { widthOf } from './live-view.ts'
import type { OpenedTarget } from './opened-target.ts'
import { stressOptions } from './options/commands.ts'
import type { StressForm } from './options/stress.ts'
import type { LoadPlan, StressOptions } from './stress-session.ts'
import { jobSummary, openWriters, wantedOutputs, type Writer } from './writers.ts'

/** Deadline of an attempt where nothing else is said. */
export const TIMEOUT_MS = 10_000

/** What a load is made of. */
export interface StressRun {
  readonly plan: LoadPlan
  readonly options: StressOptions
  readonly contract: Contract
  readonly target: OpenedTarget
}

/** Opens the output and every report. @throws UsageError for a file that cannot be written */
export function openStressWriters(context: Context, run: StressRun): readonly Writer<StressRenderer>[] {
  const header = headerOf(run)
  const startedAt = new Date(context.clock.nowMs()).toISOString()
  const writers = openWriters(context, {
    wanted: wantedOutputs<StressForm>(run.options),
    inputs: run.options.compare === undefined ? [] : [run.options.compare],
    rendererOf: (form: StressForm, file) =>
      form === 'text'
        ? stressTextRenderer(textStyle(context, header, file))
        : rendererOf(context, run, { header, startedAt, form }),
  })
  const summary = run.options.format === 'github' ? jobSummary(context) : undefined
  return summary === undefined ? writers : [...writers, { renderer: stressMarkdownRenderer(header), output: summary }]
}

/** On a terminal, the lines before the run have told what is run; a file has no colours. */
function textStyle({ stdout }: Context, header: StressHeader, file: string | undefined): StressTextStyle {
  const { pace } = header
  if (file !== undefined && file !== '-') return { paint: PLAIN_PAINT, pace, header }
  return stdout.isTerminal
    ? { paint: stdout.paint, columns: widthOf(stdout), pace }
    : { paint: stdout.paint, pace, header }
}

/** What is known of a run before its first request. */
export function headerOf({ plan, options, contract, target }: StressRun): StressHeader {
  return {
    schemaVersion: 1,
    toolVersion: toolVersion(),
    command: 'stress',
    target: target.label,
    contract: contract.name,
    events: typeof plan.what === 'string' ? plan.what : plan.what.join(', '),
    seed: plan.seed,
    now: new Date(plan.nowMs).toISOString(),
    schedule: plan.scheduleText,
    connections: plan.connections,
    maxInFlight: plan.maxInFlight,
    workers: plan.workers,
    pace: plan.schedule.kind,
    speed: plan.speed,
    retryDelaysMs: target.policy.delaysMs,
    timeoutMs: options.timeout ?? TIMEOUT_MS,
    signed: target.endpoint.secret !== undefined,
    drainMs: plan.drainMs,
    faults: { ...plan.shares },
    insecure: options.insecure,
  }
}

function rendererOf(
  { argv }: Context,
  { plan, target, options }: StressRun,
  {
    form,
    header,
    startedAt,
  }: { readonly form: Exclude<StressForm, 'text'>; readonly header: StressHeader; readonly startedAt: string },
): StressRenderer {
  switch (form) {
    case 'json':
      return stressJsonRenderer(header)
    case 'ndjson':
      return stressNdjsonRenderer(header)
    case 'junit':
      return stressJunitRenderer(
        'qualifio-sim stress',
        stressTextRenderer({ paint: PLAIN_PAINT, pace: header.pace, header }),
      )
    case 'github':
      return stressGithubRenderer()
    default:
      return {
        second: () => '',
        end: ({ summary: _, stoppedBy: __, exitCode: ___, ...ending }) =>
          stressHtml({
            ...ending,
            target: target.label,
            contract: header.contract,
            seed: header.seed,
            command: commandText(argv, stressOptions, againWords(options, plan)),
            toolVersion: header.toolVersion,
            startedAt,
            schedule: header.schedule,
            pace: header.pace,
          }),
      }
  }
}

/** What was drawn, where the user did not say it. */
function againWords(options: StressOptions, { seed, nowMs }: LoadPlan): readonly string[] {
  return [
    ...(options.seed === undefined ? [`--seed ${seed}`] : []),
    ...(options.now === undefined ? [`--now ${new Date(nowMs).toISOString()}`] : []),
  ]
}
