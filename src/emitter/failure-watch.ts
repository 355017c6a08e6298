import type { Clock } from '../ports.ts'
import type { Store } from './storage.ts'

type OnFailure = (error: unknown) => void

/** The store, telling that it cannot be written any more also when it is a request that finds out. */
export function watched(store: Store, onFailure: OnFailure): Store {
  return {
    ...store,
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
