import type { DeliveryView } from '../../../view/views.ts'

/** What is asked for in the list; undefined does not narrow. */
export interface Wanted {
  readonly state: string | undefined
  readonly webhook: string | undefined
  readonly type: string | undefined
  readonly member: string | undefined
}

/** What is in the list, the newest first, and what could be. */
export interface Rows {
  readonly shown: readonly DeliveryView[]
  /** Newer ones that wait until the reader asks for them. */
  readonly waiting: ReadonlySet<number>
}

/** More rows are never on the page. */
export const MOST_ROWS = 50

/**
 * Takes changes into the list: rows change where they are; new ones come in at the top, or wait while someone reads.
 */
export function takeIn(rows: Rows, items: readonly DeliveryView[], how: { wanted: Wanted; isReading: boolean }): Rows {
  const changed = new Map(items.map((item) => [item.id, item]))
  const known = new Set(rows.shown.map(({ id }) => id))
  const newest = rows.shown[0]?.id ?? 0
  const fresh = items.filter((item) => !known.has(item.id) && item.id > newest && isWanted(item, how.wanted))
  const kept = rows.shown.map((row) => changed.get(row.id) ?? row)
  if (how.isReading && rows.shown.length > 0)
    return { shown: kept, waiting: new Set([...rows.waiting, ...fresh.map(({ id }) => id)]) }
  const shown = [...fresh.toSorted((a, b) => b.id - a.id), ...kept.filter((row) => isWanted(row, how.wanted))]
  return { shown: shown.slice(0, MOST_ROWS), waiting: rows.waiting }
}

/** Whether a delivery is asked for, as far as it can be told here: of several members only the server knows. */
export function isWanted(item: DeliveryView, { state, webhook, type, member }: Wanted): boolean {
  return (
    (state === undefined || item.state === state) &&
    (webhook === undefined || item.webhook.id === webhook) &&
    (type === undefined || item.types.some((known) => known === type)) &&
    (member === undefined || item.member?.id === member)
  )
}
