import { UsageError } from '../errors.ts'

/** What a system says of files, whoever reads or writes them, by its code. */
export const FILE_PROBLEMS = {
  ENOENT: 'no such file or folder.',
  ENOTDIR: 'a part of the path is a file.',
  EACCES: 'permission denied.',
  EPERM: 'permission denied.',
  EROFS: 'the file system is read-only.',
  ENOSPC: 'the disk is full.',
  ELOOP: 'is a link that leads back to itself.',
} as const satisfies Readonly<Record<string, string>>

const PROBLEMS: Readonly<Record<string, string>> = {
  ...FILE_PROBLEMS,
  EDQUOT: 'the disk is full: the quota is used up.',
  ENAMETOOLONG: 'the name is too long.',
  ERR_INVALID_ARG_VALUE: 'is no path: it has a NUL character.',
}

/**
 * What the file system said of a contract's file or folder, as an error for its owner.
 * @returns the reason itself when it is nothing that a user can mend
 */
export function fileError(reason: unknown, path: string): unknown {
  const problem = PROBLEMS[(reason as NodeJS.ErrnoException).code ?? '']
  return problem === undefined ? reason : new UsageError(`${path}: ${problem}`)
}
