import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { drop, keep, kept } from './browser.ts'
import { changedNames, edited, isContested, withEdit, type Edits } from './edits.ts'

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
  const first = useMemo(() => ({ ...initial, ...(kept(key) as Partial<T> | null | undefined) }), [key])
  const draft = useSignal<T>(first)
  return {
    value: draft.value,
    set(change) {
      draft.value = { ...draft.peek(), ...change }
      keep(key, draft.peek())
    },
    reset(value) {
      draft.value = value
      drop(key)
    },
  }
}

/** A form of something that is known and may change elsewhere meanwhile: only what was edited here is kept. */
export interface EditedForm<T> {
  readonly value: T
  /** What was changed here. */
  readonly changed: readonly (keyof T)[]
  /** Whether a field that was changed here has become another one elsewhere since. */
  isContested(name: keyof T): boolean
  set(change: Partial<T>): void
  /** Forgets what was changed here. */
  discard(): void
}

/** The form of this name over what is `known` now; edits survive a reload. What is secret must not be in it. */
export function useEdits<T extends object>(name: string, known: T): EditedForm<T> {
  const key = `qualifio-sim:edits:${name}`
  const first = useMemo(() => (kept(key) ?? {}) as Edits<T>, [key])
  const edits = useSignal<Edits<T>>(first)
  return {
    value: edited(known, edits.value),
    changed: changedNames(edits.value, known),
    isContested: (field) => isContested(edits.value, known, field),
    set(change) {
      edits.value = withEdit(edits.peek(), known, change)
      keep(key, edits.peek())
    },
    discard() {
      edits.value = {}
      drop(key)
    },
  }
}
