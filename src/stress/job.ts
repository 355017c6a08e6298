import type { Fault } from './load-plan.ts'

/*
 * What a request of a load is, in a small number, so that hundreds of thousands can wait without an object each: its
 * kind, and how many retries came before it.
 */

/** An ordinary request, one with a wrong signature, one whose answer is lost, or the copy of an earlier one. */
export const JOB_KINDS = ['plain', 'forged', 'lost-ack', 'copy'] as const
/** One of them. */
export type JobKind = (typeof JOB_KINDS)[number]

/** The number for a request: kind and retry, 0 for a first delivery. */
export const jobNote = (kind: JobKind, retry: number): number => JOB_KINDS.indexOf(kind) * 256 + retry

/** The kind in a note. */
export const kindOf = (note: number): JobKind => JOB_KINDS[note >> 8] as JobKind

/** The retry in a note, 0 for a first delivery. */
export const retryOf = (note: number): number => note & 255

/** How a first delivery with this fault is sent. */
export function kindUnder(fault: Fault | undefined): JobKind {
  if (fault === 'wrong-signature') return 'forged'
  return fault === 'lost-ack' ? 'lost-ack' : 'plain'
}
