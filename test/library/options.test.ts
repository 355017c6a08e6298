import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as library from '../../src/index.ts'
import { UsageError } from '../../src/errors.ts'
import { systemClock } from '../support/system-clock.ts'
import { startReceiver } from '../../src/receiver/server.ts'

const { createReceiver: _, ...doors } = library
const earning = { events: 'earning' }
const there = { to: 'http://127.0.0.1:9/webhooks', retries: 0 }

/** As JavaScript calls it: whatever the types say. */
const generate = async (options: unknown) => [...(await doors.generatePayloads(options as library.GenerateOptions))]
const deliver = (payload: unknown, options: unknown) =>
  doors.deliver(payload as string, options as library.DeliverOptions)

describe('generatePayloads refuses, by the name of the option,', () => {
  test.each<[unknown, string | RegExp]>([
    [undefined, 'generatePayloads: the options must be an object'],
    ['earning', 'generatePayloads: the options must be an object, and this is "earning"'],
    [{}, 'no event is selected'],
    [{ ...earning, cuont: 2 }, 'generatePayloads: unknown option "cuont"; did you mean count? Known: events, journey'],
    [{ ...earning, xyzzyplugh: 2 }, 'generatePayloads: unknown option "xyzzyplugh". Known: '],
    [{ events: 'earnings' }, 'unknown event "earnings"; did you mean earning? Known: '],
    [{ events: 'foo' }, 'unknown event "foo". Known: '],
    [{ events: 5 }, "events 5 must be an event such as 'earning'"],
    [{ events: ['all', 'earning'] }, '"all" stands alone'],
    [{ events: 'earning', journey: 'gift' }, 'use either events or journey'],
    [{ journey: 'onbording' }, 'did you mean onboarding?'],
    [{ ...earning, count: '3' }, 'count "3" must be a whole number, 1 or more'],
    [{ ...earning, count: 0 }, /^count 0: must be a whole number, 1 or more/],
    [{ ...earning, count: 1.5 }, /^count 1\.5: must be a whole number/],
    [{ ...earning, batch: 'all' }, `batch "all" must be a whole number from 1 to 10000, or 'max'`],
    [{ ...earning, batch: 10_001 }, /^batch 10001: must be/],
    [{ ...earning, members: 0 }, /^members 0: must be/],
    [{ ...earning, seed: -1 }, /^seed -1: must be from 0 to 4294967295/],
    [{ ...earning, now: 'yesterday' }, 'now "yesterday" must be a Date, a time with an offset'],
    [{ ...earning, now: '2026-02-30' }, 'now "2026-02-30" must be a Date'],
    [{ ...earning, now: new Date('nonsense') }, 'now an invalid Date must be a Date'],
    [{ ...earning, now: -1 }, /^now: must lie between the years 1970 and 9000/],
    [{ ...earning, locale: 'xx_YYY' }, /^locale: unknown locale "xx_YYY"\. Known: /],
    [{ ...earning, program: 'boreal-clob' }, 'unknown program "boreal-clob"; did you mean boreal-club? Built in: '],
    [{ ...earning, program: { id: 'mine' } }, 'program: name: is missing; it must be a text'],
    [{ ...earning, contract: 5 }, 'contract 5 must be the name of a contract'],
    [{ ...earning, contract: 'assumed-2' }, 'did you mean assumed-1?'],
    [{ ...earning, set: 5 }, "set 5 must be 'path=text' or 'path:=json'"],
    [
      { ...earning, set: 'data.pionts:=5' },
      /^set data\.pionts:=5: .*did you mean data\.points\? validate: 'off' writes/,
    ],
    [{ ...earning, set: 'nonsense' }, /^set nonsense: expected path=text/],
    [{ ...earning, validate: false }, "validate false must be 'on' or 'off'"],
    [{ ...earning, membersFrom: 'people.csv' }, 'the text of a CSV file, not its name'],
    [{ ...earning, membersFrom: { csv: 'email\n' } }, 'membersFrom:1: no column externalId'],
    [
      { events: 'profile-creation', count: 2, membersFrom: { csv: 'externalId\na\n' } },
      /^membersFrom with 1 person: 2 profile creations need a member each/,
    ],
    [
      { events: 'burning', count: 40, membersFrom: { csv: 'externalId,balance\na,300\n', fileName: 'a.csv' } },
      'of 40 burnings cannot be paid from the balances of membersFrom',
    ],
  ])('%j', async (options, message) => {
    const refused = generate(options)
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.not.toThrow(/--[a-z]/)
  })
})

