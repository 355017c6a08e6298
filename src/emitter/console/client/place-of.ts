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
  /** Undefined where there is no such page. */
  readonly tab: Tab | undefined
  readonly id: string | undefined
  readonly query: Readonly<Record<string, string>>
}

/** What an address means: `#/deliveries/12`, `#/members?query=emma`. Nothing is the deliveries. */
export function placeOf(hash: string): Place {
  const [path = '', words = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [tab = '', id = '', ...more] = path.split('/')
  const query = Object.fromEntries(new URLSearchParams(words))
  // The program is one page; no page has a page below it.
  const isKnown = Object.hasOwn(TABS, tab) && more.length === 0 && (tab !== 'program' || id === '')
  if (!isKnown && path !== '') return { tab: undefined, id: decoded(path), query }
  return { tab: isKnown ? (tab as Tab) : 'deliveries', id: id === '' ? undefined : decoded(id), query }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
