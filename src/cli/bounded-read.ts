import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/** How often a pipe is asked whether there is something, and how long nothing is said of it. */
const POLL_MS = 20
const QUIET_MS = 1000
const CHUNK_BYTES = 64 * 1024

/**
 * All of a file, if it is not larger than `mostBytes`; of anything larger, a device that never ends too, no more than
 * one byte above that is read. A pipe is read to its end, and one that nobody writes to yet is waited for: without
 * blocking in the system, because there is something to say after a second, and a signal ends a wait between two looks.
 * @param waiting called once when nothing has come for a second
 * @throws what node:fs throws
 */
export function readBounded(path: string, mostBytes: number, waiting: () => void): Buffer | 'too-large' {
  // Where a system has no such flag, it is undefined and changes nothing.
  const descriptor = openSync(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0))
  try {
    const mayBeWritten = fstatSync(descriptor).isFIFO() && isNamed(path)
    const chunks: Buffer[] = []
    let length = 0
    let waitedMs = 0
    while (length <= mostBytes) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, mostBytes + 1 - length))
      const count = readSome(descriptor, chunk)
      if (count > 0) {
        chunks.push(chunk.subarray(0, count))
        length += count
        continue
      }
      // A named pipe is at its end when its writers have gone, not before one has come.
      if (count === 0 && !(mayBeWritten && length === 0)) return Buffer.concat(chunks)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
      waitedMs += POLL_MS
      if (waitedMs === QUIET_MS) waiting()
    }
    return 'too-large'
  } finally {
    closeSync(descriptor)
  }
}

/** How much was read; 0 at the end, -1 when there may be more later. */
function readSome(descriptor: number, into: Buffer): number {
  try {
    return readSync(descriptor, into)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return -1
    throw error
  }
}

/** The pipes of a shell (`<(…)`, `|`: /dev/fd/63, /dev/stdin) have their writer from the start. */
function isNamed(path: string): boolean {
  return !/^\/(dev|proc)\//.test(path)
}
