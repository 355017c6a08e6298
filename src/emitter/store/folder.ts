import { accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes the folder if there is none, nobody else's, and kept out of Git: there are secrets in it.
 * Not with mkdirSync's own recursion, which never ends below /proc (Node 20).
 */
export function makePrivateFolder(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) {
    makeFolder(dirname(path))
    mkdirSync(path, 0o700)
    writeFileSync(join(path, '.gitignore'), '*\n', { mode: 0o600 })
  } else if (!stats.isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' })
  accessSync(path, constants.W_OK | constants.X_OK)
}

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/**
 * The database and the files beside it take the mode of this one. A file that is there is not opened here: closing it
 * would take away the lock of another store of this process (POSIX).
 */
export function makePrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (!statSync(file).isFile()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' })
    accessSync(file, constants.R_OK | constants.W_OK)
    chmodSync(file, 0o600)
  }
}

/**
 * Tells whether a path still leads to the file that is there now, in a few microseconds. Mounted folders may number
 * their files anew, and without a time of birth some systems give that of the last change: another file has both.
 */
export function watchedFile(file: string): () => boolean {
  const { ino, birthtimeMs } = statSync(file)
  return () => {
    try {
      const stats = statSync(file, { throwIfNoEntry: false })
      return stats !== undefined && (stats.ino === ino || stats.birthtimeMs === birthtimeMs)
    } catch {
      // What cannot be looked at may be there still; the database says when it cannot be written.
      return true
    }
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOTDIR: 'it, or a part of its path, is a file; name a folder.',
  EISDIR: 'the emit.db in it is a folder; name another folder.',
  EACCES: 'permission denied; name a folder that can be written.',
  EPERM: 'permission denied; name a folder that can be written.',
  EROFS: 'the file system is read-only; name a folder that can be written.',
  ENOSPC: 'the disk is full.',
  ENOENT: 'no folder can be made there; name another one.',
  ELOOP: 'is a link that leads back to itself; name a folder.',
  ENAMETOOLONG: 'the name is too long.',
}

/** Why a folder cannot be used, and what to do. */
export function folderProblem(error: unknown): string {
  const code = codeOf(error)
  return PROBLEMS[code] ?? `cannot be used as a folder (${code}).`
}

/** The code of an error, or the first line of what it says. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code ?? error
  return String(code).split('\n', 1)[0] ?? ''
}
