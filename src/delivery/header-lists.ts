/**
 * The same headers with other values. A plain loop, for every answer comes through here; a header that is named
 * `__proto__` stays a header.
 */
export function mapHeaders<From, To>(
  headers: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  const changed: Record<string, To> = {}
  for (const name of Object.keys(headers)) {
    const value = change(headers[name] as From)
    if (name === '__proto__')
      Object.defineProperty(changed, name, { value, enumerable: true, writable: true, configurable: true })
    else changed[name] = value
  }
  return changed
}
