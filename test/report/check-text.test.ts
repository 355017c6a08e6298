import { Chalk } from 'chalk'
import { describe, expect, test } from 'vitest'
import { CAUSES } from '../../src/check/cause.ts'
import type { CheckEnding, CheckResultReport } from '../../src/report/check-report.ts'
import { checkTextRenderer, type CheckTextOptions } from '../../src/report/check-text.ts'

const OPTIONS: CheckTextOptions = {
  paint: new Chalk({ level: 0 }),
  width: 100,
  verbose: false,
  run: 'ab12',
  again: (numbers) => `qualifio-sim check --only ${numbers.join(',')} ${'--header x '.repeat(20)}`.trim(),
  setFirst: () => "export QUALIFIO_SIM_AUTH='x-auth: …'",
}
const PASSED: CheckResultReport = {
  id: 'authenticity/space-appended',
  number: 'AUT-05',
  title: 'A space appended',
  requirement: '',
  severity: 'MUST',
  sideEffect: 'S0',
  verdict: 'PASS',
  findings: [],
  durationMs: 1,
  requests: 1,
}
const request = { name: 'a probe', method: 'POST', path: '/', headers: [], bodyBytes: 0, bodyStart: '' }
const FAILED: CheckResultReport = {
  ...PASSED,
  verdict: 'FAIL',
  cause: 're-serialised-body',
  mend: 'one two three '.repeat(30).trim(),
  findings: [
    {
      verdict: 'FAIL',
      request,
      sent: 'POST x',
      expected: '2xx',
      actual: '500 in 1 ms',
      said: 'The receiver says: boom',
      why: 'it crashed',
    },
  ],
}
const SKIPPED: CheckResultReport = { ...PASSED, verdict: 'SKIP', reason: 'no control was accepted' }
const verdicts = { PASS: 1, FAIL: 1, WARN: 0, INFO: 0, SKIP: 0, INCONCLUSIVE: 0, ERROR: 0 }

function told(
  reports: readonly CheckResultReport[],
  ending: Partial<CheckEnding> = {},
  options: Partial<CheckTextOptions> = {},
): string {
  const renderer = checkTextRenderer({ ...OPTIONS, ...options })
  const summary = { headline: 'HEADLINE', verdicts, mustFailed: [], shouldFailed: [], provenRefusal: true }
  return [
    ...reports.map((report) => renderer.check(report)),
    renderer.end({
      summary: { ...summary, exitCode: 1, stopped: 0 },
      requests: 1,
      eventIds: ['id-1'],
      events: 1,
      exitCode: 1,
      ...ending,
    }),
  ].join('')
}

test('the mends, the headline and the counts stand last, in this order', () => {
  const text = told([PASSED, FAILED], {}, {})
  const places = [
    '✓ AUT-05',
    'id-1',
    'One thing to mend',
    'set first:',
    '\nHEADLINE',
    '1 passed, 1 failed; 1 request\n',
  ]
  expect(places.map((part) => text.indexOf(part))).toEqual(
    places.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
  )
  for (const part of places) expect(text).toContain(part)
  expect(text.endsWith('1 passed, 1 failed; 1 request\n')).toBe(true)
})

describe('lines', () => {
  test.each([80, 100, 120])('fit into %i columns, but for commands, which can be pasted', (width) => {
    const lines = told([FAILED], {}, { width }).split('\n')
    const commands = lines.filter((line) => line.startsWith('   again   '))
    expect(commands).toHaveLength(1)
    expect(commands[0]?.length).toBeGreaterThan(200)
    for (const line of lines) if (!commands.includes(line)) expect(line.length).toBeLessThanOrEqual(width)
    const mend = lines.findIndex((line) => line.startsWith('   mend    one two'))
    expect(lines[mend + 1]).toMatch(/^ {11}(one|two|three) /)
  })

  test('keep the id apart from the title', () => {
    expect(told([PASSED])).toContain('✓ AUT-05 A space appended  (authenticity/space-appended)\n')
  })

  test('say one thing once per fault: what the receiver says, and why', () => {
    const text = told([FAILED, { ...FAILED, number: 'AUT-06' }])
    const [, mends = ''] = text.split('One thing to mend')
    expect(mends.match(/The receiver says: boom/g)).toHaveLength(1)
    expect(mends.match(/it crashed/g)).toHaveLength(1)
    expect(mends).toContain(`${CAUSES['re-serialised-body'].title}  MUST AUT-05 AUT-06`)
    expect(mends).toContain('--only AUT-05,AUT-06')
  })

  test('name what passed because of --accept, at the check and at the end', () => {
    const text = told([{ ...PASSED, accepted: '200 counts as right: --accept' }])
    expect(text).toContain('A space appended (200 counts as right: --accept)  (authenticity')
    expect(text).toContain('1 check passed because of --accept: AUT-05\nHEADLINE')
    expect(told([PASSED])).not.toContain('--accept')
  })

  test('list what was not run by number, unless it is almost everything', () => {
    expect(told([SKIPPED, SKIPPED])).toContain('- 2 not run (AUT-05 AUT-05): no control was accepted\n')
    expect(told(Array.from({ length: 54 }, () => SKIPPED))).toContain('- 54 not run: no control was accepted\n')
  })
})

test.each<[ending: Partial<CheckEnding>, says: string]>([
  [{ eventIds: [], events: 0 }, '\nno event was sent\n'],
  [{}, '\n1 event was sent, of members whose externalId begins with qsim-ab12-:\n  id-1\n'],
  [{ eventIds: ['a', 'b'], events: 2 }, '\n2 events were sent, of members whose externalId begins with qsim-ab12-:\n'],
  [
    { eventIds: [], events: 12 },
    '\n12 events were sent, of members whose externalId begins with qsim-ab12-; this contract gives them no id\n',
  ],
])('events are counted: %j', (ending, says) => {
  expect(told([PASSED], ending)).toContain(says)
})

test('no variable is explained where none is needed', () => {
  expect(told([FAILED], {}, { setFirst: () => undefined })).not.toContain('set first')
})
