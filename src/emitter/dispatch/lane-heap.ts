/** What can wait for its time. */
export interface Due {
  readonly id: number
  readonly dueAtMs: number
}

/** Things by the moment they are due, the earliest first; of several, the one with the lowest id. */
export interface LaneHeap<T extends Due> {
  readonly first: T | undefined
  readonly push: (item: T) => void
  readonly pop: () => T | undefined
  /** Makes it right again after due times were changed. */
  readonly reorder: () => void
  readonly clear: () => void
}

const isBefore = (a: Due, b: Due) => a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.id < b.id)

/** An empty heap. */
export function laneHeap<T extends Due>(): LaneHeap<T> {
  let items: T[] = []

  function rise(from: number): void {
    const item = items[from] as T
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (isBefore(items[parent] as T, item)) break
      items[place] = items[parent] as T
      place = parent
    }
    items[place] = item
  }

  function sink(from: number): void {
    const item = items[from] as T
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      if (child + 1 < items.length && isBefore(items[child + 1] as T, items[child] as T)) child += 1
      if (isBefore(item, items[child] as T)) break
      items[place] = items[child] as T
      place = child
    }
    items[place] = item
  }

  return {
    get first() {
      return items[0]
    },
    push(item) {
      items.push(item)
      rise(items.length - 1)
    },
    pop() {
      const first = items[0]
      const last = items.pop()
      if (items.length > 0) {
        items[0] = last as T
        sink(0)
      }
      return first
    },
    reorder() {
      for (let place = (items.length >> 1) - 1; place >= 0; place -= 1) sink(place)
    },
    clear() {
      items = []
    },
  }
}
