import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Kit } from '../../src/check/kit.ts'
import { AUTHORIZATION, PREVIOUS_SECRET, RETIRED_SECRET, SECRET, signatureOf } from '../receivers/receiver.ts'
import { checkOf, kitFor, partsOf, probesOf } from './found.ts'

const SIGNATURE = 'X-Qualifio-Signature: '
const FORMS = ['events', 'zero-event'] as const
const rotation = { previousSecret: PREVIOUS_SECRET, retiredSecret: RETIRED_SECRET }

async function sentBy(number: string, form: Kit['form'], more: Parameters<typeof kitFor>[1] = {}) {
  const check = checkOf(number)
  const kit = await kitFor(check.id, { form, ...rotation, ...more })
  const control = partsOf(kit.control())
  return { control, probes: probesOf(check, kit).map((probe) => ({ name: probe.name, probe, ...partsOf(probe) })) }
}

const signature = (lines: readonly string[]) => lines.filter((line) => line.startsWith(SIGNATURE))
/** The head without what follows from the body. */
const others = (lines: readonly string[]) =>
  lines.filter((line) => !/^(X-Qualifio-Signature|Content-Length): /.test(line))
const bytesOf = (body: string) => Buffer.from(body, 'latin1')

test('a control is a whole request, signed over its bytes', async () => {
  const { control } = await sentBy('CON-03', 'zero-event')
  expect(control.body).toBe('[]')
  expect(control.lines).toEqual([
    'POST /webhooks?a=b HTTP/1.1',
    'Host: 127.0.0.1:8080',
    'Connection: keep-alive',
    'Content-Type: application/json',
    'Content-Length: 2',
    'User-Agent: qualifio-sim/0',
    `${AUTHORIZATION[0]}: ${AUTHORIZATION[1]}`,
    `${SIGNATURE}${signatureOf('[]')}`,
  ])
})

test('where events may be sent a control is one portal visit, a fresh one each time', async () => {
  const kit = await kitFor('contract/empty-array')
  const [first, second] = [kit.control(), kit.control()]
  for (const control of [first, second]) {
    const { lines, body } = partsOf(control)
    expect(JSON.parse(body)).toMatchObject([{ type: 'member_portal_visit', id: control.eventIds[0] }])
    expect(signature(lines)).toEqual([SIGNATURE + signatureOf(bytesOf(body))])
    expect(control).toMatchObject({ isControl: true })
    expect(control).not.toHaveProperty('unsentSignature')
  }
  expect(first.eventIds).not.toEqual(second.eventIds)
})

describe.each(FORMS)('one thing differs (%s)', (form) => {
  const right = (body: string) => SIGNATURE + signatureOf(bytesOf(body))
  const hmac = (key: string, body: string, algorithm = 'sha256') =>
    createHmac(algorithm, key).update(bytesOf(body)).digest('hex')

  test.each<[string, (body: string) => readonly (readonly string[])[]]>([
    ['AUT-01', () => [[]]],
    ['AUT-02', (body) => [[`${SIGNATURE}sha256=${hmac('qualifio-sim-another-secret', body)}`]]],
    ['AUT-06', (body) => [[right(body).slice(0, -31)], [right(body).slice(0, -63)]]],
    [
      'AUT-07',
      (body) => [
        [SIGNATURE],
        [`${SIGNATURE}sha256=${'a'.repeat(8185)}`],
        [`${right(body).slice(0, -1)}\u00e9`],
        [`${SIGNATURE}sha256=`],
      ],
    ],
    ['AUT-09', (body) => [[`${SIGNATURE}sha1=${hmac(SECRET, body, 'sha1')}`]]],
    ['AUT-10', (body) => [[`${SIGNATURE}sha256=${hmac('', body)}`]]],
    ['AUT-11', (body) => [[`${SIGNATURE}sha256=${createHash('sha256').update(bytesOf(body)).digest('hex')}`]]],
    [
      'AUT-14',
      (body) => [PREVIOUS_SECRET, RETIRED_SECRET].map((secret) => [SIGNATURE + signatureOf(bytesOf(body), secret)]),
    ],
  ])('%s: the signature header', async (number, wanted) => {
    const { control, probes } = await sentBy(number, form)
    const [{ body: firstBody } = { body: '' }] = probes
    expect(probes).toHaveLength(wanted(firstBody).length)
    for (const [index, { lines, body, probe }] of probes.entries()) {
      expect(signature(lines)).toEqual(wanted(body)[index])
      expect(others(lines)).toEqual(others(control.lines))
      if (form === 'zero-event') expect(body).toBe(control.body)
      expect(probe.unsentSignature).toBe(signatureOf(bytesOf(body)))
    }
  })

  test('AUT-03: the last digit of the signature, and no other', async () => {
    const { control, probes } = await sentBy('AUT-03', form)
    for (const { lines, body } of probes) {
      const [line = ''] = signature(lines)
      expect(line.slice(0, -1)).toBe(right(body).slice(0, -1))
      expect(line).not.toBe(right(body))
      expect(line.at(-1)).toMatch(/[0-9a-f]/)
      expect(others(lines)).toEqual(others(control.lines))
    }
  })

  test('AUT-05: one space after the body, under the signature without it', async () => {
    const { control, probes } = await sentBy('AUT-05', form)
    for (const { lines, body } of probes) {
      expect(body.at(-1)).toBe(' ')
      const signed = body.slice(0, -1)
      expect(JSON.parse(signed)).toHaveLength(form === 'events' ? 1 : 0)
      expect(signature(lines)).toEqual([right(signed)])
      expect(lines).toContain(`Content-Length: ${body.length}`)
      expect(others(lines)).toEqual(others(control.lines))
    }
  })

  test('AUT-12: the authorization header; the signature is right', async () => {
    const { control, probes } = await sentBy('AUT-12', form)
    const authorization = (lines: readonly string[]) => lines.filter((line) => line.startsWith(AUTHORIZATION[0]))
    const without = (lines: readonly string[]) => others(lines).filter((line) => !line.startsWith(AUTHORIZATION[0]))
    expect(probes.map(({ lines }) => authorization(lines))).toEqual([[], [`${AUTHORIZATION[0]}: 123456otx`]])
    for (const { lines, body } of probes) {
      expect(without(lines)).toEqual(without(control.lines))
      expect(signature(lines)).toEqual([right(body)])
    }
  })

  test('TRN-03: the case of the names of headers, and nothing else', async () => {
    const { control, probes } = await sentBy('TRN-03', form)
    const [lower, upper] = probes
    const name = (line: string) => line.slice(0, line.indexOf(':'))
    for (const { lines, body } of probes) {
      const [requestLine, ...headers] = lines
      expect(requestLine).toBe(control.lines[0])
      const [, ...wanted] = control.lines.map((line) => line.slice(line.indexOf(': ')))
      const values = headers.map((line) => line.slice(line.indexOf(': ')))
      expect(values.slice(0, -1)).toEqual(form === 'events' ? expect.any(Array) : wanted.slice(0, -1))
      expect(values.at(-1)).toBe(`: ${signatureOf(bytesOf(body))}`)
      expect(headers.map((line) => name(line).toLowerCase())).toEqual(
        control.lines.slice(1).map((line) => name(line).toLowerCase()),
      )
    }
    for (const line of lower?.lines.slice(1) ?? []) expect(name(line)).toBe(name(line).toLowerCase())
    for (const line of upper?.lines.slice(1) ?? []) expect(name(line)).toBe(name(line).toUpperCase())
    expect(probes).toHaveLength(2)
  })
})

