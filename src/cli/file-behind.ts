import { fstatSync } from 'node:fs'

/** The descriptor of a regular file. Node's stream for one does not notice that only a part was written: a full disk. */
export function fileBehind(stream: NodeJS.WritableStream): number | undefined {
  const { fd } = stream as NodeJS.WritableStream & { readonly fd: number }
  try {
    return fstatSync(fd).isFile() ? fd : undefined
  } catch {
    return undefined
  }
}

/** Does `work` and hands its error on. */
export function attempt(work: () => void, failed: (error: NodeJS.ErrnoException) => void): void {
  try {
    work()
  } catch (error) {
    failed(error as NodeJS.ErrnoException)
  }
}
