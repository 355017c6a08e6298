/** First in, first out. */
export interface LaneQueue<T> {
  readonly first: T | undefined
  readonly push: (item: T) => void
  readonly shift: () => T | undefined
  readonly clear: () => void
}

const COMPACT_FROM = 1024

/** An empty queue. Taking is cheap however long it is, which `Array.shift` is not. */
export function laneQueue<T>(): LaneQueue<T> {
  let items: T[] = []
  let taken = 0
  return {
    get first() {
      return items[taken]
    },
    push: (item) => void items.push(item),
    shift() {
      const item = items[taken]
      if (item === undefined) return undefined
      taken += 1
      if (taken === items.length || (taken >= COMPACT_FROM && taken * 2 >= items.length)) {
        items = items.slice(taken)
        taken = 0
      }
      return item
    },
    clear() {
      items = []
      taken = 0
    },
  }
}
