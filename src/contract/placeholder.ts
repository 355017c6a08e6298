import { nearest } from '../errors.ts'
import { FILTER_NAMES } from './filters.ts'
import type { FilterName, MapPairs } from './filters.ts'
import type { AppliedFilter } from './filter-chain.ts'
import type { Placeholder } from './template-node.ts'

const PATH = /\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(\?)?\s*/y
const FILTER = /\|\s*(\w+)\s*(?:\(([^()]*)\)\s*)?/y

/**
 * Parses `{{path? | filter | map(a=b,c=d)}}`.
 * @param from `at` gives the file's offset of an index of the text (-1 is the opening quote); `place` is where the
 *   placeholder stands, because only a member of an object can be left out
 */
export function parsePlaceholder(
  text: string,
  from: {
    readonly at: (index: number) => number
    readonly place: 'member' | 'element'
    readonly report: (offset: number, text: string) => void
  },
): Placeholder {
  const { at, place } = from
  let isMalformed = false
  const report = (offset: number, problem: string) => {
    isMalformed = true
    from.report(offset, problem)
  }
  const end = text.length - 2
  const filters: AppliedFilter[] = []
  const result = (path: string[], isOptional: string | undefined): Placeholder => ({
    kind: 'placeholder',
    path,
    optional: isOptional !== undefined,
    // Half a chain of filters would only look wrong again when it is checked.
    filters: isMalformed ? [] : filters,
    offset: at(2 + text.slice(2).search(/\S|$/)),
  })
  if (
    !text.startsWith('{{') ||
    !text.endsWith('}}') ||
    end < 2 ||
    text.slice(2, end).includes('{{') ||
    text.slice(2, end).includes('}}')
  ) {
    report(at(-1), `${JSON.stringify(text)}: a leaf is a constant or exactly one placeholder, "{{path}}"`)
    return result([], undefined)
  }
  PATH.lastIndex = 2
  const path = PATH.exec(text)
  if (path?.[1] === undefined) {
    report(at(2), `${JSON.stringify(text)}: a placeholder begins with a path of the event model, such as data.points`)
    return result([], undefined)
  }
  if (path[2] !== undefined && place === 'element') {
    report(at(PATH.lastIndex - 1), '"?" leaves a key out, and an element of a list has none')
  }
  let index = PATH.lastIndex
  while (index < end) {
    FILTER.lastIndex = index
    const match = FILTER.exec(text)
    if (match?.[1] === undefined) {
      report(at(index), `unexpected "${text.slice(index, end).trim()}" in a placeholder; "| filter" is expected`)
      break
    }
    addFilter({ name: match[1], given: match[2], offset: at(text.indexOf(match[1], index)) })
    index = FILTER.lastIndex
  }
  return result(path[1].split('.'), path[2])

  function addFilter(filter: { name: string; given: string | undefined; offset: number }): void {
    const { name, given, offset } = filter
    if (!FILTER_NAMES.includes(name as FilterName)) {
      const near = nearest(name, FILTER_NAMES)
      const suggestion = near === undefined ? `known are ${FILTER_NAMES.join(', ')}` : `did you mean ${near}?`
      return report(offset, `unknown filter "${name}"; ${suggestion}`)
    }
    if ((name === 'map') !== (given !== undefined)) {
      return report(offset, name === 'map' ? '"map" needs its pairs, map(a=b,c=d)' : `"${name}" takes no arguments`)
    }
    const pairs = pairsOf(given)
    if (pairs === undefined) return report(offset, `"map(${given})": pairs are written a=b and separated by commas`)
    const twice = pairs.find(([from], position) => pairs.findIndex(([other]) => other === from) !== position)
    if (twice !== undefined) return report(offset, `"map" names ${twice[0]} twice`)
    filters.push({ name: name as FilterName, pairs, offset })
  }
}

function pairsOf(given: string | undefined): MapPairs | undefined {
  if (given === undefined) return []
  const pairs: [string, string][] = []
  for (const pair of given.split(',')) {
    const separator = pair.indexOf('=')
    const from = pair.slice(0, separator).trim()
    if (separator < 0 || from === '') return undefined
    pairs.push([from, pair.slice(separator + 1).trim()])
  }
  return pairs
}

/** A path alone, as `$each` has it, or undefined. */
export function parsePath(text: string): readonly string[] | undefined {
  PATH.lastIndex = 0
  const match = PATH.exec(text)
  return match?.[2] === undefined && PATH.lastIndex === text.length ? match?.[1]?.split('.') : undefined
}
