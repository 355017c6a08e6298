import type { Invocation } from './command.ts'
import type { Context } from './context.ts'
import { resolveOptions } from './resolve.ts'
import { readSources } from './sources.ts'

/** Reads the options from all their sources and runs the command. */
export async function invoke(context: Context, { spec, flags, positionals }: Invocation): Promise<number> {
  const sources = await readSources(context, { spec, flags })
  const options = resolveOptions(spec, sources)
  const { verbose, format = 'text' } = options as { readonly verbose?: boolean; readonly format?: string }
  if (verbose === true && format !== 'text')
    context.stderr.write(`warning: --verbose adds to the text; --format ${format} says all there is anyway\n`)
  return await spec.run(context, positionals, options)
}
