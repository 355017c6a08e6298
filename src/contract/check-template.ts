import { nearest } from '../errors.ts'
import type { ModelPath } from './event-model.ts'
import { ALL_EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import { FILTERS } from './filters.ts'
import type { AppliedFilter } from './filter-chain.ts'
import { mentionsOf } from './template.ts'
import type { Mention } from './template.ts'
import type { Placeholder, Problem, Template } from './template-node.ts'
import type { ValueKind } from './value-kind.ts'

/** What in a template does not fit the event model: unknown paths, and filters that could not be undone there. */
export function checkTemplate(template: Template, paths: ReadonlyMap<string, ModelPath>): readonly Problem[] {
  return mentionsOf(template).flatMap((mention) => {
    if (isUnknowable(mention, paths)) return []
    const known = paths.get(mention.modelPath)
    if (known === undefined) return [unknownPath(mention, paths)]
    if (mention.node.kind === 'placeholder') return checkFilters(mention.node, known)
    return known.kind.json === 'array'
      ? []
      : [{ offset: mention.node.offset, text: `"$each" needs a list, and ${mention.modelPath} is none` }]
  })
}

/** No path (its form is wrong, which is said already), or a path in the elements of what is no list of the model. */
function isUnknowable({ modelPath, node }: Mention, paths: ReadonlyMap<string, ModelPath>): boolean {
  const scope = modelPath.slice(0, modelPath.length - node.path.join('.').length)
  return node.path.length === 0 || (scope !== '' && paths.get(scope.replace(/\[\]\.$/, ''))?.kind.json !== 'array')
}

function unknownPath({ modelPath, node }: Mention, paths: ReadonlyMap<string, ModelPath>): Problem {
  const written = node.path.join('.')
  const scope = modelPath.slice(0, modelPath.length - written.length)
  const inScope = [...paths.keys()].filter((path) => path.startsWith(scope)).map((path) => path.slice(scope.length))
  const list = node.path
    .map((_, index) => node.path.slice(0, index + 1).join('.'))
    .find((path) => paths.get(scope + path)?.kind.json === 'array')
  const parents = node.path.map((_, index) => node.path.slice(0, index).join('.'))
  const deepest = parents.findLast((path) => paths.get(scope + path)?.kind.json === 'object') ?? ''
  const near = nearest(
    written,
    inScope.filter((path) => !path.includes('[]')),
  )
  const suggestion =
    list !== undefined
      ? `${list} is a list, write { "$each": "${list}", "item": … }`
      : near !== undefined
        ? `did you mean ${near}?`
        : `known here are ${childrenOf(deepest, inScope).join(', ')}`
  return {
    offset: node.offset,
    text: `unknown path "${written}"${scope === '' ? '' : ` in ${scope.slice(0, -1)}`}; ${suggestion}`,
  }
}

/** The direct children of a path, or of the scope for an empty one. */
function childrenOf(parent: string, paths: readonly string[]): readonly string[] {
  const prefix = parent === '' ? '' : `${parent}.`
  return paths.filter((path) => path.startsWith(prefix) && !/[.[]/.test(path.slice(prefix.length)))
}

function checkFilters(node: Placeholder, { path, kind }: ModelPath): readonly Problem[] {
  let current: ValueKind = kind
  for (const filter of node.filters) {
    const next = FILTERS[filter.name].accepts(current, path === 'type' ? ownType(filter, current) : filter.pairs)
    if (typeof next === 'string') return [{ offset: filter.offset, text: `${path}: ${next}` }]
    current = next
  }
  return []
}

/** One `map` of all eight types may stand in every template; in each only that template's own type comes. */
function ownType({ pairs }: AppliedFilter, kind: ValueKind): AppliedFilter['pairs'] {
  const values = kind.json === 'string' ? (kind.values ?? []) : []
  return pairs.filter(([from]) => values.includes(from) || !ALL_EVENT_TYPES.includes(from as EventType))
}
