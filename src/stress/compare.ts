import { UsageError } from '../errors.ts'

/** A figure of two runs. */
export interface FigureChange {
  /** Its place in the summary: `latencyMs.p99`. */
  readonly name: string
  readonly before: number
  readonly after: number
  /** Relative, 0.1 for a tenth more; absent when it was 0 before and is not now. */
  readonly change?: number
}

/**
 * What changed from an earlier run: every figure that both summaries hold, in the order of the new one.
 * @param before an earlier run's JSON document, or its `summary` alone
 * @param after the new run's `summary`
 * @throws UsageError when the earlier one is no result of `stress`
 */
export function compareSummaries(before: unknown, after: object, where = '--compare'): readonly FigureChange[] {
  const document = new Map(figures(before))
  const held = [...document.keys()].some((name) => name.startsWith('summary.'))
  const old = held && isRecord(before) ? new Map(figures(before['summary'])) : document
  if (!['deliveries', 'requests', 'latencyMs.p99'].every((name) => old.has(name)))
    throw new UsageError(`${where} is no result of stress; write one with --format json --output old.json.`)
  return figures(after).flatMap(([name, value]) => {
    const was = old.get(name)
    return was === undefined ? [] : [{ name, before: was, after: value, ...relative(was, value) }]
  })
}

function relative(before: number, after: number): { readonly change?: number } {
  if (before === after) return { change: 0 }
  return before === 0 ? {} : { change: (after - before) / before }
}

/** The numbers of an object by their place. */
function figures(value: unknown, prefix = ''): [name: string, value: number][] {
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, item]): [string, number][] => {
    if (typeof item === 'number') return [[prefix + key, item]]
    return figures(item, `${prefix}${key}.`)
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
