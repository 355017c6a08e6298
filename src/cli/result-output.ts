import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import { atomicFile } from './atomic-file.ts'
import { appendText, checkWritable } from './files.ts'

/** Where the result goes: standard output, or a file that appears when it is complete. */
export interface ResultOutput {
  write(text: string): void
  /** Writes what is held back; puts the file in its place. */
  finish(): void
  /** Writes what is held back; leaves no trace of an unfinished file. */
  discard(): void
}

/** How much text is gathered before it is written, at most. */
const CHUNK_CHARACTERS = 64 * 1024

/**
 * Opens `--output FILE`, or standard output without one. A person reads every line at once; for a program
 * the lines of one turn of the event loop are written together, because system calls cost more than memory.
 * @throws UsageError when the file cannot be written
 */
export function openResult(context: Context, path: string | undefined, option = '--output'): ResultOutput {
  if (path === undefined || path === '-') {
    const { stdout } = context
    if (stdout.isTerminal) return { write: stdout.write, finish: () => undefined, discard: () => undefined }
    const gathered = gather(context, stdout.write)
    context.beforeStderr(gathered.flush)
    return { write: gathered.write, finish: gathered.flush, discard: gathered.flush }
  }
  checkWritable(context, path, option)
  const file = atomicFile(context, path, option)
  const gathered = gather(context, file.append)
  return {
    write: gathered.write,
    finish: () => {
      gathered.flush()
      file.commit()
    },
    discard: () => {
      gathered.cancel()
      file.discard()
    },
  }
}

/**
 * The end of a file that others write to as well, such as the one GITHUB_STEP_SUMMARY names. The result does not depend
 * on it, so where it cannot be written that is only said.
 */
export function appended(context: Context, path: string, variable: string): ResultOutput {
  const write = (text: string): void => {
    try {
      appendText(context, path, text)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      context.stderr.write(`warning: ${variable}: ${error.message}\n`)
    }
  }
  return { write, finish: () => undefined, discard: () => undefined }
}

function gather({ clock }: Context, write: (text: string) => void) {
  let held = ''
  let cancelFlush: (() => void) | undefined
  let failure: { readonly error: unknown } | undefined
  const cancel = (): void => {
    cancelFlush?.()
    cancelFlush = undefined
  }
  const flush = (): void => {
    cancel()
    if (held !== '') write(held)
    held = ''
  }
  /** From a timer nobody would catch it: the next write throws it. */
  const flushLater = (): void => {
    try {
      flush()
    } catch (error) {
      failure = { error }
    }
  }
  return {
    flush: () => {
      if (failure !== undefined) throw failure.error
      flush()
    },
    cancel,
    write(text: string): void {
      if (failure !== undefined) throw failure.error
      held += text
      if (held.length >= CHUNK_CHARACTERS) flush()
      else cancelFlush ??= clock.after(0, flushLater)
    },
  }
}
