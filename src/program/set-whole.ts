import type { Contract } from '../contract/contract.ts'
import type { EventType } from '../contract/event-types.ts'
import { isPartOf, leavesBelow, wirePlaceOf, type WireSteps } from '../contract/wire-place.ts'
import { UsageError } from '../errors.ts'
import { writtenPath, type SetRule } from './set-rule.ts'

/**
 * Where on the wire the value of a rule must stand as it is, because the template takes an object or a list apart and
 * the value is none, or one of other fields; undefined where the template writes the value itself.
 * @throws UsageError where the contract has no such place, naming the fields to set instead
 */
export function wholePlace(contract: Contract, type: EventType, rule: SetRule): WireSteps | undefined {
  const template = contract.templates[type]
  const path = writtenPath(rule.steps)
  const asked = path.replaceAll(/\[\d+\]/g, '[]')
  const leaves = leavesBelow(template, path)
  if (leaves.length === 0 || leaves.includes(asked) || hasExactly(rule.value, asked, new Set(leaves))) return undefined
  const place = wirePlaceOf(template, path)
  if (place !== undefined) return place
  const fields = leaves.map((leaf) => path + leaf.slice(asked.length).replaceAll('[]', '[0]'))
  throw new UsageError(
    `--set ${rule.text}: the contract ${contract.name} has no place for ${path} as a whole; set what it sends of it: ${fields.join(', ')}.`,
  )
}

/** Whether a value has all the leaves, in every element of a list, and no others. */
function hasExactly(value: unknown, path: string, leaves: ReadonlySet<string>): boolean {
  if (leaves.has(path)) return true
  if (Array.isArray(value))
    return (
      [...leaves].some((leaf) => isPartOf(leaf, `${path}[]`)) &&
      value.every((item) => hasExactly(item, `${path}[]`, leaves))
    )
  if (typeof value !== 'object' || value === null) return false
  const keys = Object.keys(value)
  if (!keys.every((key) => hasExactly((value as Record<string, unknown>)[key], `${path}.${key}`, leaves))) return false
  return [...leaves].every((leaf) => !isPartOf(leaf, path) || keys.some((key) => isPartOf(leaf, `${path}.${key}`)))
}
