import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/errors.ts'
import { parseScript, stepText } from '../../src/receiver/script.ts'
import { ALWAYS_ACCEPT, FAIL_ONCE, nextStep, statusOf } from '../../src/receiver/step.ts'
import type { Script, ScriptState, Step } from '../../src/receiver/step.ts'

const status = (code: number, ...headers: (readonly [string, string])[]): Step => ({
  kind: 'status',
  status: code,
  headers,
})

describe('a script is read', () => {
  test.each<[string, readonly Step[]]>([
    ['204', [status(204)]],
    ['503,204', [status(503), status(204)]],
    [' 503 , 204 ', [status(503), status(204)]],
    ['503@retry-after=5', [status(503, ['retry-after', '5'])]],
    ['429@Retry-After=5@X-Why=a=b', [status(429, ['Retry-After', '5'], ['X-Why', 'a=b'])]],
    [
      '503@retry-after="Wed, 21 Oct 2026 07:28:00 GMT",204',
      [status(503, ['retry-after', 'Wed, 21 Oct 2026 07:28:00 GMT']), status(204)],
    ],
    ['302@location=http://127.0.0.1:1/x', [status(302, ['location', 'http://127.0.0.1:1/x'])]],
    ['503@x-share="50%"', [status(503, ['x-share', '50%'])]],
    ['500@x-empty=', [status(500, ['x-empty', ''])]],
    ['hang,reset,close,redirect', [{ kind: 'hang' }, { kind: 'reset' }, { kind: 'close' }, { kind: 'redirect' }]],
    [
      'drip@5s,drip@250ms',
      [
        { kind: 'drip', durationMs: 5000 },
        { kind: 'drip', durationMs: 250 },
      ],
    ],
  ])('%s as a sequence of each delivery', (text, steps) => {
    expect(parseScript(text)).toEqual({ kind: 'sequence', of: 'delivery', steps })
  })

  test('as a mix, when every step has a share', () => {
    expect(parseScript('204:90%, hang:7.5% ,503@a=b:2.5%')).toEqual({
      kind: 'mix',
      shares: [
        { step: status(204), percent: 90 },
        { step: { kind: 'hang' }, percent: 7.5 },
        { step: status(503, ['a', 'b']), percent: 2.5 },
      ],
    })
  })
})

test.each([
  ['', /step 1 is empty; expected a status/],
  ['204,', /step 2 is empty/],
  ['204,hnag', /step 2 "hnag" is no step; did you mean hang\?/],
  ['5O3', /step 1 "5O3" is no step; expected a status from 200 to 599/],
  ['199', /"199" is not a status that ends a request; expected 200 to 599/],
  ['600', /expected 200 to 599/],
  ['503 204', /"503 204" is no step/],
  ['drip', /does not say how long; expected drip@5s/],
  ['drip@', /step 1, drip@ "" is not a duration/],
  ['drip@soon', /drip@ "soon" is not a duration/],
  ['hang@5s', /"hang@5s" takes nothing after it/],
  ['503@retry-after', /has a header that is not written as @name=value/],
  ['503@=5', /not written as @name=value/],
  ['503@a b=5', /not written as @name=value/],
  ['503@Content-Length=5', /sets Content-Length, which belongs to the connection/],
  ['503@a=é', /character in the value of a that is not printable ASCII/],
  ['503@a="b', /a double quote that is not closed/],
  ['204:90%,503:9%', /the shares sum to 99%; they must sum to 100%/],
  ['204:90%,503:20%', /sum to 110%/],
  ['204:90%,503', /step 2 "503" has no share, and others have/],
  ['204:100%,503:0%', /step 2 "503:0%" never happens/],
])('the script %j is an error that says what is expected', (text, message) => {
  expect(() => parseScript(text)).toThrow(UsageError)
  expect(() => parseScript(text)).toThrow(message)
  expect(() => parseScript(text, 'respond')).toThrow(/^respond/)
})

const at = (change: Partial<ScriptState> = {}): ScriptState => ({
  bodySha256: 'a',
  taken: 0,
  requestsBefore: 0,
  seed: 1,
  ...change,
})
const statuses = (script: Script, states: readonly ScriptState[]) =>
  states.map((state) => statusOf(nextStep(script, state)))

describe('the next step', () => {
  test('of a sequence follows the delivery, and the last one repeats', () => {
    const script = parseScript('503,500,204')
    expect(
      statuses(
        script,
        [0, 1, 2, 99].map((taken) => at({ taken, requestsBefore: 50 })),
      ),
    ).toEqual([503, 500, 204, 204])
  })

  test('of the receiver that fails once follows the run: its first request alone', () => {
    expect(
      statuses(
        FAIL_ONCE,
        [0, 1, 99].map((requestsBefore) => at({ requestsBefore })),
      ),
    ).toEqual([503, 204, 204])
    expect(statuses(ALWAYS_ACCEPT, [at(), at({ taken: 9, requestsBefore: 9 })])).toEqual([204, 204])
  })

  test('of a mix depends on seed, delivery and try alone, and keeps the shares', () => {
    const script = parseScript('204:70%,503:25%,hang:5%')
    const states = Array.from({ length: 4000 }, (_, index) => at({ bodySha256: String(index >> 1), taken: index & 1 }))
    const drawn = statuses(script, states)
    expect(statuses(script, states.toReversed())).toEqual(drawn.toReversed())
    const share = (code: number | undefined) => drawn.filter((one) => one === code).length / drawn.length
    expect(share(204)).toBeCloseTo(0.7, 1)
    expect(share(503)).toBeCloseTo(0.25, 1)
    expect(share(undefined)).toBeCloseTo(0.05, 1)
    const other = states.map((state) => ({ ...state, seed: 2 }))
    expect(statuses(script, other)).not.toEqual(drawn)
  })

  test('of a mix is one of its steps, whatever its shares', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.nat(), (percent, seed) => {
        const script = parseScript(`204:${percent}%,503:${100 - percent}%`)
        expect([204, 503]).toContain(statusOf(nextStep(script, at({ seed }))))
      }),
    )
  })
})

test('a step in words names headers without their values', () => {
  const { steps } = parseScript('503@x-key=secret,hang,drip@1500ms') as Script & { kind: 'sequence' }
  expect(steps.map(stepText)).toEqual(['503 with x-key', 'hang', 'drip over 1.5 s'])
})
