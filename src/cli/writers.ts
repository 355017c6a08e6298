import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import { optionWith } from './files.ts'
import { fileIdentity } from './overwrite.ts'
import { appended, openResult, type ResultOutput } from './result-output.ts'

/** A form of the result and where it goes. */
export interface Writer<Renderer> {
  readonly renderer: Renderer
  readonly output: ResultOutput
}

/** A form that was asked for; without a file it goes to standard output. */
interface Wanted<Form extends string> {
  readonly format: Form
  readonly file: string | undefined
  /** What stands before the file: an option, or `--report html=`. */
  readonly option: '--output' | `--report ${string}=`
}

/** What the options of a command ask for: its output, unless it is quiet text, and the reports beside it. */
export function wantedOutputs<Form extends string>(options: {
  readonly format: Form | undefined
  readonly quiet: boolean
  readonly output: string | undefined
  readonly report: readonly { readonly format: Form; readonly file: string }[]
}): readonly Wanted<Form | 'text'>[] {
  const format = options.format ?? 'text'
  const reports = options.report.map((report): Wanted<Form | 'text'> => ({
    ...report,
    option: `--report ${report.format}=`,
  }))
  if (options.quiet && format === 'text') return reports
  return [{ format, file: options.output, option: '--output' }, ...reports]
}

/**
 * Opens the output and every report.
 * @param inputs files that are read and must not be written over
 * @throws UsageError for a file that cannot be written, that is also an input, or that is named twice; then none is
 * left behind
 */
export function openWriters<Form extends string, Renderer>(
  context: Context,
  how: {
    readonly wanted: readonly Wanted<Form>[]
    readonly inputs?: readonly string[]
    readonly rendererOf: (form: Form, file: string | undefined) => Renderer
  },
): readonly Writer<Renderer>[] {
  refuseClashes(context, how.wanted, how.inputs ?? [])
  const writers: Writer<Renderer>[] = []
  try {
    for (const { format, file, option } of how.wanted)
      writers.push({ renderer: how.rendererOf(format, file), output: openResult(context, file, option) })
  } catch (error) {
    for (const { output } of writers) output.discard()
    throw error
  }
  return writers
}

/** The summary of a GitHub job, where one is running. */
export function jobSummary(context: Context): ResultOutput | undefined {
  const file = context.env.GITHUB_STEP_SUMMARY
  return file === undefined || file === '' ? undefined : appended(context, file, 'GITHUB_STEP_SUMMARY')
}

function refuseClashes({ cwd }: Context, wanted: readonly Wanted<string>[], inputs: readonly string[]): void {
  const taken = new Map(inputs.map((path) => [fileIdentity(resolve(cwd, path)), 'input']))
  for (const { file, option } of wanted) {
    if (file === undefined || file === '-') continue
    const identity = fileIdentity(resolve(cwd, file))
    const as = taken.get(identity)
    if (as !== undefined) throw new UsageError(`${optionWith(option, file)}: is also an ${as}; name another file.`)
    taken.set(identity, 'output')
  }
}
