import type { Random } from '../ports.ts'

/** Two neighbours at a time swap places or not, by chance; the first two always do, so that something is tried. */
export function* reordered<T>(items: Iterable<T>, random: Random): Generator<T> {
  const pair = pairing<T>(random)
  for (const item of items) yield* pair.add(item)
  yield* pair.rest()
}

/** The same for what comes little by little. */
export async function* reorderedAsync<T>(items: AsyncIterable<T>, random: Random): AsyncGenerator<T> {
  const pair = pairing<T>(random)
  for await (const item of items) yield* pair.add(item)
  yield* pair.rest()
}

function pairing<T>(random: Random) {
  let held: readonly [T] | undefined
  let isFirst = true
  return {
    /** What can go now: nothing, or two. */
    add(item: T): readonly T[] {
      if (held === undefined) {
        held = [item]
        return []
      }
      const [before] = held
      held = undefined
      const swaps = random.next32() % 2 === 0 || isFirst
      isFirst = false
      return swaps ? [item, before] : [before, item]
    },
    rest: (): readonly T[] => held ?? [],
  }
}
