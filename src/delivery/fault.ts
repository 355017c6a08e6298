import { nearest, UsageError } from '../errors.ts'

/** What may go wrong on the way, in the words of `--fault`. */
export const FAULTS = ['duplicate', 'duplicate-concurrent', 'reorder', 'lost-ack', 'wrong-signature'] as const
/** One of them. */
export type Fault = (typeof FAULTS)[number]

/**
 * `duplicate:5%` as its two halves; the amount is '' where there is none.
 * @param known the faults that this command has
 * @param form how one is written, for the error: `duplicate:5%`
 * @throws UsageError when the name is none of them
 */
export function splitFault<Known extends Fault>(
  text: string,
  where: string,
  { known, form }: { readonly known: readonly Known[]; readonly form: string },
): { readonly fault: Known; readonly amount: string } {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  const fault = known.find((candidate) => candidate === name)
  if (fault !== undefined) return { fault, amount: colon < 0 ? '' : text.slice(colon + 1) }
  const near = nearest(name, known)
  throw new UsageError(
    `${where} ${text}: there is no fault "${name}"; ${near === undefined ? 'it' : `did you mean ${near}? It`} is one of ${known.join(', ')}, written ${form}.`,
  )
}

/** The faults that `send` and `replay` put on their deliveries: on all of them, by counts. */
export const DELIVERY_FAULTS = ['duplicate', 'duplicate-concurrent', 'reorder', 'lost-ack'] as const
/** One of them. */
export type DeliveryFault = (typeof DELIVERY_FAULTS)[number]

/** How every delivery is repeated: so many times in all. */
export interface Copies {
  readonly count: number
  /** `at-once`: so many connections. */
  readonly order: 'in-turn' | 'at-once'
}

/** What goes wrong on the way of every delivery. */
export interface DeliveryFaults {
  /** As written: `duplicate:2`. */
  readonly texts: readonly string[]
  /** Of a delivery, 1 when nothing is repeated. */
  readonly copies: Copies
  /** Whether neighbouring deliveries swap places. */
  readonly reorder: 'yes' | 'no'
  /** Whether the first attempt of each is cut before its answer is read. */
  readonly lostAck: 'yes' | 'no'
}

/** One `--fault` of `send` or `replay`; a count only for the duplicates. */
export interface FaultCount {
  readonly fault: DeliveryFault
  readonly count?: number
}

const MOST_COPIES = 50

/**
 * `duplicate:2`, `duplicate-concurrent:5`, `lost-ack`, `reorder`; the duplicates are 2 without a count.
 * @throws UsageError when the name is unknown, or the count is none or has no meaning
 */
export function parseFaultCount(text: string, where = '--fault'): FaultCount {
  const form = 'duplicate:2, duplicate-concurrent:5, lost-ack or reorder'
  const { fault, amount } = splitFault(text, where, { known: DELIVERY_FAULTS, form })
  const hasAmount = text.includes(':')
  if (fault === 'reorder' || fault === 'lost-ack') {
    if (!hasAmount) return { fault }
    throw new UsageError(`${where} ${text}: ${fault} takes no count, it befalls every delivery; write ${fault}.`)
  }
  const count = hasAmount ? (/^\d+$/.test(amount) ? Number(amount) : Number.NaN) : 2
  if (count >= 2 && count <= MOST_COPIES) return { fault, count }
  const shares = amount.endsWith('%') ? ' (shares are for stress)' : ''
  throw new UsageError(
    `${where} ${text}: "${amount}" is no count${shares}; how often each is sent in all is an integer 2-${MOST_COPIES}, such as ${fault}:2.`,
  )
}

/**
 * All `--fault`s of a run together.
 * @throws UsageError when one is given twice, or both duplicates
 */
export function deliveryFaults(list: readonly FaultCount[], where = '--fault'): DeliveryFaults {
  const given = new Map<DeliveryFault, FaultCount>()
  for (const item of list) {
    if (given.has(item.fault)) throw new UsageError(`${where} ${item.fault} is given twice; give it once.`)
    given.set(item.fault, item)
  }
  const inTurn = given.get('duplicate')
  const atOnce = given.get('duplicate-concurrent')
  if (inTurn !== undefined && atOnce !== undefined)
    throw new UsageError(
      `${where}: duplicate and duplicate-concurrent clash; copies come one after the other or at once.`,
    )
  return {
    texts: list.map(({ fault, count }) => (count === undefined ? fault : `${fault}:${count}`)),
    copies: { count: (inTurn ?? atOnce)?.count ?? 1, order: atOnce === undefined ? 'in-turn' : 'at-once' },
    reorder: given.has('reorder') ? 'yes' : 'no',
    lostAck: given.has('lost-ack') ? 'yes' : 'no',
  }
}

/** A line for each fault that says what it does, for people. */
export function faultLines({ copies, reorder, lostAck }: DeliveryFaults): readonly string[] {
  return [
    ...(copies.count === 1
      ? []
      : [
          copies.order === 'at-once'
            ? `fault: every delivery ${copies.count} times at once`
            : `fault: every delivery ${copies.count} times, one after the other`,
        ]),
    ...(lostAck === 'yes' ? ['fault: the first attempt of each is cut before its answer is read, and retried'] : []),
    ...(reorder === 'yes' ? ['fault: neighbouring deliveries swap places'] : []),
  ]
}
