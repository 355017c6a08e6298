import type { Clock } from '../ports.ts'
import { StateError } from './state-error.ts'
import type { Store } from './storage.ts'

type OnFailure = (error: unknown) => void

/** The store, telling that it cannot be written any more also when it is a request that finds out. */
export function watched(store: Store, onFailure: OnFailure): Store {
  const told = <Asked extends readonly unknown[], Answer>(work: (...asked: Asked) => Answer) =>
    function tell(...asked: Asked): Answer {
      try {
        return work(...asked)
      } catch (error) {
        if (error instanceof StateError) onFailure(error)
        throw error
      }
    }
  const entries = Object.entries(store).map(([name, value]) => [
    name,
    typeof value === 'function' ? told(value as (...asked: readonly unknown[]) => unknown) : value,
  ])
  return {
    ...(Object.fromEntries(entries) as Store),
    async durable() {
      try {
        await store.durable()
      } catch (error) {
        onFailure(error)
        throw error
      }
    },
  }
}

/** The clock, with timers whose errors are told. */
export function guarded(clock: Clock, onFailure: OnFailure): Clock {
  return {
    ...clock,
    after: (delayMs, callback) =>
      clock.after(delayMs, () => {
        try {
          callback()
        } catch (error) {
          onFailure(error)
        }
      }),
  }
}
