import { useSignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/**
 * A form that is half filled, kept for this tab of the browser until `forget`, so that a reload loses nothing. What is
 * secret must not be in it.
 */
export function useDraft<T extends object>(key: string, initial: T): Signal<T> & { forget(): void } {
  const name = `qualifio-sim:${key}`
  const draft = useSignal<T>({ ...initial, ...stored<T>(name) })
  useEffect(
    () =>
      draft.subscribe((value) => {
        if (value === initial) return
        try {
          sessionStorage.setItem(name, JSON.stringify(value))
        } catch {
          // Storage is full or off: then a reload loses the form.
        }
      }),
    [name],
  )
  return Object.assign(draft, {
    forget() {
      draft.value = initial
      sessionStorage.removeItem(name)
    },
  })
}

function stored<T>(name: string): Partial<T> {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? '{}') as Partial<T>
  } catch {
    return {}
  }
}
