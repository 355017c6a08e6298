import { parseSync } from 'rolldown/utils'

/** What the house rules look at in one file of src. */
export interface SourceFile {
  /** From src: `delivery/transport.ts`. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Uses of the clock, chance, timers, the process or the console, such as `Date.now`. */
  readonly impurities: readonly string[]
  /** Whether it does nothing but pass on names of other files. */
  readonly onlyReexports: boolean
  /** Classes that do not extend an error. */
  readonly plainClasses: readonly string[]
  readonly hasDefaultExport: boolean
}

/** One import, export … from, or import(). */
export interface Import {
  readonly specifier: string
  /** `type` is gone when the file runs; `dynamic` is loaded when it is called. */
  readonly kind: 'static' | 'dynamic' | 'type'
  readonly names: readonly string[]
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

const IMPURE_GLOBALS = new Set([
  'process',
  'console',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
])
const IMPURE_MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'AbortSignal.timeout',
])

/** Reads one TypeScript file with a real parser: comments and strings are no imports. */
export function readSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const body = program.body as unknown as readonly Node[]
  const found = { imports: [] as Import[], impurities: [] as string[], plainClasses: [] as string[] }
  for (const node of body) walk(node, undefined, (child, parent) => look(child, parent, found))
  return {
    path,
    lines: text.split('\n').length - 1,
    ...found,
    onlyReexports: body.length > 0 && body.every(isReexport),
    hasDefaultExport: body.some(({ type }) => type === 'ExportDefaultDeclaration'),
  }
}

function isReexport(node: Node): boolean {
  return (
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && node['source'] !== null && node['source'] !== undefined)
  )
}

type Found = { imports: Import[]; impurities: string[]; plainClasses: string[] }

function look(node: Node, parent: Node | undefined, found: Found): void {
  switch (node.type) {
    case 'ImportDeclaration':
      found.imports.push(importOf(node, node['importKind'] === 'type' ? 'type' : 'static'))
      break
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (isReexport(node)) found.imports.push(importOf(node, node['exportKind'] === 'type' ? 'type' : 'static'))
      break
    case 'ImportExpression':
      found.imports.push(importOf(node, 'dynamic'))
      break
    case 'TSImportType':
      found.imports.push(importOf(node, 'type'))
      break
    case 'ClassDeclaration':
    case 'ClassExpression':
      if (!nameOf(node['superClass']).endsWith('Error')) found.plainClasses.push(nameOf(node['id']))
      break
    case 'NewExpression':
    case 'CallExpression':
      if (nameOf(node['callee']) === 'Date' && (node['arguments'] as unknown[]).length === 0)
        found.impurities.push('new Date()')
      break
    case 'MemberExpression': {
      const member = `${nameOf(node['object'])}.${nameOf(node['property'])}`
      if (IMPURE_MEMBERS.has(member)) found.impurities.push(member)
      break
    }
    case 'Identifier':
      if (IMPURE_GLOBALS.has(nameOf(node)) && !isLabel(node, parent)) found.impurities.push(nameOf(node))
      break
  }
}

/** Whether the identifier names a member, a key or an imported name, and not a value. */
function isLabel(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined) return false
  if (parent.type === 'MemberExpression') return parent['property'] === node && parent['computed'] !== true
  if (parent.type === 'Property' || parent.type === 'MethodDefinition')
    return parent['key'] === node && parent['shorthand'] !== true
  return /^(Import|Export)\w*Specifier$/.test(parent.type) || parent.type.startsWith('TS')
}

function importOf(node: Node, kind: Import['kind']): Import {
  const source = (node['source'] ?? node['argument']) as Node
  const value = source['value'] ?? (source['literal'] as Node | undefined)?.['value']
  const specifiers = (node['specifiers'] ?? []) as readonly Node[]
  const names = specifiers.map((item) => nameOf(item['imported'] ?? item['local']))
  // What cannot be read off is reported as a package that nobody knows.
  return { specifier: typeof value === 'string' ? value : '(computed)', kind, names }
}

function nameOf(node: unknown): string {
  const { name } = (node ?? {}) as { name?: unknown }
  return typeof name === 'string' ? name : ''
}

function walk(node: Node, parent: Node | undefined, visit: (node: Node, parent: Node | undefined) => void): void {
  visit(node, parent)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string')
        walk(child as Node, node, visit)
    }
  }
}
