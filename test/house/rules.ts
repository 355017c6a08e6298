import { posix } from 'node:path'
import type { Import, SourceFile } from './source-file.ts'

/** Data flows one way; a folder imports itself, the root files, and the folders before it. */
const FLOW = [
  'contract',
  'program',
  'signing',
  'delivery',
  'fixture',
  'receiver',
  'room',
  'report',
  'library',
  'cli',
] as const
/** Rooms stand side by side in the flow and never import each other. */
const ROOMS = ['replay', 'check', 'stress', 'emitter']
const ROOT_FILES = ['ports.ts', 'errors.ts', 'system-clock.ts', 'version.ts', 'index.ts']
/** The clock, chance, timers, the process and the console: everything else is handed a port. */
const IMPURE_HOMES = ['cli/context.ts', 'system-clock.ts', 'emitter/console/client/browser.ts']
/** Who may reach for the real clock: whoever wires a run together. */
const WIRING = ['cli', 'library']
const MOST_LINES = 200
const FORBIDDEN_NAMES = /(^|[/-])(utils?|helpers?|common|managers?|services?|misc|index)(\.ts|\/|-|$)/

/** Where a package may be imported (types are free). One that is not listed has no home yet. */
const HOMES: readonly (readonly [specifier: RegExp, home: RegExp])[] = [
  [/^@faker-js\/faker(\/|$)/, /^program\/(member[\w-]*|names\/\w+)\.ts$/],
  [/^undici(\/|$)/, /^delivery\/transport\.ts$/],
  [/^commander$/, /^cli\//],
  [/^cli-progress(\/|$)/, /^cli\//],
  [/^fast-xml-builder$/, /^report\/junit-document\.ts$/],
  [/^chalk$/, /^(report\/text[\w-]*|cli\/context)\.ts$/],
  [/^node:fs(\/promises)?$/, /^(version|cli\/.*|fixture\/.*|contract\/contract|emitter\/store\/folder)\.ts$/],
  [/^node:(net|tls)$/, /^(delivery\/(transport|target|address)|check\/wire|stress\/lane-socket)\.ts$/],
  [/^node:perf_hooks$/, /^stress\/(meters|collect)\.ts$/],
  [/^node:worker_threads$/, /^(stress\/workers|cli\/stress-worker)\.ts$/],
  [/^node:dns(\/promises)?$/, /^delivery\/guarded-lookup\.ts$/],
  [/^node:https?$/, /^(receiver|emitter)\//],
  [/^node:(process|tty)$/, /^cli\//],
  [/^node:zlib$/, /^check\/checks\/robustness\.ts$/],
  [/^node:child_process$/, /^cli\//],
  [/^node:v8$/, /^delivery\/wasm-tiering\.ts$/],
  [/^node:(crypto|path|url|buffer|util|events|stream)(\/|$)/, /^/],
  [/^pure-rand(\/|$)/, /^program\/random\.ts$/],
  [/^csv-parse(\/|$)/, /^program\//],
  [/^fastest-levenshtein$/, /^errors\.ts$/],
  [/^libsql$/, /^emitter\/store\/store\.ts$/],
  [/^uplot$/, /^report\/stress-page\/client\//],
  [/^(preact|@preact\/signals)(\/|$)/, /^emitter\/console\/client\//],
  [/^zod$/, /^/],
]

/** Everything in which a file breaks the rules of the house, a sentence each. */
export function violations(file: SourceFile): string[] {
  return [...shape(file), ...file.imports.flatMap((item) => importViolations(file, item)), ...impurity(file)].map(
    (text) => `${file.path}: ${text}`,
  )
}

function shape({ path, lines, imports, onlyReexports, plainClasses, hasDefaultExport }: SourceFile): string[] {
  const found: string[] = []
  const folder = folderOf(path)
  if (folder === '' ? !ROOT_FILES.includes(path) : stepOf(folder) < 0) found.push('has no place in the house')
  if (lines > MOST_LINES) found.push(`has ${lines} lines, more than ${MOST_LINES}`)
  if (path === 'index.ts' && !onlyReexports) found.push('does more than re-export')
  if (path !== 'index.ts' && onlyReexports && imports.every(({ specifier }) => specifier.startsWith('.')))
    found.push('is a barrel')
  if (path !== 'index.ts' && FORBIDDEN_NAMES.test(path)) found.push('has a name that says nothing')
  if (hasDefaultExport) found.push('has a default export')
  for (const name of plainClasses) found.push(`class ${name} is not an error`)
  return found
}

function importViolations({ path }: SourceFile, { specifier, kind, names }: Import): string[] {
  if (specifier.startsWith('.')) return flowViolations(path, posix.join(posix.dirname(path), specifier))
  const home = HOMES.find(([pattern]) => pattern.test(specifier))
  if (home === undefined) return [`imports ${specifier}, which has no home`]
  // The names of the status codes are a constant, not the network.
  if (specifier === 'node:http' && names.join() === 'STATUS_CODES') return []
  if (kind !== 'type' && !home[1].test(path)) return [`imports ${specifier} outside its home`]
  const chance = specifier === 'node:crypto' ? names.filter((name) => name.startsWith('random')) : []
  return IMPURE_HOMES.includes(path) ? [] : chance.map((name) => `takes chance from node:crypto (${name})`)
}

function flowViolations(path: string, target: string): string[] {
  if (target.startsWith('..')) return [`reaches outside src (${target})`]
  const [from, to] = [folderOf(path), folderOf(target)]
  if (target === 'index.ts') return ['imports the public door']
  if (path === 'index.ts') return to === 'cli' ? ['makes the command line public'] : []
  if (target === 'system-clock.ts' && !WIRING.includes(from)) return ['takes the real clock']
  if (from === to || to === '') return []
  if (from === '') return [`is a root file and imports ${to}/`]
  if (ROOMS.includes(from) && ROOMS.includes(to)) return [`imports its neighbour ${to}/`]
  return stepOf(to) < stepOf(from) ? [] : [`imports ${to}/, which comes after ${from}/`]
}

function impurity({ path, impurities }: SourceFile): string[] {
  if (IMPURE_HOMES.includes(path)) return []
  return [...new Set(impurities)].map((name) => `uses ${name}, which belongs in ${IMPURE_HOMES[0]}`)
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : ''
}

function stepOf(folder: string): number {
  return FLOW.indexOf((ROOMS.includes(folder) ? 'room' : folder) as (typeof FLOW)[number])
}

/** The files that are loaded with `entry`, that is, without what is imported by `import()` or as a type. */
export function loadedWith(entry: string, files: ReadonlyMap<string, SourceFile>): SourceFile[] {
  const reached = new Map<string, SourceFile>()
  const follow = (path: string): void => {
    const file = files.get(path)
    if (file === undefined || reached.has(path)) return
    reached.set(path, file)
    for (const { specifier, kind } of file.imports)
      if (kind === 'static' && specifier.startsWith('.')) follow(posix.join(posix.dirname(path), specifier))
  }
  follow(entry)
  return [...reached.values()]
}
