const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` when the signal is raised, unless the returned function was called before. All who wait for one
 * signal share one listener of it: Node keeps the listeners of a signal in a linked list, and a removed one that has
 * grown old keeps those after it alive until the next full collection, with the whole requests and answers that they
 * are about. With many in flight that doubles the cost of collecting.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined
  const listeners = waiting.get(signal) ?? startWaiting(signal)
  listeners.add(listener)
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) stopWaiting(signal)
  }
}

function startWaiting(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>()
  waiting.set(signal, listeners)
  signal.addEventListener('abort', raised, { once: true })
  return listeners
}

function stopWaiting(signal: AbortSignal): void {
  waiting.delete(signal)
  signal.removeEventListener('abort', raised)
}

function raised(this: AbortSignal): void {
  const listeners = waiting.get(this) ?? []
  waiting.delete(this)
  for (const listener of listeners) listener()
}
