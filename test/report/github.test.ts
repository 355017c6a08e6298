import { describe, expect, test } from 'vitest'
import { githubRenderer, githubSummaryRenderer } from '../../src/report/github.ts'
import { reportOf, wrongStatus, type Told } from './replayed.ts'

const github = (list: readonly Told[]): string[] => reportOf(githubRenderer(), list).trimEnd().split('\n')
const summary = (list: readonly Told[]): string => reportOf(githubSummaryRenderer(), list)

describe('annotations', () => {
  test('one error per failure with its file and line, one notice at the end', () => {
    expect(
      github([
        {},
        { name: 'burning', file: 'a/burning.json', kind: 'failed', mismatches: wrongStatus('500') },
        { name: 'n', file: 'a.ndjson', line: 12, kind: 'failed', mismatches: wrongStatus('302') },
      ]),
    ).toEqual([
      '::error file=a/burning.json,line=1,title=burning::status: expected 2xx, actual 500',
      '::error file=a.ndjson,line=12,title=n::status: expected 2xx, actual 302',
      '::notice title=qualifio-sim replay::1 passed, 2 failed, 0 skipped of 3 fixtures',
    ])
  })

  test('a skipped fixture is a notice with its reason', () => {
    expect(github([{ kind: 'skipped', reason: 'needs --secret' }])[0]).toBe(
      '::notice file=earning.json,line=1,title=earning::skipped: needs --secret',
    )
  })

  test.each([
    ['50%', '50%25', '50%25'],
    ['a:b,c', 'a%3Ab%2Cc', 'a:b,c'],
    ['a\r\nb', 'a%0D%0Ab', 'a%0D%0Ab'],
    ['%0A', '%250A', '%250A'],
    ['::error::x', '%3A%3Aerror%3A%3Ax', '::error::x'],
  ])('the workflow command escapes %j in properties and in data', (text, property, data) => {
    const lines = github([
      { name: text, file: text, kind: 'failed', mismatches: [{ what: 'body', expected: text, actual: 'empty' }] },
    ])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe(`::error file=${property},line=1,title=${property}::body: expected ${data}, actual empty`)
  })

  test('several mismatches are lines of one annotation', () => {
    const mismatches = [...wrongStatus('500'), { what: 'requests', expected: '1', actual: '8' }]
    expect(github([{ kind: 'failed', mismatches }])[0]).toMatch(
      /::status: expected 2xx, actual 500%0Arequests: expected 1, actual 8$/,
    )
  })
})

describe('the job summary', () => {
  test('is a heading and the counts when all is well', () => {
    expect(summary([{}, {}])).toBe(
      '### qualifio-sim replay\n\n2 passed, 0 failed, 0 skipped of 2 fixtures, 2 requests\n\n',
    )
  })

  test('is a table of what did not pass', () => {
    expect(summary([{}, { name: 'burning', kind: 'failed', mismatches: wrongStatus('500') }])).toContain(
      '| fixture | result | why |\n|---|---|---|\n| burning | failed | status: expected 2xx, actual 500 |\n',
    )
  })

  test.each([
    ['a|b', String.raw`a\|b`],
    [String.raw`a\|b`, String.raw`a\\\|b`],
    ['two\nlines', 'two lines'],
    ['<img src=x>', '&lt;img src=x>'],
    ['[x](http://example.com)', String.raw`\[x](http://example.com)`],
    ['`code` *em* _em_', String.raw`\`code\` \*em\* \_em\_`],
  ])('%j stays one cell and plain text', (name, cell) => {
    const rows = summary([{ name, kind: 'failed', mismatches: wrongStatus('500') }]).split('\n')
    expect(rows.filter((row) => row.startsWith('| '))[1]).toBe(
      `| ${cell} | failed | status: expected 2xx, actual 500 |`,
    )
  })
})
