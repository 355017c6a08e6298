import type { Contract } from '../contract/contract-file.ts'

/** The identity of a wire element, or undefined when it does not give it. */
export type Identify = (element: unknown) => string | undefined

/**
 * Reads what a contract deduplicates on.
 * @param wirePaths as in `contract.json`, `id` or `meta["event.id"]`; several together are one identity
 */
export function identityOf(wirePaths: readonly string[]): Identify {
  const paths = wirePaths.map(keysOf)
  const [first] = paths
  if (first === undefined) return () => undefined
  if (paths.length === 1) return (element) => textOf(valueAt(element, first))
  return (element) => {
    const parts = paths.map((keys) => textOf(valueAt(element, keys)))
    return parts.includes(undefined) ? undefined : JSON.stringify(parts)
  }
}

/** What to say where duplicates cannot be recognised; undefined where they can. */
export function identityNote(contract: Pick<Contract, 'name' | 'identity'>): string | undefined {
  if (contract.identity.length > 0) return undefined
  return (
    `the contract ${contract.name} has no identity, so duplicates cannot be recognised; ` +
    'a retry is recognised by its bytes'
  )
}

function keysOf(wirePath: string): readonly string[] {
  return [...wirePath.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|[\w$-]+/g)].map(([key, quoted, index]) =>
    quoted === undefined ? (index ?? key) : (JSON.parse(`"${quoted}"`) as string),
  )
}

function valueAt(element: unknown, keys: readonly string[]): unknown {
  let value = element
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}
