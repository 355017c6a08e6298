import { lineBreak } from './dialect.ts'
import type { Dialect } from './dialect.ts'
import type {
  Placeholder,
  Template,
  TemplateEach,
  TemplateMember,
  TemplateNode,
  TemplateObject,
} from './template-node.ts'

/**
 * `fast` code is for an event that has every value; `careful` code is for one that lacks some, where
 * each comma depends on what came before it, and is made only when such an event comes.
 */
export type CodeMode = 'fast' | 'careful'

/** The body of a function that returns the renderer, with what it needs. */
export interface GeneratedCode {
  readonly body: string
  /** The placeholders that `filtered[n]` stands for. */
  readonly filtered: readonly { readonly node: Placeholder; readonly depth: number }[]
}

/** Where paths begin: the event, or the element of a list; with the objects on the way that already have a variable. */
interface Scope {
  readonly variable: string
  readonly known: Map<string, string>
}

/**
 * Makes the JavaScript of a renderer: `new Function('unsafe', 'write', 'filtered', body)`. Values are appended to one
 * string; constant text waits for the next value, so that both are appended at once.
 */
export function generateCode(
  template: Template,
  how: { dialect: Dialect; depth: number; mode: CodeMode },
): GeneratedCode {
  const { dialect, mode } = how
  const code: string[] = []
  const filtered: { node: Placeholder; depth: number }[] = []
  let pending = ''
  let variables = 0

  writeNode(template.root, { variable: 'event', known: new Map() }, how.depth)
  flush()
  const body = `'use strict'\nreturn function render(event) {\nlet out = ''\n${code.join('\n')}\nreturn out\n}`
  return { body, filtered }

  /** Constant text; it waits for the next expression, so that both are appended at once. */
  function literal(text: string): void {
    pending += text
  }

  function flush(): void {
    if (pending !== '') code.push(`out += ${JSON.stringify(pending)}`)
    pending = ''
  }

  function append(expression: string): void {
    code.push(`out += ${pending === '' ? '' : `${JSON.stringify(pending)} + `}${expression}`)
    pending = ''
  }

  function declare(expression: string, keyword: 'const' | 'let' = 'const'): string {
    const variable = `v${variables++}`
    code.push(`${keyword} ${variable} = ${expression}`)
    return variable
  }

  /** The variable that holds the value at a path; objects on the way are looked up once. */
  function valueAt(path: readonly string[], scope: Scope): string {
    let object = scope.variable
    for (let length = 1; length < path.length; length++) {
      const prefix = path.slice(0, length).join('.')
      const known = scope.known.get(prefix) ?? declare(`${object}?.${path[length - 1]}`)
      scope.known.set(prefix, known)
      object = known
    }
    return declare(`${object}?.${path.at(-1)}`)
  }

  function writeNode(node: TemplateNode, scope: Scope, depth: number): void {
    switch (node.kind) {
      case 'constant':
        return literal(typeof node.value === 'string' ? dialect.quote(node.value) : node.text)
      case 'placeholder':
        return append(textOf(node, valueAt(node.path, scope), depth))
      case 'object':
        return writeObject(node, scope, depth)
      case 'each':
        return writeEach({ node, list: valueAt(node.path, scope), depth })
      case 'list':
        if (node.items.length === 0) return literal('[]')
        node.items.forEach((item, index) => {
          literal((index === 0 ? '[' : dialect.comma) + lineBreak(dialect, depth + 1))
          writeNode(item, scope, depth + 1)
        })
        return literal(lineBreak(dialect, depth) + ']')
    }
  }

  function textOf(node: Placeholder, value: string, depth: number): string {
    if (node.filters.length > 0) return `filtered[${filtered.push({ node, depth }) - 1}](${value}, event)`
    return `(typeof ${value} === 'string' && !unsafe.test(${value}) ? '"' + ${value} + '"' : write(${value}, ${depth}))`
  }

  function writeObject(node: TemplateObject, scope: Scope, depth: number): void {
    if (node.members.length === 0) return literal('{}')
    const open = '{' + lineBreak(dialect, depth + 1)
    const comma = dialect.comma + lineBreak(dialect, depth + 1)
    const close = lineBreak(dialect, depth) + '}'
    let isOpen = false
    // What stands before the next key, while it depends on the event whether there was one before.
    let separator: string | undefined
    node.members.forEach((member) => {
      const key = dialect.quote(member.key) + dialect.colon
      const presence = presenceOf(member)
      if (presence === undefined) {
        if (isOpen || separator === undefined) literal(isOpen ? comma : open)
        else append(separator)
        isOpen = true
        literal(key)
        return writeNode(member.node, scope, depth + 1)
      }
      const conditional = member.node as Placeholder | TemplateEach
      flush()
      const value = valueAt(conditional.path, scope)
      if (!isOpen) separator ??= declare(JSON.stringify(open), 'let')
      code.push(`if (${value} ${presence}) {`)
      if (isOpen) literal(comma)
      else append(separator as string)
      literal(key)
      if (conditional.kind === 'each') writeEach({ node: conditional, list: value, depth: depth + 1 })
      else append(textOf(conditional, value, depth + 1))
      flush()
      if (!isOpen) code.push(`${separator} = ${JSON.stringify(comma)}`)
      code.push('}')
    })
    if (isOpen) literal(close)
    else append(`(${separator} === ${JSON.stringify(open)} ? '{}' : ${JSON.stringify(close)})`)
  }

  /** The test that decides whether a key is written, or undefined when it always is. */
  function presenceOf({ node }: TemplateMember): string | undefined {
    if (node.kind === 'placeholder' && node.optional) return '!= null'
    return mode === 'careful' && (node.kind === 'placeholder' || node.kind === 'each') ? '!== undefined' : undefined
  }

  function writeEach(each: { node: TemplateEach; list: string; depth: number }): void {
    const { node, list, depth } = each
    const inner = lineBreak(dialect, depth + 1)
    flush()
    code.push(`if (!Array.isArray(${list}) || ${list}.length === 0) {`)
    append(`write(${list}, ${depth})`)
    code.push('} else {')
    const index = declare('0', 'let')
    code.push(`for (; ${index} < ${list}.length; ${index}++) {`)
    append(`(${index} === 0 ? ${JSON.stringify('[' + inner)} : ${JSON.stringify(dialect.comma + inner)})`)
    const element = declare(`${list}[${index}]`)
    writeNode(node.item, { variable: element, known: new Map() }, depth + 1)
    flush()
    code.push('}')
    literal(lineBreak(dialect, depth) + ']')
    flush()
    code.push('}')
  }
}
