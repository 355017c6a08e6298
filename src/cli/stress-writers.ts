import type { Contract } from '../contract/contract.ts'
import { stressGithubRenderer, stressJunitRenderer } from '../report/stress-ci.ts'
import { stressHtml } from '../report/stress-html.ts'
import {
  stressJsonRenderer,
  stressNdjsonRenderer,
  type StressHeader,
  type StressRenderer,
} from '../report/stress-report.ts'
import { headlineOf, stressTextRenderer } from '../report/stress-text.ts'
import { toolVersion } from '../version.ts'
import { commandText } from './command-text.ts'
import type { Context } from './context.ts'
import type { OpenedTarget } from './opened-target.ts'
import { stressOptions } from './options/commands.ts'
import type { StressForm } from './options/stress.ts'
import type { LoadPlan, StressOptions } from './stress-session.ts'
import { openWriters, wantedOutputs, type Writer } from './writers.ts'

/** What a load is made of. */
export interface StressRun {
  readonly plan: LoadPlan
  readonly options: StressOptions
  readonly contract: Contract
  readonly target: OpenedTarget
}

/** Opens the output and every report. @throws UsageError for a file that cannot be written */
export function openStressWriters(context: Context, run: StressRun): readonly Writer<StressRenderer>[] {
  const how = { header: headerOf(run), startedAt: new Date(context.clock.nowMs()).toISOString() }
  return openWriters(context, {
    wanted: wantedOutputs<StressForm>(run.options),
    inputs: run.options.compare === undefined ? [] : [run.options.compare],
    rendererOf: (form: StressForm) => rendererOf(context, run, { ...how, form }),
  })
}

function headerOf({ plan, options, contract, target }: StressRun): StressHeader {
  return {
    schemaVersion: 1,
    toolVersion: toolVersion(),
    command: 'stress',
    target: target.label,
    contract: contract.name,
    seed: plan.seed,
    now: new Date(plan.nowMs).toISOString(),
    schedule: plan.scheduleText,
    connections: plan.connections,
    maxInFlight: plan.maxInFlight,
    workers: plan.workers,
    speed: plan.speed,
    faults: { ...plan.shares },
    insecure: options.insecure,
  }
}

function rendererOf(
  { stdout, argv }: Context,
  { plan, target, options }: StressRun,
  { form, header, startedAt }: { readonly form: StressForm; readonly header: StressHeader; readonly startedAt: string },
): StressRenderer {
  switch (form) {
    case 'json':
      return stressJsonRenderer(header)
    case 'ndjson':
      return stressNdjsonRenderer(header)
    case 'junit':
      return stressJunitRenderer('qualifio-sim stress')
    case 'github':
      return stressGithubRenderer()
    case 'html':
      return {
        second: () => '',
        end: ({ result, thresholds, sentence, summary }) =>
          stressHtml({
            target: target.label,
            contract: header.contract,
            seed: header.seed,
            command: commandText(argv, stressOptions, againWords(options, plan)),
            toolVersion: header.toolVersion,
            startedAt,
            schedule: header.schedule,
            thresholds,
            headline: headlineOf({ summary, thresholds }),
            sentence,
            result,
          }),
      }
    default:
      return stressTextRenderer(stdout.paint, stdout.isTerminal ? stdout.columns : undefined)
  }
}

/** What was drawn, where the user did not say it. */
function againWords(options: StressOptions, { seed, nowMs }: LoadPlan): readonly string[] {
  return [
    ...(options.seed === undefined ? [`--seed ${seed}`] : []),
    ...(options.now === undefined ? [`--now ${new Date(nowMs).toISOString()}`] : []),
  ]
}
