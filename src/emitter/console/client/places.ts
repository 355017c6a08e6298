import { computed, signal } from '@preact/signals'
import { placeOf, type Place, type Tab } from './place-of.ts'

/** Where the reader is now. */
export const place = signal<Place>(placeOf(location.hash))

/** Tab and id: what changes when another page is opened, and not when its filters do. */
export const page = computed(() => `${place.value.tab ?? '?'}/${place.value.id ?? ''}`)

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
  if (tab === undefined) return
  history.replaceState(null, '', hrefOf(tab, id, { ...query, ...changes }))
  arrive()
}

/** Reads the address again: nobody is told when a script replaced it. */
export function arrive(): void {
  place.value = placeOf(location.hash)
  const { tab, id } = place.value
  if (tab !== undefined && id === undefined) lists.set(tab, location.hash)
}
