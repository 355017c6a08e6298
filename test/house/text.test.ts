import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Written so that this file does not find itself. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the host of a registry', /registry\.(npm[j]s|yarn[p]kg)|npm[m]irror|deb\.[d]ebian\.org/i],
  ['a download address in the lock file', /"resol[v]ed":/],
  ['a path of one machine', /(^|[\s"'`(=:])\/(root|home|work|Users)\/[\w.-]/m],
  [
    'who writes it, or how',
    /\bC[E]O\b|\bsub-?[a]gents?\b|\b[C]laude\b|\b[A]nthropic\b|\bbr[i]ef\.md\b|\bsh[a]red\/[A-Z]/,
  ],
  ['a number of our own tracker', /(^|[\s(])issue #?\d/im],
]

/** Every file that is or could be committed. */
function files(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !/^(\.git|node_modules|dist|\.qualifio-sim|.*\.tgz|\.env(\.local)?)$/.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      return entry.isDirectory() ? files(path) : [path]
    })
}

/** The forbidden things in a text, each with its line. */
function findings(path: string, text: string): string[] {
  return FORBIDDEN.flatMap(([what, pattern]) => {
    const match = pattern.exec(text)
    return match === null
      ? []
      : [`${path}:${text.slice(0, match.index).split('\n').length}: ${what}: ${match[0].trim()}`]
  })
}

describe('no file of the repository', () => {
  test('names a registry, a path of one machine, or the people and tools that wrote it', () => {
    expect(files().flatMap((path) => findings(path, readFileSync(join(root, path), 'utf8')))).toEqual([])
  })

  // The tilde keeps this file from finding itself.
  test.each([
    '"https://registry~.npmjs.org/zod"',
    '"resolved~": "x"',
    'see /~home/me/x',
    'cd /~work/main',
    'as the C~EO said',
    'see shared~/PRODUCT.md',
    'for issue~ #2',
  ])('and the test finds %s', (text) => {
    expect(findings('a.ts', `// first line\n${text.replace('~', '')}`)).toHaveLength(1)
  })
})
