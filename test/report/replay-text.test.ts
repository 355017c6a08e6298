import { Chalk } from 'chalk'
import { describe, expect, test } from 'vitest'
import { replayTextRenderer } from '../../src/report/replay-text.ts'
import { resultOf } from '../support/scripted-transport.ts'
import { replayed, reportOf, wrongStatus, type Told } from './replayed.ts'

const renderer = (copies?: number) =>
  replayTextRenderer({
    paint: new Chalk({ level: 0 }),
    url: new URL('http://localhost:3000/webhooks?token=abc'),
    displayedUrl: 'http://localhost:3000/webhooks?token=…',
    curlFlags: ['-k'],
    ...(copies === undefined ? {} : { copies }),
  })
const lineOf = (told: Told): string => renderer().fixture(replayed(told)).split('\n')[0] ?? ''

describe('a line', () => {
  const rows: readonly [Told, string][] = [
    [{}, '✓ earning (earning.json) 204, 5 ms'],
    [{ file: 'earning' }, '✓ earning 204, 5 ms'],
    [{ file: 'a.ndjson', line: 3 }, '✓ earning (a.ndjson:3) 204, 5 ms'],
    [
      { results: [503, 'timeout', 204].map((step) => resultOf(step as 204)) },
      '✓ earning (earning.json) 503, timeout, 204, 5 ms',
    ],
    [{ kind: 'failed', mismatches: wrongStatus('204', '401') }, '✗ earning (earning.json) 204, 5 ms'],
    [{ kind: 'skipped', reason: 'needs --secret' }, '- earning (earning.json) skipped: needs --secret'],
    [{ kind: 'interrupted' }, '? earning (earning.json) interrupted'],
  ]
  test.each(rows)('%j', (told, line) => {
    expect(lineOf(told)).toBe(line)
  })
})

describe('a failure', () => {
  test('says what was expected, what came, and how to send it again', () => {
    const mismatches = [...wrongStatus('500'), { what: 'requests', expected: '1', actual: '8' }]
    const text = renderer().fixture(replayed({ kind: 'failed', mismatches, results: [resultOf(500)] }))
    expect(text).toContain('    status: expected 2xx\n              actual 500\n')
    expect(text).toContain('    requests: expected 1\n                actual 8\n')
    expect(text).toContain("curl -X POST 'http://localhost:3000/webhooks?token=…' \\\n      -k")
    expect(text).not.toContain('token=abc')
  })

  test('of an answer with terminal escapes is printed without them', () => {
    const mismatches = [
      { what: 'body', expected: 'contains "x"', actual: '\u001b]0;title\u0007\u001b[31mred\u001b[0m' },
    ]
    expect(renderer().fixture(replayed({ kind: 'failed', mismatches }))).toContain('actual red\n')
  })

  test('with a body of several lines keeps them where they are', () => {
    const body = '[\n  {}\n]\n'
    const text = renderer().fixture(replayed({ kind: 'failed', mismatches: wrongStatus('500'), body }))
    expect(text).toContain(`--data-binary '${body}'`)
  })
})

describe('the end', () => {
  const failed: Told = { kind: 'failed', mismatches: wrongStatus('500') }
  const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''

  test.each([
    [[{}], '1 passed of 1 fixture, 1 request'],
    [[{}, failed, { kind: 'skipped' }], '1 passed, 1 failed, 1 skipped of 3 fixtures, 3 requests'],
    [[{}, { kind: 'interrupted' }], '1 passed, 1 interrupted of 2 fixtures, 2 requests'],
  ] as [Told[], string][])('%#: %s', (list, line) => {
    expect(lastLine(reportOf(renderer(), list))).toBe(line)
  })

  test('counts fixtures, not their copies', () => {
    expect(lastLine(reportOf(renderer(2), [{}, {}, {}, failed]))).toBe(
      '3 passed, 1 failed of 4 (2 fixtures, 2 times each), 4 requests',
    )
  })

  test.each([
    ['never-connected', 'the target was never reached, so the rest was not sent'],
    ['first-failure', 'stopped at the first failure (--fail-fast)'],
    ['max-time', '--max-time was reached'],
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
  ] as const)('stopped by %s', (stoppedBy, words) => {
    expect(lastLine(reportOf(renderer(), [{}], { stoppedBy }))).toBe(`1 passed of 1 fixture, 1 request; ${words}`)
  })

  test('repeats the failures only when they have scrolled away', () => {
    const count = (list: readonly Told[]): number => reportOf(renderer(), list).split('status: expected').length - 1
    expect(count([failed, {}])).toBe(1)
    expect(count([failed, ...Array.from({ length: 10 }, () => ({}))])).toBe(2)
  })
})
