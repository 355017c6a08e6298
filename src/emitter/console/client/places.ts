import { computed, signal } from '@preact/signals'

/** The tabs, in their order. */
export const TABS = {
  deliveries: 'Deliveries',
  members: 'Members',
  story: 'Story',
  webhooks: 'Webhooks',
  program: 'Program',
} as const

/** One of the tabs. */
export type Tab = keyof typeof TABS

/** Where the reader is: all of it stands in the address, so that reload and back keep it. */
export interface Place {
  readonly tab: Tab
  readonly id: string | undefined
  readonly query: Readonly<Record<string, string>>
}

/** Where the reader is now. */
export const place = signal<Place>(placeOf(location.hash))

/** Tab and id: what changes when another page is opened, and not when its filters do. */
export const page = computed(() => `${place.value.tab}/${place.value.id ?? ''}`)

/** The last place in each tab that was a list: where `back` leads, filters and all. */
const lists = new Map<Tab, string>()

addEventListener('hashchange', arrive)
arrive()

/** The address of a place. */
export function hrefOf(
  tab: Tab,
  id?: string | number,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') words.set(name, value)
  const path = id === undefined ? tab : `${tab}/${encodeURIComponent(String(id))}`
  return `#/${path}${words.size === 0 ? '' : `?${words}`}`
}

/** The list of a tab as it was left. */
export function listHref(tab: Tab): string {
  return lists.get(tab) ?? hrefOf(tab)
}

/** Goes there, as a link does. */
export function goTo(href: string): void {
  location.hash = href
}

/** Changes filters: another view of the same page, so that `back` leaves the page. */
export function setQuery(changes: Readonly<Record<string, string | undefined>>): void {
  const { tab, id, query } = place.value
  history.replaceState(null, '', hrefOf(tab, id, { ...query, ...changes }))
  arrive()
}

function arrive(): void {
  place.value = placeOf(location.hash)
  if (place.value.id === undefined) lists.set(place.value.tab, location.hash)
}

function placeOf(hash: string): Place {
  const [path = '', words = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [tab = '', id] = path.split('/', 2)
  return {
    tab: Object.hasOwn(TABS, tab) ? (tab as Tab) : 'deliveries',
    id: id === undefined || id === '' ? undefined : decoded(id),
    query: Object.fromEntries(new URLSearchParams(words)),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
