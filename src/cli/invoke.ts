import type { Invocation } from './command.ts'
import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import { longName, type OptionSpec } from './option.ts'
import { inputFiles, outputFiles, refuseOverwrite } from './overwrite.ts'
import { resolveOptions } from './resolve.ts'
import { readSources } from './sources.ts'

/** Reads the options from all their sources and runs the command. */
export async function invoke(context: Context, { spec, flags, positionals }: Invocation): Promise<number> {
  const sources = await readSources(context, { spec, flags })
  const options = resolveOptions(spec, sources)
  for (const { flags: lone, without, text } of spec.pointless ?? []) {
    const isGiven = lone.some((key) => flags.has(longName(spec.options[key] as OptionSpec)))
    if (isGiven && (options as Readonly<Record<string, unknown>>)[without] === undefined) throw new UsageError(text)
  }
  const outputs = outputFiles(spec.options, options)
  const inputs = outputs.length === 0 ? [] : inputFiles(context, spec.options, options)
  for (const output of outputs) refuseOverwrite(context, output, inputs)
  const { verbose, format = 'text' } = options as { readonly verbose?: boolean; readonly format?: string }
  if (verbose === true && format !== 'text')
    context.stderr.write(`warning: --verbose adds to the text; --format ${format} says all there is anyway\n`)
  return await spec.run(context, positionals, options)
}
