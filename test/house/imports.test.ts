import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadedWith, violations } from './rules.ts'
import { readSource } from './source-file.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))
const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
const files = new Map(paths.map((path) => [path, readSource(path, readFileSync(join(src, path), 'utf8'))]))

describe('the house', () => {
  test('keeps its rules', () => {
    expect(files.size).toBeGreaterThan(20)
    expect([...files.values()].flatMap(violations)).toEqual([])
  })

  const cliEntries = paths.filter((path) => /^cli\/(main|invoke|commands\/[\w-]+)\.ts$/.test(path))
  test.each(cliEntries)('loading %s loads no zod', (entry) => {
    const loading = loadedWith(entry, files).filter(({ imports }) =>
      imports.some(({ specifier, kind }) => specifier === 'zod' && kind === 'static'),
    )
    expect(loading.map(({ path }) => path)).toEqual([])
  })
})

describe('the rules find', () => {
  test.each<[offence: string, path: string, text: string, found: string | undefined]>([
    ['a later folder', 'contract/a.ts', `import { b } from '../delivery/b.ts'`, 'imports delivery/'],
    ['a later folder, as a type', 'contract/a.ts', `import type { B } from '../program/b.ts'`, 'imports program/'],
    ['a later folder, on demand', 'signing/a.ts', `const f = () => import('../cli/b.ts')`, 'imports cli/'],
    ['a later folder, inside a type', 'signing/a.ts', `type B = import('../report/b.ts').B`, 'imports report/'],
    ['a later folder, re-exported', 'signing/a.ts', `export { b } from '../receiver/b.ts'`, 'imports receiver/'],
    ['a neighbour', 'replay/a.ts', `import { b } from '../check/b.ts'`, 'imports its neighbour check/'],
    ['nothing in an earlier folder', 'cli/a.ts', `import { b } from '../report/b.ts'`, undefined],
    ['nothing in its own folder', 'stress/a.ts', `import { b } from './b.ts'`, undefined],
    ['nothing in a root file', 'contract/a.ts', `import { b } from '../errors.ts'`, undefined],
    ['a root file that reaches in', 'errors.ts', `import { b } from './contract/b.ts'`, 'is a root file'],
    ['the public door', 'report/a.ts', `import { b } from '../index.ts'`, 'imports the public door'],
    ['the command line made public', 'index.ts', `export { b } from './cli/b.ts'`, 'makes the command line public'],
    ['a way out of src', 'cli/a.ts', `import { b } from '../../test/b.ts'`, 'reaches outside src'],
    ['a folder that nobody knows', 'stuff/a.ts', 'export const a = 1', 'has no place'],
    ['a root file that nobody knows', 'stuff.ts', 'export const a = 1', 'has no place'],
    ['a package away from home', 'report/a.ts', `import { Pool } from 'undici'`, 'imports undici outside its home'],
    ['a part of a package', 'cli/a.ts', `import P from 'undici/lib/dispatcher/pool.js'`, 'outside its home'],
    ['a package that has no home', 'cli/a.ts', `import x from 'left-pad'`, 'has no home'],
    ['an import that cannot be read off', 'cli/a.ts', 'const f = (x: string) => import(x)', 'has no home'],
    ['nothing in the type of a package', 'report/a.ts', `import type { Pool } from 'undici'`, undefined],
    ['the file system', 'report/a.ts', `import { readFile } from 'node:fs/promises'`, 'outside its home'],
    ['the clock', 'report/a.ts', 'const a = Date.now()', 'uses Date.now'],
    ['the clock, as a date', 'report/a.ts', 'const a = new Date()', 'uses new Date()'],
    ['nothing in a date from a number', 'report/a.ts', 'const a = new Date(5)', undefined],
    ['a timer', 'delivery/a.ts', 'const f = () => { setTimeout(() => 1, 5) }', 'uses setTimeout'],
    ['a timer in disguise', 'delivery/a.ts', 'const s = AbortSignal.timeout(5)', 'uses AbortSignal.timeout'],
    ['a timer handed on', 'delivery/a.ts', 'const timers = { setTimeout }', 'uses setTimeout'],
    ['chance', 'program/a.ts', 'const a = Math.random()', 'uses Math.random'],
    ['chance from elsewhere', 'program/a.ts', `import { randomUUID } from 'node:crypto'`, 'takes chance'],
    ['the real clock', 'delivery/a.ts', `import { systemClock } from '../system-clock.ts'`, 'takes the real clock'],
    ['nothing where runs are wired', 'cli/a.ts', `import { systemClock } from '../system-clock.ts'`, undefined],
    ['the process', 'cli/a.ts', `const a = process.env['A']`, 'uses process'],
    ['the console', 'cli/a.ts', `console.log('a')`, 'uses console'],
    ['nothing in names that look like it', 'report/a.ts', 'const a = b.process.console({ process: 1 })', undefined],
    ['nothing in text that looks like it', 'report/a.ts', '// Date.now()\nconst a = "setTimeout()"', undefined],
    ['nothing impure in its one home', 'cli/context.ts', 'const a = () => Date.now() + process.pid', undefined],
    ['a class', 'report/a.ts', 'export class Renderer {}', 'class Renderer is not an error'],
    ['nothing in an error class', 'report/a.ts', 'export class A extends UsageError {}', undefined],
    ['a barrel', 'report/a.ts', `export { b } from './b.ts'\nexport * from './c.ts'`, 'is a barrel'],
    ['nothing in names passed on from a package', 'report/a.ts', `export type { b } from 'zod'`, undefined],
    ['code in the public door', 'index.ts', `export { b } from './report/b.ts'\nconst a = 1`, 'more than re-export'],
    ['a name that says nothing', 'report/text-utils.ts', 'export const a = 1', 'a name that says nothing'],
    ['a folder that says nothing', 'report/helpers/text.ts', 'export const a = 1', 'a name that says nothing'],
    ['an index', 'report/index.ts', 'export const a = 1', 'a name that says nothing'],
    ['a default export', 'report/a.ts', 'export default 1', 'has a default export'],
    ['a long file', 'report/a.ts', 'export const a = 1\n'.repeat(201), 'has 201 lines'],
  ])('%s', (_, path, text, found) => {
    const texts = violations(readSource(path, text))
    if (found === undefined) expect(texts).toEqual([])
    else expect(texts.join('\n')).toContain(found)
  })

  test('zod behind a chain of imports, but not behind import() or a type', () => {
    const sources = [
      readSource('cli/main.ts', `import './a.ts'\nimport type { T } from './t.ts'\nconst f = () => import('./d.ts')`),
      readSource('cli/a.ts', `export { b } from './b.ts'`),
      readSource('cli/b.ts', `import { z } from 'zod'`),
      readSource('cli/t.ts', `import { z } from 'zod'`),
      readSource('cli/d.ts', `import { z } from 'zod'`),
    ]
    const reached = loadedWith('cli/main.ts', new Map(sources.map((file) => [file.path, file])))
    expect(reached.map(({ path }) => path)).toEqual(['cli/main.ts', 'cli/a.ts', 'cli/b.ts'])
  })
})
