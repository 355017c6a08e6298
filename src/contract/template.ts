import { nearest } from '../errors.ts'
import { FILTER_NAMES } from './filters.ts'
import type { AppliedFilter, FilterName, MapPairs } from './filters.ts'
import type { JsonNode, JsonSource } from './json-source.ts'

/*
 * A template is a sample-shaped JSON document: each leaf is a constant or exactly one placeholder
 * `{{path | filter}}`. This file turns one into a tree; render.ts writes with it, read.ts reads
 * back with it, check-template.ts compares it with the event model.
 */

/** A path of the event model inside a template; in the item of an `$each` relative to the element. */
export interface Placeholder {
  readonly kind: 'placeholder'
  readonly path: readonly string[]
  /** Written with `?`: the key is left out when the value is null. */
  readonly optional: boolean
  readonly filters: readonly AppliedFilter[]
  readonly offset: number
}

/** A constant, with the text it has in the template: `1.0` stays `1.0`. */
export interface Constant {
  readonly kind: 'constant'
  readonly value: string | number | boolean | null
  readonly text: string
  readonly offset: number
}

/** One key of an object in a template. */
export interface TemplateMember {
  readonly key: string
  readonly node: TemplateNode
}

/** An object of a template, keys in the order they are written. */
export interface TemplateObject {
  readonly kind: 'object'
  readonly members: readonly TemplateMember[]
  readonly offset: number
}

/** `{ "$each": "data.balances", "item": … }`: a list with one item for each element of a model list. */
export interface TemplateEach {
  readonly kind: 'each'
  readonly path: readonly string[]
  readonly item: TemplateNode
  readonly offset: number
}

/** A list of a fixed length. */
export interface TemplateList {
  readonly kind: 'list'
  readonly items: readonly TemplateNode[]
  readonly offset: number
}

/** A part of a template. */
export type TemplateNode = Constant | Placeholder | TemplateObject | TemplateList | TemplateEach

/** A parsed template with the file it came from. */
export interface Template {
  readonly source: JsonSource
  readonly root: TemplateObject
}

/** Something wrong in a file, at an offset of its text. */
export interface Problem {
  readonly offset: number
  readonly text: string
}

const PATH = /\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(\?)?\s*/y
const FILTER = /\|\s*(\w+)\s*(?:\(([^()]*)\)\s*)?/y

/** A template with everything that is wrong with its form; it is whole only without problems. */
export interface ParsedTemplate {
  readonly template: Template
  readonly problems: readonly Problem[]
}

/** Parses a template. Whether its paths exist is another question: check-template.ts. */
export function parseTemplate(source: JsonSource): ParsedTemplate {
  const problems: Problem[] = []
  const report = (offset: number, text: string) => void problems.push({ offset, text })
  const root = toNode(source.root, 'member')
  if (root.kind === 'object') return { template: { source, root }, problems }
  report(source.root.offset, 'a template is an object: one event, an element of the payload')
  return { template: { source, root: { kind: 'object', members: [], offset: 0 } }, problems }

  function toNode(node: JsonNode, place: 'member' | 'element'): TemplateNode {
    const { offset } = node
    if (node.kind === 'array') return { kind: 'list', items: node.items.map((item) => toNode(item, 'element')), offset }
    if (node.kind === 'scalar') {
      if (typeof node.value === 'string' && /\{\{|\}\}/.test(node.value)) return placeholder(node.value, node, place)
      return { kind: 'constant', value: node.value, text: source.text.slice(offset, node.end), offset }
    }
    if (node.members.some(({ key }) => key === '$each')) return each(node)
    for (const { key, keyOffset } of node.members) {
      if (key.includes('{{'))
        report(keyOffset, `the key ${JSON.stringify(key)} holds a placeholder; keys are constants`)
    }
    return {
      kind: 'object',
      members: node.members.map(({ key, value }) => ({ key, node: toNode(value, 'member') })),
      offset,
    }
  }

  function each(node: JsonNode & { kind: 'object' }): TemplateNode {
    const list = node.members.find(({ key }) => key === '$each')?.value
    const item = node.members.find(({ key }) => key === 'item')?.value
    for (const { key, keyOffset } of node.members) {
      if (key !== '$each' && key !== 'item')
        report(keyOffset, `unexpected key ${JSON.stringify(key)} beside "$each"; only "item" is known`)
    }
    if (item === undefined) report(node.offset, 'an "$each" needs an "item": what is written for each element')
    const text = list?.kind === 'scalar' && typeof list.value === 'string' ? list.value : ''
    PATH.lastIndex = 0
    const match = PATH.exec(text)
    if (match?.[1] === undefined || match[2] !== undefined || PATH.lastIndex !== text.length) {
      report(list?.offset ?? node.offset, '"$each" is the path of a list, such as "data.balances"')
    }
    return {
      kind: 'each',
      path: match?.[1]?.split('.') ?? [],
      item:
        item === undefined
          ? { kind: 'constant', value: null, text: 'null', offset: node.offset }
          : toNode(item, 'element'),
      offset: list?.offset ?? node.offset,
    }
  }

  function placeholder(text: string, node: JsonNode, place: 'member' | 'element'): Placeholder {
    // With an escape in it the text is shorter than its source, and only the start is known.
    const isVerbatim = source.text.slice(node.offset + 1, node.end - 1) === text
    const at = (index: number) => (isVerbatim ? node.offset + 1 + index : node.offset)
    const end = text.length - 2
    const filters: AppliedFilter[] = []
    const result = (path: string[], isOptional: string | undefined): Placeholder => ({
      kind: 'placeholder',
      path,
      optional: isOptional !== undefined,
      filters,
      offset: at(2 + text.slice(2).search(/\S|$/)),
    })
    if (
      !text.startsWith('{{') ||
      !text.endsWith('}}') ||
      end < 2 ||
      text.slice(2, end).includes('{{') ||
      text.slice(2, end).includes('}}')
    ) {
      report(node.offset, `${JSON.stringify(text)}: a leaf is a constant or exactly one placeholder, "{{path}}"`)
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

/** A model path of a template with the wire path it is written to. */
export interface Mention {
  /** From the root of the event, elements of a list as `data.balances[].current`. */
  readonly modelPath: string
  /** From the root of the wire element, `tiers[].code`. */
  readonly wirePath: string
  readonly node: Placeholder | TemplateEach
}

/** Everything of the event model that a template writes, in the order of the template; an `$each` before its items. */
export function mentionsOf(template: Template): readonly Mention[] {
  const mentions: Mention[] = []
  visit(template.root, '', '')
  return mentions

  function visit(node: TemplateNode, wirePath: string, scope: string): void {
    switch (node.kind) {
      case 'constant':
        return
      case 'placeholder':
        return void mentions.push({ modelPath: scope + node.path.join('.'), wirePath, node })
      case 'object':
        return node.members.forEach((member) => visit(member.node, childPath(wirePath, member.key), scope))
      case 'list':
        return node.items.forEach((item, index) => visit(item, `${wirePath}[${index}]`, scope))
      case 'each': {
        const modelPath = scope + node.path.join('.')
        mentions.push({ modelPath, wirePath, node })
        visit(node.item, wirePath + '[]', modelPath + '[].')
      }
    }
  }
}

/** The wire path of a key below another path; keys that are no plain words are quoted, `a["b.c"]`. */
export function childPath(parent: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`
  return parent === '' ? key : `${parent}.${key}`
}
