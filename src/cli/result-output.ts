import type { Context } from './context.ts'
import { atomicFile, checkWritable } from './files.ts'

/** Where the result goes: standard output, or a file that appears when it is complete. */
export interface ResultOutput {
  write(text: string): void
  /** Puts the file in its place. */
  finish(): void
  /** Leaves no trace of an unfinished file. */
  discard(): void
}

/**
 * Opens `--output FILE`, or standard output without one.
 * @throws UsageError when the file cannot be written
 */
export function openResult(context: Context, path: string | undefined): ResultOutput {
  if (path === undefined) {
    return { write: (text) => context.stdout.write(text), finish: () => undefined, discard: () => undefined }
  }
  checkWritable(context, path)
  const file = atomicFile(context, path)
  return { write: file.append, finish: file.commit, discard: file.discard }
}
