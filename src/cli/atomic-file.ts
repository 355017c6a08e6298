import { appendFileSync, closeSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import { fileProblem, optionWith } from './files.ts'

/** A result file that appears all at once: written beside its place, renamed into it. */
export interface AtomicFile {
  append(text: string | Uint8Array): void
  /** Puts the file in its place. */
  commit(): void
  /** Leaves no trace, unless it is in its place already. */
  discard(): void
}

/** Starts a result file. @throws UsageError when it cannot be written; nothing is left behind then */
export function atomicFile(context: Context, path: string, option = '--output'): AtomicFile {
  return startFile(context, path, { option })
}

/** Starts a result file that only its owner may read. @throws UsageError */
export function privateFile(context: Context, path: string, option = '--output'): AtomicFile {
  return startFile(context, path, { option, mode: 0o600 })
}

function startFile(
  { cwd, randomSeed }: Context,
  path: string,
  { option, mode }: { readonly option: string; readonly mode?: number },
): AtomicFile {
  const target = realPath(resolve(cwd, path))
  // A device or a pipe (/dev/stdout, /dev/null, >(…)) is written to; renaming over it would replace it.
  const isSpecial = statSync(target, { throwIfNoEntry: false })?.isFile() === false
  const beside = join(dirname(target), `.${basename(target)}.${randomSeed().toString(16)}`)
  let isOpen = true
  const close = (): void => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      rmSync(beside, { force: true })
      throw new UsageError(`${optionWith(option, path)}: ${fileProblem(error)}`)
    }
  }
  const descriptor = attempt(() => (isSpecial ? openSync(target, 'w') : openSync(beside, 'wx', mode)))
  return {
    append: (content) => attempt(() => appendFileSync(descriptor, content)),
    commit: () =>
      attempt(() => {
        close()
        if (!isSpecial) renameSync(beside, target)
      }),
    discard: () => {
      close()
      rmSync(beside, { force: true })
    },
  }
}

/** Where a symbolic link leads, so that the link stays; the path itself when there is none. */
function realPath(path: string): string {
  try {
    const real = realpathSync(path)
    // /dev/stdout leads to /proc/…/fd/pipe:[…] where it is a pipe, and there is no such path.
    return statSync(real, { throwIfNoEntry: false }) === undefined ? path : real
  } catch {
    return path
  }
}
