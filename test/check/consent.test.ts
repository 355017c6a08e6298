import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import type { SideEffect } from '../../src/check/check.ts'
import { isLocalTarget, mayHaveEffects, refusal, type Consent } from '../../src/check/consent.ts'

const consent = (more: Partial<Consent> = {}): Consent => ({
  local: false,
  safe: false,
  sideEffects: false,
  stress: false,
  ...more,
})
const [SAFE, EFFECTS, STRESS] = ['left out by --safe', 'needs --allow-side-effects', 'needs --allow-stress']

describe('what a check may do decides where it runs', () => {
  test.each<[string, Partial<Consent>, Record<Exclude<SideEffect, 'P' | 'S0'>, string | undefined>]>([
    ['local', { local: true }, { S1: undefined, S2: undefined, S3: undefined }],
    ['local, safe', { local: true, safe: true }, { S1: SAFE, S2: SAFE, S3: SAFE }],
    ['elsewhere', {}, { S1: EFFECTS, S2: EFFECTS, S3: EFFECTS }],
    ['elsewhere, stress alone', { stress: true }, { S1: EFFECTS, S2: EFFECTS, S3: EFFECTS }],
    ['elsewhere, side effects', { sideEffects: true }, { S1: undefined, S2: undefined, S3: STRESS }],
    ['elsewhere, both', { sideEffects: true, stress: true }, { S1: undefined, S2: undefined, S3: undefined }],
    ['elsewhere, both, safe', { safe: true, sideEffects: true, stress: true }, { S1: SAFE, S2: SAFE, S3: SAFE }],
  ])('%s', (_, given, wanted) => {
    for (const sideEffect of ['S1', 'S2', 'S3'] as const)
      expect([sideEffect, refusal({ sideEffect }, consent(given))]).toEqual([sideEffect, wanted[sideEffect]])
    for (const sideEffect of ['P', 'S0'] as const) expect(refusal({ sideEffect }, consent(given))).toBeUndefined()
    expect(refusal({ sideEffect: 'S1', zeroEventForm: true }, consent(given))).toBeUndefined()
  })

  test.each([
    [{}, false],
    [{ local: true }, true],
    [{ sideEffects: true }, true],
    [{ local: true, safe: true }, false],
    [{ sideEffects: true, safe: true }, false],
    [{ stress: true }, false],
  ])('events may be sent with %o: %s', (given, wanted) => {
    expect(mayHaveEffects(consent(given))).toBe(wanted)
  })

  test('off this machine exactly the 28 safe ones run', () => {
    const safe = CATALOG.filter((check) => refusal(check, consent()) === undefined).map(({ number }) => number)
    const wanted = `CON-03 CON-08 CON-09 CON-10 CON-11
      AUT-01 AUT-02 AUT-03 AUT-04 AUT-05 AUT-06 AUT-07 AUT-09 AUT-10 AUT-11 AUT-12 AUT-13 AUT-14 AUT-15
      ROB-01 ROB-07 ROB-09 PRF-04 TRN-01 TRN-02 TRN-03 TRN-04 TRN-09`
    expect(safe).toEqual(wanted.split(/\s+/))
    expect(safe).toHaveLength(28)
  })
})

describe('a target is local', () => {
  test.each<[string, readonly string[], boolean]>([
    ['localhost', [], true],
    ['x.localhost', [], true],
    ['LOCALHOST', [], true],
    ['127.0.0.1', [], true],
    ['127.8.9.10', [], true],
    ['[::1]', [], true],
    // Names of containers and CI services, with private addresses.
    ['app', ['172.18.0.3'], true],
    ['php', ['10.0.0.5'], true],
    ['x.internal', ['192.168.1.1'], true],
    ['x.local', ['fd12:3456::1'], true],
    ['x.local', ['fc00::1'], true],
    ['x.test', ['127.0.0.1'], true],
    ['X.TEST', ['172.31.255.1'], true],
    ['a.b.test.', ['172.16.0.1'], true],
    // The same with a public address among them, or none.
    ['app', ['93.184.216.34'], false],
    ['app', ['10.0.0.5', '93.184.216.34'], false],
    ['app', ['172.32.0.1'], false],
    ['app', ['172.15.0.1'], false],
    ['app', ['192.169.0.1'], false],
    ['x.internal', [], false],
    ['x.test', ['2001:db8::1'], false],
    ['x.local', ['fe80::1'], false],
    // Other names, and addresses themselves: often shared staging.
    ['staging.example.com', ['10.0.0.5'], false],
    ['test.example', ['10.0.0.5'], false],
    ['local.example.com', ['127.0.0.1'], false],
    ['10.0.0.5', ['10.0.0.5'], false],
    ['192.168.0.1', ['192.168.0.1'], false],
    ['[fd12:3456::1]', ['fd12:3456::1'], false],
    ['93.184.216.34', [], false],
  ])('%s at %j: %s', async (name, addresses, wanted) => {
    expect(await isLocalTarget(name, [], async () => addresses)).toBe(wanted)
  })

  test('when it is named, whatever it resolves to, and nobody is asked', async () => {
    const asked: string[] = []
    const lookup = async (name: string) => {
      asked.push(name)
      return ['93.184.216.34']
    }
    expect(await isLocalTarget('Staging.Example.com', ['staging.example.COM'], lookup)).toBe(true)
    expect(await isLocalTarget('10.0.0.5', ['10.0.0.5'], lookup)).toBe(true)
    expect(await isLocalTarget('other.example.com', ['staging.example.com'], lookup)).toBe(false)
    expect(asked).toEqual([])
  })
})
