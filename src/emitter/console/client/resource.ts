import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { ApiProblem, get, problemText } from './api.ts'
import { later } from './browser.ts'

/** Something read from the server, and how to read it again. */
export interface Resource<T> {
  readonly data: ReadonlySignal<T | undefined>
  readonly problem: ReadonlySignal<string | undefined>
  /** Whether the server has nothing like this. */
  readonly isMissing: ReadonlySignal<boolean>
  /** Reads it now. */
  reload(): Promise<void>
  /** Reads it soon, however often this is called. */
  reloadSoon(): void
  /** Takes over what is known already. */
  put(data: T): void
}

/** At most so often is something read that keeps changing. */
const PERIOD_MS = 400

/** Reads `path` while the component is there; another path is read anew, and what was there stays until then. */
export function useResource<T>(path: string): Resource<T> {
  const data = useSignal<T | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  const isMissing = useSignal(false)
  const state = useRef({ path, abort: new AbortController(), isPlanned: false, wasRead: false })

  async function read(): Promise<void> {
    const mine = state.current
    const { abort, path: asked } = mine
    try {
      const read = await get<T>(asked, abort.signal)
      if (abort.signal.aborted) return
      mine.wasRead = true
      data.value = read
      problem.value = undefined
      isMissing.value = false
    } catch (error) {
      if (abort.signal.aborted) return
      problem.value = problemText(error)
      isMissing.value = error instanceof ApiProblem && error.status === 404
      // What was there belongs to another path.
      if (!mine.wasRead) data.value = undefined
    }
  }

  useEffect(() => {
    state.current = { path, abort: new AbortController(), isPlanned: false, wasRead: false }
    const { abort } = state.current
    problem.value = undefined
    isMissing.value = false
    void read()
    return () => abort.abort()
  }, [path])

  return {
    data,
    problem,
    isMissing,
    reload: read,
    reloadSoon() {
      const mine = state.current
      if (mine.isPlanned) return
      mine.isPlanned = true
      later(PERIOD_MS, () => {
        mine.isPlanned = false
        if (!mine.abort.signal.aborted) void read()
      })
    },
    put(known) {
      data.value = known
    },
  }
}
