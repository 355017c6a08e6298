import type { EventType } from './event-types.ts'
import { writerOf } from './filter-chain.ts'
import { childPath } from './template.ts'
import type { Template, TemplateObject } from './template-node.ts'

/** Where a wire element says which of the eight events it is. */
export interface Discriminator {
  /** The keys from the element to the value; one key when it is at the top level. */
  readonly keys: readonly string[]
  /** The same as a wire path, `meta.type`. */
  readonly wirePath: string
  /** What stands there for each type. */
  readonly types: ReadonlyMap<unknown, EventType>
}

/**
 * The wire path whose value differs in all templates: a constant or a `{{type}}`. A `{{type}}` is
 * preferred to constants, then the path with the fewest keys, then the first.
 */
export function findDiscriminator(templates: Readonly<Record<EventType, Template>>): Discriminator | undefined {
  const all = (Object.keys(templates) as EventType[]).map((type) => ({
    type,
    values: typeValues(templates[type].root, type),
  }))
  const found = [...(all[0]?.values.keys() ?? [])].flatMap((id) => {
    const types = new Map<unknown, EventType>()
    for (const { type, values } of all) {
      const value = values.get(id)?.value
      if (value !== undefined && value !== null) types.set(value, type)
    }
    const keys = JSON.parse(id) as string[]
    return types.size === all.length
      ? [{ keys, types, isPlaceholder: all[0]?.values.get(id)?.isPlaceholder === true }]
      : []
  })
  const [best] = found.toSorted(
    (a, b) => Number(b.isPlaceholder) - Number(a.isPlaceholder) || a.keys.length - b.keys.length,
  )
  return best && { keys: best.keys, wirePath: best.keys.reduce(childPath, ''), types: best.types }
}

/** The type of a wire element, or the value that stands for none. */
export function typeOfWire(
  { keys, types }: Discriminator,
  element: unknown,
): { readonly type: EventType } | { readonly unknown: unknown } {
  let value = element
  for (const key of keys) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined
  }
  const type = types.get(value)
  return type === undefined ? { unknown: value } : { type }
}

interface TypeValue {
  readonly value: unknown
  readonly isPlaceholder: boolean
}

/** Every value of a template that is the same in all events of a type, by its keys as JSON. */
function typeValues(root: TemplateObject, type: EventType): ReadonlyMap<string, TypeValue> {
  const values = new Map<string, TypeValue>()
  visit(root, [])
  return values

  function visit(object: TemplateObject, keys: readonly string[]): void {
    for (const { key, node } of object.members) {
      const id = JSON.stringify([...keys, key])
      if (node.kind === 'object') visit(node, [...keys, key])
      else if (node.kind === 'constant') values.set(id, { value: node.value, isPlaceholder: false })
      else if (node.kind === 'placeholder' && node.path.join('.') === 'type') {
        values.set(id, { value: writerOf(node.filters)(type), isPlaceholder: true })
      }
    }
  }
}
