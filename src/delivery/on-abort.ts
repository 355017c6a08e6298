const waiting = new WeakMap<AbortSignal, (() => void)[]>()

/**
 * Calls `listener` when the signal is raised, unless the returned function was called before. All who wait for one
 * signal share one listener of it, and an array, for the sake of the garbage collector: Node keeps listeners in a
 * linked list, and a `Set` leaves its outgrown tables linked to the new ones. What is removed there and has grown old
 * keeps all that came after it until the next full collection, with the whole requests and answers that they are about.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined
  const listeners = waiting.get(signal) ?? startWaiting(signal)
  listeners.push(listener)
  return () => {
    const index = listeners.indexOf(listener)
    if (index === -1) return
    listeners.splice(index, 1)
    if (listeners.length === 0) stopWaiting(signal)
  }
}

function startWaiting(signal: AbortSignal): (() => void)[] {
  const listeners: (() => void)[] = []
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
  for (let listener = listeners.shift(); listener !== undefined; listener = listeners.shift()) listener()
}
