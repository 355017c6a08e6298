import { describe, expect, test } from 'vitest'
import { FRAMEWORKS, adviceFor } from '../../src/check/advice.ts'
import { CATALOG } from '../../src/check/catalog.ts'
import { CAUSES } from '../../src/check/cause.ts'
import { GROUPS, type Need } from '../../src/check/check.ts'
import { unmet, type Means } from '../../src/check/means.ts'
import { kitFor } from './found.ts'

/** As numbered and classed in the catalogue that the checks were built from: severity, then what it may do. */
const NUMBERING = `
CON-01 MUST S1    CON-02 MUST S1    CON-03 SHOULD S0  CON-04 SHOULD S1  CON-05 MUST S1    CON-06 MUST S1
CON-07 MUST S1    CON-08 SHOULD S1  CON-09 MUST P     CON-10 SHOULD P   CON-11 SHOULD S0
AUT-01 MUST S0    AUT-02 MUST S0    AUT-03 MUST S0    AUT-04 MUST S0    AUT-05 MUST S0    AUT-06 MUST S0
AUT-07 SHOULD S0  AUT-08 INFO S1    AUT-09 MUST S0    AUT-10 MUST S0    AUT-11 MUST S0    AUT-12 MUST S0
AUT-13 INFO S1    AUT-14 SHOULD S0  AUT-15 SHOULD P
DLV-01 MUST S2    DLV-02 MUST S2    DLV-03 MUST S2    DLV-04 MUST S2    DLV-05 SHOULD S2  DLV-06 SHOULD S1
DLV-07 MUST S1    DLV-08 SHOULD S1  DLV-09 INFO S2
ROB-01 MUST S1    ROB-02 MUST S1    ROB-03 MUST S1    ROB-04 MUST S1    ROB-05 SHOULD S1  ROB-06 INFO S1
ROB-07 SHOULD S0  ROB-08 SHOULD S1  ROB-09 SHOULD S0  ROB-10 SHOULD S1  ROB-11 SHOULD S3  ROB-12 INFO S1
PRF-01 MUST S2    PRF-02 SHOULD S1  PRF-03 SHOULD S3  PRF-04 SHOULD P
TRN-01 MUST S0    TRN-02 SHOULD S0  TRN-03 MUST S1    TRN-04 SHOULD S1  TRN-05 MUST S1    TRN-06 SHOULD S3
TRN-07 SHOULD S2  TRN-08 SHOULD S3  TRN-09 SHOULD S1`
const PREFIXES: Readonly<Record<string, string>> = {
  CON: 'contract',
  AUT: 'authenticity',
  DLV: 'delivery',
  ROB: 'robustness',
  PRF: 'performance',
  TRN: 'transport',
}

describe('the catalogue', () => {
  test('has sixty checks, by number, severity and side effect', () => {
    const found = CATALOG.map(({ number, severity, sideEffect }) => `${number} ${severity} ${sideEffect}`)
    expect(found).toEqual(NUMBERING.match(/\w{3}-\d\d \w+ \w+/g))
    expect(found).toHaveLength(60)
  })

  test('names each once, by its group first; neither id nor number is another check in disguise', () => {
    const names = CATALOG.flatMap(({ id, number }) => [id, number, id.slice(id.indexOf('/') + 1)])
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    for (const { id, number } of CATALOG) {
      expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(id.split('/')[0]).toBe(PREFIXES[number.slice(0, 3)])
    }
    expect([...GROUPS]).toEqual(Object.values(PREFIXES))
  })

  test.each(CATALOG.map((check) => [check.number, check] as const))('%s says all of itself', (_, check) => {
    expect(check.requirement).toMatch(/^[A-Z0-9].{20,}[.]$/)
    expect(check.title).toMatch(/^.{5,70}[^.]$/)
    expect(check.differs).not.toBe('')
    expect(check.accepted).not.toBe('')
    expect(check.sources.length).toBeGreaterThan(0)
    for (const source of check.sources) expect(source).toMatch(/^\[[QSIMJ]\] \S/)
    expect(CAUSES[check.cause].why).not.toBe('')
    for (const { id } of FRAMEWORKS) expect(adviceFor(check.cause, id).length).toBeGreaterThan(20)
  })

  test('checks what must be refused between controls, and nothing else', () => {
    const around = CATALOG.filter(({ controls }) => controls === 'around').map(({ number }) => number)
    expect(around).toEqual(CATALOG.map(({ number }) => number).filter((it) => /^AUT-(0\d|1[0-4])$/.test(it)))
  })

  test.each(['events', 'zero-event'] as const)('plans the same bytes for the same kit (%s)', async (form) => {
    const planned = async (id: string, seed: number) => {
      const check = CATALOG.find((one) => one.id === id) as (typeof CATALOG)[number]
      return JSON.stringify(check.plan(await kitFor(id, { form, seed })))
    }
    for (const { id, number } of CATALOG.filter(({ number: it }) => it !== 'ROB-11')) {
      const text = await planned(id, 1)
      expect([number, (await planned(id, 1)) === text]).toEqual([number, true])
      const hasEvents = /"eventIds":\["/.test(text)
      if (hasEvents) expect([number, (await planned(id, 2)) === text]).toEqual([number, false])
    }
  })

  test('its safe form holds no event', async () => {
    for (const check of CATALOG.filter(({ sideEffect, zeroEventForm }) => sideEffect === 'S0' || zeroEventForm)) {
      const { steps } = check.plan(await kitFor(check.id, { form: 'zero-event' }))
      expect([check.number, /"eventIds":\["/.test(JSON.stringify(steps))]).toEqual([check.number, false])
    }
  })
})

describe('a check without what it needs is skipped, with the reason', () => {
  const all: Means = {
    secret: true,
    authorization: true,
    'other-secret': true,
    'event-identity': true,
    'not-plain-local': true,
    'http-twin': true,
  }
  test.each<[Need, string, RegExp]>([
    [
      'secret',
      'AUT-01 AUT-02 AUT-03 AUT-04 AUT-05 AUT-06 AUT-07 AUT-08 AUT-09 AUT-10 AUT-11 AUT-13 AUT-14',
      /--secret/,
    ],
    ['authorization', 'AUT-12', /-H, --basic, --bearer/],
    ['other-secret', 'AUT-14', /--previous-secret or --retired-secret/],
    ['event-identity', 'DLV-01 DLV-02 DLV-03 DLV-04 DLV-07', /no event identity/],
    ['not-plain-local', 'TRN-01', /no certificate to judge/],
    ['http-twin', 'TRN-02', /twin/],
  ])('%s', (need, numbers, reason) => {
    const reasons = CATALOG.flatMap((check) => {
      const why = unmet(check, { ...all, [need]: false })
      return why === undefined ? [] : [[check.number, why] as const]
    })
    expect(reasons.map(([number]) => number).join(' ')).toBe(numbers)
    for (const [, why] of reasons) expect(why).toMatch(reason)
  })

  test('with everything none is', () => {
    expect(CATALOG.filter((check) => unmet(check, all) !== undefined)).toEqual([])
  })
})
