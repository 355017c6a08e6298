import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { CAUSES } from '../../src/check/cause.ts'
import { catalogMarkdown } from '../../src/report/check-catalog-markdown.ts'
import { catalogText, checkExplained } from '../../src/report/check-catalog.ts'

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

  test('has every check in a table at its head, with a link to all about it', () => {
    const [head = ''] = document.split('## contract\n')
    const rows = head
      .split('\n')
      .flatMap((line) => /^\| \[(\S+)\]\(#(\S+)\) +\| (.*) \|$/.exec(line)?.slice(1, 4) ?? [])
    const cells = CATALOG.flatMap(({ number, severity, sideEffect, id }) => [number, severity, sideEffect, id])
    expect(rows.filter((_, index) => index % 3 === 0)).toEqual(CATALOG.map(({ number }) => number))
    for (const cell of cells) expect(head).toContain(cell)
    for (const [index, { number }] of CATALOG.entries())
      expect(rows[index * 3 + 1]).toMatch(new RegExp(`^${number.toLowerCase()}-[a-z0-9]`))
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

test('what a framework asks for is told last', () => {
  const text = checkExplained(CATALOG.find(({ number }) => number === 'AUT-05') as (typeof CATALOG)[number])
  const places = ['How to mend it', 'Who says so', 'In your framework', 'Express: '].map((part) => text.indexOf(part))
  expect(places.every((place) => place > 0)).toBe(true)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
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
