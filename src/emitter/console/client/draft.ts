import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'

/** A form that is half filled, kept for this tab of the browser, so that a reload loses nothing. */
export interface Draft<T> {
  readonly value: T
  /** What the user wrote. */
  set(change: Partial<T>): void
  /** What is known otherwise: nothing of it has to be kept. */
  reset(value: T): void
}

/** The draft of this name, or `initial` when there is none. What is secret must not be in it. */
export function useDraft<T extends object>(name: string, initial: T): Draft<T> {
  const key = `qualifio-sim:${name}`
  const first = useMemo(() => ({ ...initial, ...stored<T>(key) }), [key])
  const draft = useSignal<T>(first)
  return {
    value: draft.value,
    set(change) {
      draft.value = { ...draft.peek(), ...change }
      try {
        sessionStorage.setItem(key, JSON.stringify(draft.peek()))
      } catch {
        // Storage is full or off: then a reload loses the form.
      }
    },
    reset(value) {
      draft.value = value
      sessionStorage.removeItem(key)
    },
  }
}

function stored<T>(key: string): Partial<T> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<T>
  } catch {
    return {}
  }
}