describe('generatePayloads takes', () => {
  const bodies = async (options: object) => (await generate({ ...earning, ...options })).map(({ body }) => body)

  test.each([
    [new Date('2026-01-31T12:00:00Z')],
    ['2026-01-31T12:00:00Z'],
    ['2026-01-31T13:00:00+01:00'],
    [Date.UTC(2026, 0, 31, 12)],
  ])('now as %j', async (now) => {
    expect(await bodies({ now })).toEqual(await bodies({ now: '2026-01-31T12:00:00.000Z' }))
  })

  test('one rule or a list of them, and anything without validation', async () => {
    const [payload] = await generate({ ...earning, set: 'data.points:=250' })
    expect(payload?.events).toMatchObject([{ data: { points: 250 } }])
    const [odd] = await generate({ ...earning, set: ['data.points=many', 'data.x=y'], validate: 'off' })
    expect(JSON.parse(odd?.body ?? '')).toMatchObject([{ data: { points: 'many', x: 'y' } }])
  })

  test('test people, and events in any spelling', async () => {
    const membersFrom = { csv: 'externalId;balance\nu-1;500\n' }
    const payloads = await generate({ events: ['Point correction -', 'BURNING'], membersFrom, now: '2026-01-31' })
    expect(payloads.flatMap(({ events }) => events.map((event) => event.member.externalId))).toEqual(['u-1', 'u-1'])
    expect(await generate({ events: ['All'] })).toHaveLength(8)
  })

  test('undefined for nothing', async () => {
    const nothing = { count: undefined, set: undefined, contract: undefined, membersFrom: undefined }
    expect(await bodies({ ...nothing, now: 0 })).toEqual(await bodies({ now: 0 }))
  })
})

describe('deliver refuses, by the name of the option,', () => {
  test.each<[unknown, string | RegExp]>([
    [undefined, 'deliver: the options must be an object'],
    [{}, "deliver: to is missing; it must be a URL, such as 'http://localhost:3000/webhooks'"],
    [{ to: 5 }, 'deliver: to must be a URL'],
    [{ to: '' }, /^to is required/],
    [{ to: 'localhost:3000' }, /^to: not an absolute URL; did you mean http:\/\/localhost:3000\?/],
    [{ to: 'http://user:hunter2@localhost/' }, 'use an Authorization header'],
    [{ ...there, retires: 1 }, 'deliver: unknown option "retires"; did you mean retries? Known: secret, headers'],
    [{ ...there, retries: '3' }, 'retries "3" must be a whole number from 0 to 100'],
    [{ ...there, retries: 101 }, 'retries 101 must be a whole number from 0 to 100'],
    [{ ...there, retrySchedule: 'foo' }, /^retrySchedule "foo" is unknown; use default, instant, svix/],
    [{ ...there, retrySchedule: ['1ms'] }, `retrySchedule ["1ms"] must be 'default', 'instant'`],
    [{ ...there, retrySchedule: [-1] }, 'retrySchedule [-1] must be'],
    [{ ...there, retrySchedule: [] }, 'retrySchedule [] must be'],
    [{ ...there, retrySchedule: '1ms,2ms' }, /^retrySchedule has 2 waits but retries is 0/],
    [{ ...there, timeoutMs: '10s' }, 'timeoutMs "10s" must be a number of milliseconds'],
    [{ ...there, timeoutMs: 0 }, 'timeoutMs 0 must be a number of milliseconds'],
    [{ ...there, timeoutMs: Infinity }, 'timeoutMs Infinity must be'],
    [{ ...there, speed: 0 }, "speed 0 must be a number above 0, or 'max'"],
    [{ ...there, certificates: 'none' }, "certificates \"none\" must be 'verify' or 'accept-any'"],
    [{ ...there, ca: 5 }, 'ca must be a text of PEM certificates'],
    [{ ...there, signal: {} }, 'signal an object must be an AbortSignal'],
    [{ ...there, onAttempt: 'x' }, 'onAttempt "x" must be a function'],
    [{ ...there, secret: '' }, 'the secret is empty (secret)'],
    [{ ...there, secret: 5 }, 'deliver: secret must be a text.'],
    [{ ...there, headers: new Headers({ a: 'hunter2' }) }, 'headers must be an object of texts'],
    [{ ...there, headers: { a: 5 } }, 'headers must be an object of texts'],
    [{ ...there, headers: { 'a: b': 'hunter2' } }, 'headers must be an object of texts'],
    [{ ...there, headers: { Host: 'hunter2' } }, /^headers "Host" is set by qualifio-sim/],
    [{ ...there, headers: { a: '' } }, /^headers "a" has no value/],
  ])('%j', async (options, message) => {
    const refused = deliver('[]', options)
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow(message)
    await expect(refused).rejects.not.toThrow(/--[a-z]|hunter2/)
  })

  test.each([undefined, null, 5, {}, { body: 5 }, { events: [] }])('what cannot be sent: %j', async (payload) => {
    const refused = deliver(payload, there)
    await expect(refused).rejects.toThrow(UsageError)
    await expect(refused).rejects.toThrow('pass a payload of generatePayloads, or its body as text or bytes')
  })
})

