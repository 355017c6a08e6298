import type { Emitter } from '../../src/emitter/emitter.ts'
import type { DeliveryView, ListView, MemberView } from '../../src/emitter/view/views.ts'

type PageOf<List extends 'members' | 'deliveries'> = Parameters<Emitter[List]>[1]

/** A page of the members whose name or e-mail has the text. */
export function memberPage(
  members: readonly MemberView[],
  query: string,
  page: PageOf<'members'>,
): ListView<MemberView> {
  const words = query.toLowerCase()
  const all = members.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(words))
  const from = Number(page.cursor ?? 0)
  const next = from + page.limit
  const items = all.toSorted((a, b) => a.name.localeCompare(b.name)).slice(from, next)
  return { items, cursor: next < all.length ? String(next) : null }
}

/** A page of deliveries, the newest first. */
export function deliveryPage(
  deliveries: readonly DeliveryView[],
  filter: Parameters<Emitter['deliveries']>[0],
  page: PageOf<'deliveries'>,
): ListView<DeliveryView> {
  const before = Number(page.cursor ?? Number.POSITIVE_INFINITY)
  const all = deliveries
    .toReversed()
    .filter(
      (item) =>
        item.id < before &&
        (filter.state === undefined || item.state === filter.state) &&
        (filter.webhookId === undefined || item.webhook.id === filter.webhookId) &&
        (filter.type === undefined || item.types.includes(filter.type)) &&
        (filter.memberId === undefined || item.member?.id === filter.memberId),
    )
  const items = all.slice(0, page.limit)
  return { items, cursor: items.length < all.length ? String(items.at(-1)?.id) : null }
}
