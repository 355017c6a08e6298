/**
 * A URL for people: the values of its query, and who is named in it, are masked (`?apikey=…`), since they may be secret.
 */
export function displayUrl(url: URL): string {
  return displayText(url.href)
}

/** The same for what may be no URL. */
export function displayText(text: string): string {
  const [beforeQuery = '', ...query] = text.split('?')
  const masked = beforeQuery.replace(/^([^:/]*:\/\/)[^/]*@/, '$1…@')
  if (query.length === 0) return masked
  const parts = query.join('?').split('&')
  return `${masked}?${parts.map((part) => (part.includes('=') ? `${part.slice(0, part.indexOf('='))}=…` : '…')).join('&')}`
}
