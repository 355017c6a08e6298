import { beforeAll, describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Clock } from '../../src/ports.ts'
import { FAULTY } from '../receivers/faulty.ts'
import type { FaultyOptions } from '../receivers/faulty-receiver.ts'
import { secureReceiver } from '../receivers/secure.ts'
import { peer } from '../support/peer.ts'
import { makeCertificates, type TestCertificates } from '../support/tls.ts'
import { checked, failuresOf, HURRY, type Checked, type CheckedOptions } from './checked.ts'

const openssl = peer('openssl', 'apt-get install openssl')

/** All of time runs so many times as fast, latencies and timeouts too: for receivers whose fault is to be slow. */
const faster = (times: number): Clock => ({
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() * times,
  sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  after: (ms, callback) => systemClock.after(ms / times, callback),
})

/** Waits of receivers, as many times shorter as the suite's own; and timeouts, where the fault is to let one pass. */
const HANDED_IN: Readonly<Record<string, FaultyOptions & CheckedOptions>> = {
  impatient: { waitMs: 100 },
  'forgets-idle-connections': { waitMs: 5000 / HURRY },
  'check-then-act': { waitMs: 2 },
  'hangs-on-large-bodies': { timeoutMs: 2500 },
  'works-before-it-answers': { waitMs: 20, clock: faster(10), timeoutMs: 15_000 },
  // Every delivery takes its wait, so only what looks at times.
  slow: {
    waitMs: 400,
    clock: faster(40),
    timeoutMs: 60_000,
    checks: CATALOG.filter(({ id }) => id.startsWith('performance/')),
  },
}

/** TLS as it goes wrong, by the name of a certificate; everybody else's fault is in the table of faulty receivers. */
const SECURE: readonly {
  readonly fault: string
  readonly certificate: keyof Omit<TestCertificates, 'ca'>
  readonly trust?: 'authority'
  readonly twin: 'redirects' | 'serves'
  readonly fails: readonly (readonly [number: string, severity: string])[]
}[] = [
  {
    fault: 'a certificate signed by itself',
    certificate: 'selfSigned',
    twin: 'redirects',
    fails: [['TRN-01', 'MUST']],
  },
  { fault: 'a certificate that expired', certificate: 'expired', twin: 'redirects', fails: [['TRN-01', 'MUST']] },
  { fault: 'a certificate for another host', certificate: 'wrongName', twin: 'redirects', fails: [['TRN-01', 'MUST']] },
  {
    fault: 'a good certificate that expires in two days',
    certificate: 'good',
    trust: 'authority',
    twin: 'redirects',
    fails: [['TRN-01', 'SHOULD']],
  },
  {
    fault: 'the same address served over plain http',
    certificate: 'good',
    trust: 'authority',
    twin: 'serves',
    fails: [
      ['TRN-01', 'SHOULD'],
      ['TRN-02', 'SHOULD'],
    ],
  },
]

describe('a faulty receiver fails exactly what it gets wrong', () => {
  // Those that wait begin first: the others fill their waits.
  for (const receiver of FAULTY.toSorted((a, b) => Number(b.name in HANDED_IN) - Number(a.name in HANDED_IN))) {
    test.concurrent(`${receiver.name}: ${receiver.fault}`, { timeout: 40_000 }, async () => {
      const how = HANDED_IN[receiver.name] ?? {}
      const running = await receiver.start(how)
      try {
        const found = await checked(running, how)
        expect(found.failed.toSorted(), difference(found, receiver.fails)).toEqual(receiver.fails.toSorted())
      } finally {
        await running.close()
      }
    })
  }

  describe.skipIf(openssl === undefined)('over TLS', () => {
    let certificates: TestCertificates
    beforeAll(() => {
      certificates = makeCertificates(openssl as string)
    })

    test.each(SECURE)('$fault', { concurrent: true }, async ({ certificate, trust, twin, fails }) => {
      const receiver = await secureReceiver(certificates[certificate], { twin })
      try {
        const checks = CATALOG.filter(({ number }) => /^(AUT|TRN|CON-0[19])/.test(number))
        const found = await checked(receiver, {
          checks,
          httpTwin: new URL(receiver.twinUrl),
          // What is not trusted is accepted (as with --insecure), or no control would be, and nothing would be judged.
          ...(trust === undefined ? {} : { ca: certificates.ca }),
        })
        const failed = found.run.results.filter(({ verdict }) => verdict === 'FAIL')
        const severities = failed.map(({ check, severity }) => [check.number, severity])
        const expected = fails.map(([number]) => number)
        expect(severities, difference(found, expected)).toEqual(fails)
        const [, plain] = found.run.results.filter(({ check }) => /^TRN-0[12]$/.test(check.number))
        if (twin === 'redirects') expect(plain).toMatchObject({ verdict: 'PASS', check: { number: 'TRN-02' } })
        expect(found.summary.exitCode).toBe(fails.some(([, severity]) => severity === 'MUST') ? 1 : 0)
      } finally {
        await receiver.close()
      }
    })

    test('that is not trusted is no control: not judged, and TRN-01 names the certificate', async () => {
      const receiver = await secureReceiver(certificates.selfSigned, { twin: 'redirects' })
      try {
        const { summary, run } = await checked(receiver, { ca: certificates.ca })
        expect(summary).toMatchObject({ exitCode: 3, headline: 'NOT JUDGED: the control was not accepted' })
        const tls = run.results.find(({ check }) => check.number === 'TRN-01')
        expect(tls).toMatchObject({ verdict: 'FAIL', severity: 'MUST' })
        expect(run.preflight.notes.join(' ')).toMatch(/certificate/)
      } finally {
        await receiver.close()
      }
    })
  })

  test('and every scored check is failed by one of them', () => {
    const failedByOne = new Set([...FAULTY, ...SECURE].flatMap(({ fails }) => fails.flat()))
    const scored = CATALOG.filter(({ severity }) => severity !== 'INFO').map(({ number }) => number)
    expect(scored.filter((number) => !failedByOne.has(number))).toEqual([])
  })
})

/** What differs, and why it was found: the reader of a failing test has nothing else. */
function difference(found: Checked, fails: readonly string[]): string {
  const missing = fails.filter((number) => !found.failed.includes(number))
  const extra = found.failed.filter((number) => !fails.includes(number))
  const verdicts = found.run.results
    .filter(({ check }) => missing.includes(check.number))
    .map(({ check, verdict, reason }) => `${check.number} is ${verdict}${reason === undefined ? '' : `: ${reason}`}`)
  const lines = failuresOf(found).filter((line) => !/^[A-Z]{3}-\d\d/.test(line) || extra.includes(line.slice(0, 6)))
  return ['', `not failed: ${missing.join(', ')}`, ...verdicts, `failed besides: ${extra.join(', ')}`, ...lines].join(
    '\n  ',
  )
}
