import type { DeliveryFaults } from '../delivery/fault.ts'
import { losingFirstAcks } from '../delivery/lost-ack.ts'
import { reordered } from '../delivery/reorder.ts'
import type { Transport } from '../delivery/transport.ts'
import { randomStream, uuidV4 } from '../program/random.ts'
import type { ReportedDelivery } from '../report/send-renderer.ts'
import type { OpenedTarget } from './opened-target.ts'

/** The target with as many connections as its copies need at once. */
export function withConnectionsFor({ copies }: DeliveryFaults, target: OpenedTarget): OpenedTarget {
  if (copies.order === 'in-turn') return target
  return { ...target, connections: (target.options.concurrency ?? 1) * copies.count }
}

/** The transport, on which the first answer to every delivery is lost where that is asked for. */
export function faultyTransport({ lostAck }: DeliveryFaults, transport: Transport): Pick<Transport, 'send'> {
  return lostAck === 'yes' ? losingFirstAcks(transport) : transport
}

/** The deliveries in the order in which they go. */
export function inFaultyOrder<T>({ reorder }: DeliveryFaults, items: Iterable<T>, seed: number): Iterable<T> {
  return reorder === 'yes' ? reordered(items, randomStream(seed, 'reorder')) : items
}

/** Copy `number` of a delivery: the same bytes and signature, a delivery of its own. The first keeps its id. */
export function copyOf(
  delivery: ReportedDelivery,
  number: number,
  { of, seed }: { readonly of: number; readonly seed: number },
): ReportedDelivery {
  const id = number === 1 ? delivery.id : uuidV4(randomStream(seed, `delivery:${delivery.number}:copy:${number}`))
  return { ...delivery, id, copy: { number, of }, request: { ...delivery.request } }
}
