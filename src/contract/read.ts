import type { ModelPath } from './event-model.ts'
import type { EventType } from './event-types.ts'
import { FILTERS } from './filters.ts'
import { precisionOf, undoFilters } from './filter-chain.ts'
import type { Filter } from './filters.ts'
import { childPath, mentionsOf } from './template.ts'
import type { Placeholder, Template, TemplateNode } from './template-node.ts'

/** What a wire element says of an event: the parts that the template mentions. */
export type PartialEvent = { readonly type: EventType } & Readonly<Record<string, unknown>>

/** A wire element read back. */
export interface ReadEvent {
  readonly event: PartialEvent
  /** The leaf paths of the model that the template does not mention; absent when read without the model. */
  readonly unmentioned?: readonly string[]
  /** Where the element is not what the template writes, each with its wire path. */
  readonly problems: readonly string[]
}

type Paths = ReadonlyMap<string, ModelPath>

/**
 * Reads a wire element with the template that would have written it. `read(render(event))` is the part of
 * the event that the template mentions, to the precision of its filters.
 * @param how `at` is what problems call the element, `events[3]`; `paths` checks values against the model
 */
export function readEvent(
  template: Template,
  element: object,
  how: { readonly type: EventType; readonly at: string; readonly paths: Paths | undefined },
): ReadEvent {
  const { type, at, paths } = how
  const problems: string[] = []
  const event = startOf({ type })
  read(template.root, element, { at, scope: '', into: event })
  const result = { event: event.value as PartialEvent, problems }
  return paths === undefined ? result : { ...result, unmentioned: unmentionedPaths(template, paths) }

  function read(node: TemplateNode, wire: unknown, to: { at: string; scope: string; into: Collected }): void {
    const expected = (what: string) =>
      void problems.push(
        `${to.at} ${wire === undefined ? `is missing; expected ${what}` : `is ${shortText(wire)}; expected ${what}`}`,
      )
    switch (node.kind) {
      case 'constant':
        return wire === node.value ? undefined : expected(node.text)
      case 'object':
        if (!isObject(wire)) return expected('an object')
        return node.members.forEach(({ key, node: child }) => {
          read(child, Object.hasOwn(wire, key) ? wire[key] : undefined, { ...to, at: childPath(to.at, key) })
        })
      case 'list':
        if (!Array.isArray(wire) || wire.length !== node.items.length) return expected(`a list of ${node.items.length}`)
        return node.items.forEach((item, index) => read(item, wire[index], { ...to, at: `${to.at}[${index}]` }))
      case 'each': {
        if (!Array.isArray(wire)) return expected('a list')
        const scope = `${to.scope}${node.path.join('.')}[].`
        const elements = wire.map((item: unknown, index) => {
          const into = startOf({})
          read(node.item, item, { at: `${to.at}[${index}]`, scope, into })
          return into.value
        })
        return collect({ value: elements, precision: 'exact' }, node.path, to)
      }
      case 'placeholder':
        return readPlaceholder(node, wire, to)
    }
  }

  function readPlaceholder(node: Placeholder, wire: unknown, to: { at: string; scope: string; into: Collected }): void {
    const model = paths?.get(to.scope + node.path.join('.'))
    // What `?` leaves out was null.
    const given = wire === undefined && node.optional ? null : wire
    if (given === undefined)
      return void problems.push(`${to.at} is missing${model === undefined ? '' : `: ${model.description}`}`)
    const value = undoFilters(given, node.filters)
    if (value === undefined) {
      const filters = node.filters.map(({ name }) => `"${name}" (${FILTERS[name].meaning})`).join(' and ')
      return void problems.push(`${to.at} is ${shortText(given)}, which ${filters} never writes`)
    }
    const wrong = model?.check(value)
    if (wrong !== undefined) problems.push(`${to.at} is ${shortText(given)}; it ${wrong}`)
    collect(
      {
        value: isObject(value) || Array.isArray(value) ? structuredClone(value) : value,
        precision: precisionOf(node.filters),
      },
      node.path,
      to,
    )
  }

  /** Puts a value at its path; where it is already known from another place, the more precise one stays. */
  function collect(found: Found, path: readonly string[], to: { at: string; into: Collected }): void {
    let object = to.into.value
    for (const key of path.slice(0, -1)) {
      if (!isObject(object[key])) object[key] = {}
      object = object[key] as Record<string, unknown>
    }
    merge({ object, key: path.at(-1) as string, id: path.join('.') }, found, to)
  }

  function merge(
    place: { object: Record<string, unknown>; key: string; id: string },
    found: Found,
    to: { at: string; into: Collected },
  ): void {
    const { object, key, id } = place
    const known = Object.hasOwn(object, key) ? object[key] : undefined
    const { precisions } = to.into
    const knownPrecision = precisions.get(id) ?? 'exact'
    if (known === undefined) {
      put(object, key, found.value)
      precisions.set(id, found.precision)
    } else if (isObject(known) && isObject(found.value)) {
      for (const [child, value] of Object.entries(found.value)) {
        merge({ object: known, key: child, id: `${id}.${child}` }, { value, precision: found.precision }, to)
      }
    } else if (!agree(known, found.value, COARSER[knownPrecision][found.precision])) {
      problems.push(`${to.at} says that ${id} is ${shortText(found.value)}, and another place ${shortText(known)}`)
    } else if (COARSER[knownPrecision][found.precision] === knownPrecision) {
      put(object, key, found.value)
      precisions.set(id, found.precision)
    }
  }
}

interface Found {
  readonly value: unknown
  readonly precision: Precision
}

type Precision = Filter['precision']

interface Collected {
  readonly value: Record<string, unknown>
  /** How precise the values are that were put in, by path. */
  readonly precisions: Map<string, Precision>
}

function startOf(value: Record<string, unknown>): Collected {
  return { value, precisions: new Map() }
}

const COARSER: Readonly<Record<Precision, Readonly<Record<Precision, Precision>>>> = {
  exact: { exact: 'exact', second: 'second', day: 'day' },
  second: { exact: 'second', second: 'second', day: 'day' },
  day: { exact: 'day', second: 'day', day: 'day' },
}

function agree(a: unknown, b: unknown, precision: Precision): boolean {
  if (precision === 'exact' || typeof a !== 'string' || typeof b !== 'string')
    return JSON.stringify(a) === JSON.stringify(b)
  const { write } = FILTERS[precision === 'second' ? 'epoch_s' : 'date']
  return write(a, []) === write(b, [])
}

/** Assignment would take `__proto__` for the prototype; here every key is data. */
function put(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

function unmentionedPaths(template: Template, paths: Paths): readonly string[] {
  // An `$each` says nothing of its elements by itself: its items are mentions of their own.
  const placeholders = mentionsOf(template).filter(({ node }) => node.kind === 'placeholder')
  const mentioned = new Set(placeholders.map(({ modelPath }) => modelPath))
  // `data.balances[].current` is mentioned by itself and by everything above it.
  const isMentioned = (path: string) =>
    [...path.matchAll(/\[\]|\.|$/g)].some(({ index }) => mentioned.has(path.slice(0, index)))
  return [...paths.values()]
    .filter(
      ({ path, kind }) => kind.json !== 'object' && kind.json !== 'array' && path !== 'type' && !isMentioned(path),
    )
    .map(({ path }) => path)
}

/** A value in an error: short enough for one line. */
function shortText(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What kind of JSON value this is, for an error. */
export function inWords(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
