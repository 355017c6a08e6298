import type { JsonNode, JsonSource } from './json-source.ts'
import { parsePath, parsePlaceholder } from './placeholder.ts'
import type { Placeholder, Problem, Template, TemplateEach, TemplateNode } from './template-node.ts'

/*
 * A template is a sample-shaped JSON document: each leaf is a constant or exactly one placeholder
 * `{{path | filter}}`. This file turns one into a tree; render.ts writes with it, read.ts reads
 * back with it, check-template.ts compares it with the event model.
 */

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
    const path = parsePath(text)
    if (path === undefined)
      report(list?.offset ?? node.offset, '"$each" is the path of a list, such as "data.balances"')
    return {
      kind: 'each',
      path: path ?? [],
      item:
        item === undefined
          ? { kind: 'constant', value: null, text: 'null', offset: node.offset }
          : toNode(item, 'element'),
      offset: list?.offset ?? node.offset,
    }
  }

  function placeholder(text: string, node: JsonNode, place: 'member' | 'element'): TemplateNode {
    // With an escape in it the text is shorter than its source, and only the start is known.
    const isVerbatim = source.text.slice(node.offset + 1, node.end - 1) === text
    return parsePlaceholder(text, {
      at: (index) => (isVerbatim ? node.offset + 1 + index : node.offset),
      place,
      report,
    })
  }
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
