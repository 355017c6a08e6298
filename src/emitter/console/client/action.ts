import { useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { ApiProblem, problemText, type FieldProblem } from './api.ts'
import { connection } from './live.ts'

/** Something that a button does, and what became of it. */
export interface Action {
  readonly isBusy: ReadonlySignal<boolean>
  readonly problem: ReadonlySignal<string | undefined>
  /** What is wrong with which field. */
  readonly fields: ReadonlySignal<readonly FieldProblem[]>
  /** Does it, unless it is being done. */
  run(work: () => Promise<void>): Promise<void>
  clear(): void
}

/** An action of this component. */
export function useAction(): Action {
  const isBusy = useSignal(false)
  const problem = useSignal<string | undefined>(undefined)
  const fields = useSignal<readonly FieldProblem[]>([])
  const isUnheard = useRef(false)
  useSignalEffect(() => {
    // It answers again: that it did not is over.
    if (connection.value !== 'open' || !isUnheard.current) return
    isUnheard.current = false
    problem.value = undefined
  })
  const made = useRef<Action | undefined>(undefined)
  made.current ??= {
    isBusy,
    problem,
    fields,
    async run(work) {
      if (isBusy.value) return
      isBusy.value = true
      problem.value = undefined
      fields.value = []
      try {
        await work()
      } catch (error) {
        problem.value = problemText(error)
        isUnheard.current = error instanceof ApiProblem && error.status === 0
        fields.value = error instanceof ApiProblem ? error.errors : []
      } finally {
        isBusy.value = false
      }
    },
    clear() {
      problem.value = undefined
      fields.value = []
    },
  }
  return made.current
}
