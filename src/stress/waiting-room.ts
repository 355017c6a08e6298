import { jobNote, kindOf, retryOf } from './job.ts'
import { retryHeap } from './retry-heap.ts'
import type { WaitingRequest } from './retry-heap.ts'

/** Requests that wait for their time or for a lane, and how many of each sort. */
export interface WaitingRoom {
  /** When the next is due, ms; Infinity when nothing waits. */
  readonly nextDueMs: number
  /** Retries that wait. */
  readonly retries: number
  /** First deliveries that wait for a lane. */
  readonly admitted: number
  /** Lets a retry wait (1 for the first). */
  readonly addRetry: (dueMs: number, index: number, retry: number) => void
  /** Lets a first delivery wait for a lane. */
  readonly admit: (dueMs: number, index: number) => void
  /** Lets the copy of a delivery wait. */
  readonly addCopy: (dueMs: number, index: number) => void
  /** Takes the next. The object is the same every time. */
  readonly take: () => Readonly<WaitingRequest>
  /** Takes the first deliveries out, and what is due before them, and counts those that are meant. */
  readonly takeFirsts: (isMeant: (index: number) => boolean) => number
}

/** An empty waiting room. */
export function waitingRoom(): WaitingRoom {
  const heap = retryHeap()
  let retries = 0
  let admitted = 0

  function take(): Readonly<WaitingRequest> {
    const taken = heap.pop()
    if (retryOf(taken.note) > 0) retries -= 1
    else if (kindOf(taken.note) !== 'copy') admitted -= 1
    return taken
  }

  return {
    get nextDueMs() {
      return heap.nextDueMs
    },
    get retries() {
      return retries
    },
    get admitted() {
      return admitted
    },
    addRetry(dueMs, index, retry) {
      retries += 1
      heap.push(dueMs, index, jobNote('plain', retry))
    },
    admit(dueMs, index) {
      admitted += 1
      heap.push(dueMs, index, jobNote('plain', 0))
    },
    addCopy: (dueMs, index) => heap.push(dueMs, index, jobNote('copy', 0)),
    take,
    takeFirsts(isMeant) {
      let meant = 0
      while (admitted > 0) {
        const { note, index } = take()
        if (retryOf(note) === 0 && kindOf(note) !== 'copy' && isMeant(index)) meant += 1
      }
      return meant
    },
  }
}
