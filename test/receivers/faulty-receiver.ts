import { nodeReceiver, type NodeSteps } from './node-receiver.ts'
import type { CheckedReceiver } from './receiver.ts'

/** What a faulty receiver is handed instead of real time. */
export interface FaultyOptions {
  /** How long a receiver waits whose fault is a wait, in ms. */
  readonly waitMs?: number
  /** What it takes for the present, in ms since the epoch. */
  readonly nowMs?: number
}

/** A receiver with exactly one fault, one that integrators make. */
export interface FaultyReceiver {
  readonly name: string
  /** What it gets wrong, in one sentence. */
  readonly fault: string
  /** The numbers of the checks that it fails, MUST and SHOULD. */
  readonly fails: readonly string[]
  start(options?: FaultyOptions): Promise<CheckedReceiver>
}

/** The plain receiver with one seam changed; the change is made afresh for every start. */
export function faultyNode(
  name: string,
  fault: string,
  { fails, ...rest }: { readonly fails: readonly string[]; change(options: FaultyOptions): Partial<NodeSteps> },
): FaultyReceiver {
  return { name, fault, fails, start: (options = {}) => nodeReceiver(rest.change(options)) }
}

/** Waits without keeping the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