test('deliver takes a URL, waits as on the command line, and bytes, text or a payload', async () => {
  const bodies: string[] = []
  const receiver = await startReceiver({
    requirements: { secrets: ['s'], headers: [] },
    clock: systemClock,
    onRequest: ({ body }) => void bodies.push(Buffer.from(body).toString()),
  })
  try {
    const options = { to: receiver.url, secret: 's', retrySchedule: '1ms,2ms' }
    for (const payload of ['["é"]', Buffer.from('["é"]'), { events: [], body: '["é"]' }]) {
      expect(await deliver(payload, options)).toMatchObject({ attempts: [{ result: { kind: 'responded' } }] })
    }
    expect(new Set(bodies)).toEqual(new Set(['["é"]']))
  } finally {
    await receiver.close()
  }
})

test('requestHeaders signs a text, needs no options, and refuses what it does not know', async () => {
  expect(await doors.requestHeaders('[]')).toEqual({ 'Content-Type': 'application/json' })
  expect(await doors.requestHeaders('[]', { secret: 'my-secret', headers: { a: 'b' } })).toEqual({
    'Content-Type': 'application/json',
    a: 'b',
    'X-Qualifio-Signature': doors.sign('my-secret', '[]'),
  })
  await expect(doors.requestHeaders('[]', { secrets: ['s'] } as object)).rejects.toThrow('did you mean secret?')
  await expect(doors.requestHeaders([] as unknown as string, { secret: 's' })).rejects.toThrow('pass a body as text')
})

test('retryPolicy has the options of deliver', () => {
  expect(doors.retryPolicy({ retries: 3, retrySchedule: '1s,5s' })).toEqual({ delaysMs: [1000, 5000, 5000] })
  expect(doors.retryPolicy().delaysMs).toHaveLength(7)
  expect(() => doors.retryPolicy({ retires: 3 } as object)).toThrow('did you mean retries?')
  expect(() => doors.retryPolicy({ retries: 1, retrySchedule: [1, 2] })).toThrow(/^retrySchedule has 2 waits/)
})

test('the README names every function, and every option of generatePayloads and deliver', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const section = readme.slice(readme.indexOf('## As a library'), readme.indexOf('## Performance'))
  for (const name of Object.keys(library)) expect(section, name).toContain(name)
  const knownTo = async (call: (options: unknown) => Promise<unknown>) => {
    const { message } = (await call({ '': 1 }).catch((reason: unknown) => reason)) as Error
    return (/Known: (.*)\./.exec(message)?.[1] ?? '').split(', ')
  }
  const names = [...(await knownTo(generate)), ...(await knownTo((options) => deliver('[]', options)))]
  expect(names.length).toBeGreaterThan(24)
  for (const name of names) expect(section, name).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|.*\\|.*\\|$`, 'm'))
})
