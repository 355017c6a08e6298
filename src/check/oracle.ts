import { printable } from '../delivery/printable.ts'
import type { Clock } from '../ports.ts'
import type { Effect, EffectExpectation } from './effect.ts'

/** How often an event was applied, or why that is not known. */
export type Counted = Effect['counted']

/** Asks the receiver's own records. Never rejects. */
export interface Oracle {
  count(eventId: string, signal?: AbortSignal): Promise<Counted>
}

/** An oracle, and how patiently it is asked. */
export interface OracleUse {
  readonly oracle: Oracle
  /** How long effects may take to show. */
  readonly timeoutMs: number
  /** What is right must stay right for so long: a second copy may still be under way. 300 ms by default. */
  readonly settleMs?: number
}

/** Between two questions about the same event. */
const POLL_MS = 100
const SETTLE_MS = 300

/** How a problem of that kind is told, and recognised. */
export const SENT_BEFORE = 'for an event that was not sent yet'

/**
 * Why the oracle cannot judge these events, asked before any of them is sent: it fails, or it counts what was never sent.
 * Undefined where it can.
 */
export async function oracleProblem(
  expected: readonly EffectExpectation[],
  { oracle, signal }: Pick<OracleUse, 'oracle'> & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  for (const { eventId } of expected) {
    const counted = await oracle.count(eventId, signal)
    if (counted.kind === 'unknown') return `not verifiable: ${counted.reason}`
    if (counted.count > 0)
      return `not verifiable: the oracle counts ${counted.count} ${SENT_BEFORE}; take another --seed, or another oracle`
  }
  return undefined
}

/**
 * Asks until all counts are as expected and stay so, or the time is over. A count above the expected one cannot become
 * right again, so it ends the wait.
 */
export async function settledEffects(
  expected: readonly EffectExpectation[],
  how: OracleUse & { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<readonly Effect[]> {
  const { oracle, clock, signal } = how
  const endMs = clock.monotonicMs() + how.timeoutMs
  let rightSinceMs: number | undefined
  for (;;) {
    const effects = await Promise.all(
      expected.map(async (one): Promise<Effect> => ({ ...one, counted: await oracle.count(one.eventId, signal) })),
    )
    const nowMs = clock.monotonicMs()
    const isRight = effects.every(({ counted, times }) => counted.kind === 'count' && counted.count === times)
    const isOver = effects.some(({ counted, times }) => counted.kind === 'count' && counted.count > times)
    rightSinceMs = isRight ? (rightSinceMs ?? nowMs) : undefined
    const isSettled = rightSinceMs !== undefined && nowMs - rightSinceMs >= (how.settleMs ?? SETTLE_MS)
    if (isOver || isSettled || nowMs >= endMs || signal.aborted) return effects
    await clock.sleep(POLL_MS, signal)
  }
}

/**
 * The count in what an oracle says: a number, or JSON with the number at a JSON pointer (RFC 6901).
 * @param pointer `/data/count`; undefined for a plain number
 */
export function countIn(text: string, pointer: string | undefined): Counted {
  const unknown = (reason: string): Counted => ({ kind: 'unknown', reason })
  const said = text.trim()
  if (said === '') return unknown('the oracle said nothing')
  let value: unknown
  try {
    value = JSON.parse(said)
  } catch {
    return unknown(`the oracle said no number: ${short(said)}`)
  }
  if (pointer !== undefined) {
    const found = at(value, pointer)
    if (found === undefined) return unknown(`the oracle's JSON has nothing at ${pointer}: ${short(said)}`)
    value = found
  }
  if (typeof value !== 'number') {
    const hint =
      typeof value === 'object' && pointer === undefined ? ' (--oracle-pointer /count says where it stands)' : ''
    return unknown(`the oracle said no number${hint}: ${short(said)}`)
  }
  if (!Number.isSafeInteger(value) || value < 0) return unknown(`the oracle said ${value}, which counts nothing`)
  return { kind: 'count', count: value }
}

function at(value: unknown, pointer: string): unknown {
  let found = value
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

function short(text: string): string {
  const line = printable(text)
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}
