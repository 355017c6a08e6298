import { githubRenderer, githubSummaryRenderer } from '../report/github.ts'
import { junitRenderer } from '../report/junit.ts'
import { replayJsonRenderer, replayNdjsonRenderer, type ReplayRenderer } from '../report/replay-report.ts'
import { replayTextRenderer } from '../report/replay-text.ts'
import type { Context } from './context.ts'
import type { ReplayFormat } from './options/replay.ts'
import { curlFlags } from './renderer.ts'
import type { ReplayPlan } from './replay-run.ts'
import { jobSummary, openWriters, wantedOutputs, type Writer } from './writers.ts'

/** A replay's renderer and where it writes. */
export type ReplayWriter = Writer<ReplayRenderer>

/**
 * Opens the output and every report.
 * @throws UsageError for a file that cannot be written, that is also an input, or that is named twice; then none is
 * left behind
 */
export function openReplayWriters(context: Context, plan: ReplayPlan): readonly ReplayWriter[] {
  const { options, set } = plan
  const format = options.format ?? 'text'
  const writers = openWriters(context, {
    wanted: wantedOutputs(options),
    inputs: set.inputs.filter(({ kind }) => kind === 'file').map(({ path }) => path),
    rendererOf: (form: ReplayFormat) => rendererOf(context, plan, form),
  })
  const summary = format === 'github' ? jobSummary(context) : undefined
  return summary === undefined ? writers : [...writers, { renderer: githubSummaryRenderer(), output: summary }]
}

function rendererOf(
  { stdout }: Context,
  { header, target, options, faults }: ReplayPlan,
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
        copies: faults.copies.count,
      })
  }
}
