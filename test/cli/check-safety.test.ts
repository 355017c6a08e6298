import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RETIRED_SECRET, PREVIOUS_SECRET, type CheckedReceiver } from '../receivers/receiver.ts'
import { checkOf, closeReceivers, faulty, found, jsonOf, sound } from './checking.ts'
import { startEndpoints, type Endpoints } from './endpoints.ts'

closeReceivers()
let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

/** An address that reaches this machine and is none of those that are known to: like any other host. */
const guest = ({ url }: { readonly url: string }) => ({ url: url.replace('127.0.0.1', '0.0.0.0') })
const eventsAt = async (receiver: CheckedReceiver) => [...(await receiver.applied()).keys()]

describe('a target that is not this machine', () => {
  test.concurrent.each<[only: string, args: readonly string[], says: RegExp]>([
    ['delivery/duplicate', [], /DLV-01 .* sends valid events, .* to 0\.0\.0\.0, .* add --allow-side-effects;/],
    ['CON-01', ['--allow-stress'], /CON-01 .*--allow-side-effects;.*--local-host 0\.0\.0\.0\.$/m],
    [
      'ROB-11',
      ['--allow-side-effects'],
      /ROB-11 .* sends heavy or broken requests .*--allow-side-effects --allow-stress/,
    ],
    ['delivery', [], /sends valid events/],
    ['AUT-05,dlv-01', [], /DLV-01/],
  ])('is not sent %s without consent (%j)', async (only, args, says) => {
    const endpoint = endpoints.open()
    const { exitCode, stdout, stderr } = await checkOf(guest(endpoint), ['--only', only, ...args])
    expect(stderr).toMatch(says)
    expect({ exitCode, stdout, requests: endpoint.got.length }).toEqual({ exitCode: 2, stdout: '', requests: 0 })
  })

  test.concurrent('is checked without an event, five requests a second', async () => {
    const receiver = await sound()
    const startedMs = performance.now()
    const result = await checkOf(guest(receiver), [
      '--only',
      'AUT-05,CON-01,TRN-03',
      '--skip',
      'CON-01',
      '--format',
      'json',
    ])
    const report = jsonOf(result)
    expect(found(result, 'TRN-03').verdict).toBe('PASS')
    expect(report).toMatchObject({ local: false, sideEffects: false, eventIds: [], exitCode: 0 })
    expect(result.stderr).toContain('0 events: every body is [] or must be refused')
    expect(await eventsAt(receiver)).toEqual([])
    expect(performance.now() - startedMs).toBeGreaterThan((report.requests - 1) * 190)
  })

  test.concurrent('leaves out of many checks those that need consent, and says which consent', async () => {
    const receiver = await sound()
    const args = ['--only', 'SHOULD', '--skip', 'AUT-*,CON-1*,TRN-0[14],ROB-0*'.replace('TRN-0[14]', 'TRN-04')]
    const result = await checkOf(guest(receiver), [...args, '--format', 'json'])
    expect(found(result, 'CON-04')).toMatchObject({ verdict: 'SKIP', reason: 'needs --allow-side-effects' })
    expect(await eventsAt(receiver)).toEqual([])
  })

  test.concurrent.each([['--allow-side-effects'], ['--local-host', '0.0.0.0']])(
    'gets events with %s %s',
    async (...flags) => {
      const receiver = await sound()
      const given = flags.filter((flag) => flag !== undefined)
      const result = await checkOf(guest(receiver), ['--only', 'CON-02', ...given, '--format', 'json'])
      expect(found(result, 'CON-02').verdict).toBe('PASS')
      expect(jsonOf(result)).toMatchObject({ local: flags[0] === '--local-host', sideEffects: true })
      expect((await eventsAt(receiver)).length).toBeGreaterThan(7)
    },
  )
})

describe('--safe', () => {
  test.concurrent('leaves the store of a receiver on this machine empty', async () => {
    const receiver = await sound()
    const result = await checkOf(receiver, ['--safe', '--format', 'json'])
    expect(jsonOf(result)).toMatchObject({ local: true, safe: true, sideEffects: false, eventIds: [], exitCode: 0 })
    expect(found(result, 'DLV-01')).toMatchObject({ verdict: 'SKIP', reason: 'left out by --safe' })
    expect(await eventsAt(receiver)).toEqual([])
  })

  test.concurrent('finds a forged request accepted, and still sends no event', async () => {
    const receiver = await faulty('ignores-the-signature')
    const result = await checkOf(receiver, ['--safe', '--format', 'json'])
    expect(result.exitCode).toBe(1)
    expect(jsonOf(result).summary.mustFailed).toContain('AUT-01')
    expect(await eventsAt(receiver)).toEqual([])
  })

  test.concurrent('contradicts a check with effects that is named', async () => {
    const endpoint = endpoints.open()
    const { exitCode, stderr } = await checkOf(endpoint, ['--safe', '--only', 'contract/each-event-type'])
    expect(stderr).toBe(
      'warning: the secret has characters outside printable ASCII (--secret); its UTF-8 bytes are the key\n' +
        'qualifio-sim: --safe leaves CON-01 out, and it is asked for; leave one of them out.\n',
    )
    expect([exitCode, endpoint.got.length]).toEqual([2, 0])
  })
})

describe('secrets that were replaced', () => {
  const args = ['--only', 'AUT-14', '--format', 'json']
  const secrets = ['--previous-secret', PREVIOUS_SECRET, '--retired-secret', RETIRED_SECRET]

  test.concurrent('are not asked about unless they are given', async () => {
    const result = await checkOf(await sound(), ['--only', 'AUT-14,AUT-01', '--format', 'json'])
    expect(found(result, 'AUT-14')).toMatchObject({
      verdict: 'SKIP',
      reason: 'needs --previous-secret or --retired-secret',
    })
  })

  test.concurrent('the previous one is taken and the retired one refused by a sound receiver', async () => {
    const result = await checkOf(await sound(), [...args, ...secrets])
    expect(found(result, 'AUT-14').findings.map(({ verdict }) => verdict)).toEqual(['PASS', 'PASS'])
  })

  test.concurrent.each(['one-secret', 'retired-secret'])('of a receiver with the fault %s are found', async (name) => {
    const result = await checkOf(await faulty(name), [...args, ...secrets])
    expect(found(result, 'AUT-14').verdict).toBe('FAIL')
  })
})
