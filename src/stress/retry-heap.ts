/** A request that waits for its time. */
export interface WaitingRequest {
  /** When it is due, ms on the clock of the run. */
  dueMs: number
  /** Which delivery it belongs to. */
  index: number
  /** A small number of the owner's, 0 to 65535. */
  note: number
}

/** Requests by the moment they are due; the earliest first, of several the one with the lowest index. */
export interface RetryHeap {
  readonly size: number
  /** When the earliest is due; Infinity when there is none. */
  readonly nextDueMs: number
  readonly push: (dueMs: number, index: number, note: number) => void
  /** Takes the earliest out. The object is the same every time. @throws when there is none */
  readonly pop: () => Readonly<WaitingRequest>
}

const FIRST_ROOM = 1024

/**
 * An empty heap: three arrays of numbers, eighteen bytes for each request, so that hundreds of thousands can wait
 * without a timer or an object each.
 */
export function retryHeap(): RetryHeap {
  let due = new Float64Array(FIRST_ROOM)
  let indices = new Float64Array(FIRST_ROOM)
  let noted = new Uint16Array(FIRST_ROOM)
  let size = 0
  const popped: WaitingRequest = { dueMs: 0, index: 0, note: 0 }

  function grow(): void {
    const room = due.length * 2
    const [oldDue, oldIndices, oldNoted] = [due, indices, noted]
    due = new Float64Array(room)
    indices = new Float64Array(room)
    noted = new Uint16Array(room)
    due.set(oldDue)
    indices.set(oldIndices)
    noted.set(oldNoted)
  }

  /** Whether what is at one place comes before a request. */
  const isBefore = (place: number, dueMs: number, index: number): boolean => {
    const own = due[place] as number
    return own < dueMs || (own === dueMs && (indices[place] as number) < index)
  }

  function put(place: number, dueMs: number, index: number): void {
    due[place] = dueMs
    indices[place] = index
  }

  function move(from: number, to: number): void {
    put(to, due[from] as number, indices[from] as number)
    noted[to] = noted[from] as number
  }

  return {
    get size() {
      return size
    },
    get nextDueMs() {
      return size === 0 ? Number.POSITIVE_INFINITY : (due[0] as number)
    },
    push(dueMs, index, note) {
      if (size === due.length) grow()
      let place = size++
      while (place > 0) {
        const parent = (place - 1) >> 1
        if (isBefore(parent, dueMs, index)) break
        move(parent, place)
        place = parent
      }
      put(place, dueMs, index)
      noted[place] = note
    },
    pop() {
      if (size === 0) throw new Error('nothing waits')
      popped.dueMs = due[0] as number
      popped.index = indices[0] as number
      popped.note = noted[0] as number
      size--
      const [dueMs, index, note] = [due[size] as number, indices[size] as number, noted[size] as number]
      let place = 0
      for (;;) {
        let child = 2 * place + 1
        if (child >= size) break
        if (child + 1 < size && isBefore(child + 1, due[child] as number, indices[child] as number)) child++
        if (!isBefore(child, dueMs, index)) break
        move(child, place)
        place = child
      }
      put(place, dueMs, index)
      noted[place] = note
      return popped
    },
  }
}
