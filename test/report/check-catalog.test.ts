import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { CAUSES } from '../../src/check/cause.ts'
import { catalogMarkdown, catalogText, checkExplained } from '../../src/report/check-catalog.ts'

const path = fileURLToPath(new URL('../../docs/checks.md', import.meta.url))
const document = readFileSync(path, 'utf8')

describe('docs/checks.md', () => {
  test('is what npm run docs writes now', () => {
    expect(document).toBe(catalogMarkdown(CATALOG))
  })

  test('is formatted like every other document', async () => {
    expect(await format(document, { parser: 'markdown', printWidth: 120 })).toBe(document)
  })

  test('has a heading for every check, and a paragraph for every cause', () => {
    const headings = [...document.matchAll(/^### (\S+) /gm)].map(([, number]) => number)
    for (const { number } of CATALOG) expect(headings).toContain(number)
    const anchors = [...document.matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id]) => id)
    expect(new Set(anchors)).toEqual(new Set(Object.keys(CAUSES)))
  })

  test('has links that lead somewhere, and anchors that are there once', () => {
    const slugs = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    )
    const ids = [...document.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)
    const anchors = [...slugs, ...ids]
    expect(new Set(anchors).size).toBe(anchors.length)
    const links = [...document.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThanOrEqual(CATALOG.length)
    for (const link of links) expect(anchors).toContain(link.replace(/^#/, ''))
  })
})

test.each(CATALOG.map((check) => [check.number, check] as const))('%s is explained in full', (_, check) => {
  const text = checkExplained(check)
  for (const part of [check.id, check.title, check.requirement, check.differs, check.accepted, ...check.sources])
    expect(text).toContain(part)
  expect(text).toContain(CAUSES[check.cause].mend)
  expect(text).not.toContain('\n\n\n')
  expect(text).not.toMatch(/^ +undefined|: undefined/m)
})

test('the list is aligned, whatever is left of it', () => {
  for (const checks of [CATALOG, CATALOG.slice(0, 3)]) {
    const columns = catalogText(checks)
      .trimEnd()
      .split('\n')
      .map((line, index) => line.indexOf(checks[index]?.title ?? '?'))
    expect(new Set(columns).size).toBe(1)
  }
})