test('AUT-04 changes a value under the old signature, and white space where no event may be sent', async () => {
  const check = checkOf('AUT-04')
  const [zero] = (await sentBy('AUT-04', 'zero-event')).probes
  expect([zero?.body, signature(zero?.lines ?? [])]).toEqual(['[ ]', [SIGNATURE + signatureOf('[]')]])
  const kit = await kitFor(check.id)
  const original = (await kitFor(check.id)).payload('earning').text
  const [probe] = probesOf(check, kit)
  const { lines, body } = partsOf(probe as NonNullable<typeof probe>)
  expect(signature(lines)).toEqual([SIGNATURE + signatureOf(original)])
  expect(body).toHaveLength(original.length)
  const differing = body.split('').flatMap((letter, index) => (letter === original[index] ? [] : [index]))
  expect(differing).toHaveLength(1)
  expect(JSON.parse(body)).not.toEqual(JSON.parse(original))
})

test.each([
  ['Basic dXNlcjpwYXNz', ['user:pasx', 'usex:pasx'], 3],
  ['Basic dXNlcjp4', ['user:y', 'usex:y'], 3],
])('with %s the user and the password are wrong in turn', async (value, wanted, count) => {
  const kit = await kitFor('authenticity/authorization')
  const endpoint = { ...kit.endpoint, headers: [['Authorization', value] as const] }
  const { probes } = await sentBy('AUT-12', 'zero-event', { endpoint })
  const pairs = probes.flatMap(({ lines }) =>
    lines.flatMap((line) => {
      const [, base64] = /^Authorization: Basic (.+)$/.exec(line) ?? []
      return base64 === undefined ? [] : [Buffer.from(base64, 'base64').toString()]
    }),
  )
  expect(pairs.toSorted()).toEqual(wanted.toSorted())
  expect(probes).toHaveLength(count)
})

test('of a bearer the token is wrong, not the scheme', async () => {
  const kit = await kitFor('authenticity/authorization')
  const endpoint = { ...kit.endpoint, headers: [['Authorization', 'Bearer abcx'] as const] }
  const { probes } = await sentBy('AUT-12', 'zero-event', { endpoint })
  expect(probes[1]?.lines).toContain('Authorization: Bearer abcy')
})

test('nothing that people are shown as sent holds the secret or a signature', async () => {
  for (const number of ['AUT-01', 'AUT-04', 'AUT-09', 'ROB-01', 'CON-08'])
    for (const { probe } of (await sentBy(number, 'events')).probes) {
      expect(probe.shown).toMatch(/^POST .+; .+/)
      expect(probe.shown).not.toMatch(/s3cr3t|[0-9a-f]{33}|123456ots/)
    }
})
