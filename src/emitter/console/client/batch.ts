/** More than this can be on no page: what came first is told of as `more`. */
const MOST = 200

/**
 * Gathers changes, each thing's last state only, and hands them over once per frame that is drawn.
 * @param onFrame calls back before the next frame; a page that nobody sees draws none, and so gathers until it is seen
 */
export function createBatch<T extends { readonly id: string | number }>(
  deliver: (items: readonly T[], more: boolean) => void,
  onFrame: (draw: () => void) => void,
): { add(change: { readonly items: readonly T[]; readonly more: boolean }): void } {
  const waiting = new Map<T['id'], T>()
  let hasMore = false
  let isAsked = false
  const flush = (): void => {
    const [items, more] = [[...waiting.values()], hasMore]
    waiting.clear()
    hasMore = false
    isAsked = false
    deliver(items, more)
  }
  return {
    add({ items, more }) {
      hasMore ||= more
      for (const item of items) {
        waiting.delete(item.id)
        waiting.set(item.id, item)
      }
      for (const id of waiting.keys()) {
        if (waiting.size <= MOST) break
        waiting.delete(id)
        hasMore = true
      }
      if (isAsked) return
      isAsked = true
      onFrame(flush)
    },
  }
}
