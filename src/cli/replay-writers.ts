import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { githubRenderer, githubSummaryRenderer } from '../report/github.ts'
import { junitRenderer } from '../report/junit.ts'
import { replayJsonRenderer, replayNdjsonRenderer, type ReplayRenderer } from '../report/replay-report.ts'
import { replayTextRenderer } from '../report/replay-text.ts'
import type { Context } from './context.ts'
import type { ReplayFormat } from './options/replay.ts'
import { curlFlags } from './renderer.ts'
import type { ReplayPlan } from './replay-run.ts'
import { appended, openResult, type ResultOutput } from './result-output.ts'

/** A form of the result and where it goes. */
export interface Writer {
  readonly renderer: ReplayRenderer
  readonly output: ResultOutput
}

/** A form that was asked for; without a file it goes to standard output. */
interface Wanted {
  readonly format: ReplayFormat
  readonly file: string | undefined
  readonly option: '--output' | '--report'
}

/**
 * Opens the output and every report.
 * @throws UsageError for a file that cannot be written, that is also an input, or that is named twice; then none is
 * left behind
 */
export function openWriters(context: Context, plan: ReplayPlan): readonly Writer[] {
  const { options } = plan
  const format = options.format ?? 'text'
  const reports = options.report.map((report): Wanted => ({ ...report, option: '--report' }))
  const wanted: readonly Wanted[] =
    options.quiet && format === 'text' ? reports : [{ format, file: options.output, option: '--output' }, ...reports]
  refuseClashes(context, plan, wanted)
  const writers: Writer[] = []
  try {
    for (const { format: form, file, option } of wanted)
      writers.push({ renderer: rendererOf(context, plan, form), output: openResult(context, file, option) })
  } catch (error) {
    for (const { output } of writers) output.discard()
    throw error
  }
  const summaryFile = format === 'github' ? context.env.GITHUB_STEP_SUMMARY : undefined
  if (summaryFile === undefined || summaryFile === '') return writers
  return [
    ...writers,
    { renderer: githubSummaryRenderer(), output: appended(context, summaryFile, 'GITHUB_STEP_SUMMARY') },
  ]
}

function refuseClashes({ cwd }: Context, { set }: ReplayPlan, wanted: readonly Wanted[]): void {
  const taken = new Map(
    set.inputs.filter(({ kind }) => kind === 'file').map(({ path }) => [resolve(cwd, path), 'input']),
  )
  for (const { file, option } of wanted) {
    if (file === undefined || file === '-') continue
    const path = resolve(cwd, file)
    const as = taken.get(path)
    if (as !== undefined) throw new UsageError(`${option} ${file}: is also an ${as}; name another file.`)
    taken.set(path, 'output')
  }
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
