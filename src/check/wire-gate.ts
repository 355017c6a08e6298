import type { Clock } from '../ports.ts'

/** A place where several wait for each other. */
export interface Gate {
  /** Says that this one is here, or never will be; resolves when the gate opens. */
  arrive(index: number): Promise<void>
  /** No one waits any more. */
  dismiss(): void
}

/** A gate that opens when `count` have arrived, or after `maxWaitMs`. */
export function createGate(count: number, maxWaitMs: number, clock: Clock): Gate {
  const arrived = new Set<number>()
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const dismiss = clock.after(maxWaitMs, () => open())
  return {
    arrive(index) {
      arrived.add(index)
      if (arrived.size >= count) open()
      return opened
    },
    dismiss,
  }
}
