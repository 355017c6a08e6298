import type { Invocation } from './command.ts'
import type { Context } from './context.ts'
import { resolveOptions } from './resolve.ts'
import { readSources } from './sources.ts'

/** Reads the options from all their sources and runs the command. */
export async function invoke(context: Context, { spec, flags, positionals }: Invocation): Promise<number> {
  const sources = await readSources(context, { spec, flags })
  return await spec.run(context, positionals, resolveOptions(spec, sources))
}
