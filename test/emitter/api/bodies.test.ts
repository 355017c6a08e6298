import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENTS } from './sample-views.ts'
import { HOOK, HOOKS, JSON_TYPE, expectRefused, patch, post } from './refused.ts'
import type { Refused } from './refused.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'

let running: RunningApi
beforeAll(async () => {
  running = await runningApi()
})
afterAll(() => running.api.close())

const REFUSED: readonly Refused[] = [
  ['no body', HOOKS, { method: 'POST' }, 400, 'malformed', 'The body is empty; send a JSON object with name, url'],
  ['broken JSON', HOOKS, post('{"name": "a",\n}'), 400, 'malformed', 'body:2:1: unexpected "}"'],
  ['a key twice', HOOKS, post('{"name":"a","name":"b"}'), 400, 'malformed', 'the key "name" stands twice'],
  ['bytes that are no text', HOOKS, post(Buffer.from([0x22, 0xff, 0x22])), 400, 'malformed', 'not valid UTF-8'],
  ['a byte order mark', HOOKS, post('\uFEFF{}'), 400, 'malformed', 'byte order mark'],
  ['depth without end', HOOKS, post('['.repeat(500_000)), 400, 'malformed', 'nested deeper than'],
  ['a list', HOOKS, post('[]'), 422, 'invalid', 'the body must be an object'],
  ['null', HOOKS, post('null'), 422, 'invalid', 'the body must be an object'],
  ['a missing key', HOOKS, post('{"name":"a"}'), 422, 'invalid', 'url is missing; give a text'],
  ['a wrong type', HOOKS, post('{"name":1,"url":"u"}'), 422, 'invalid', 'name must be a text'],
  [
    'a wrong type deep down',
    HOOK,
    patch('{"scope":{"events":["earning",7]}}'),
    422,
    'invalid',
    'scope.events[1] must be a text',
  ],
  ['an unknown key', HOOK, patch('{"secre":"s"}'), 422, 'invalid', 'secre is no known key; did you mean secret?'],
  [
    'an unknown key deep down',
    HOOK,
    patch('{"scope":{"program":[]}}'),
    422,
    'invalid',
    'scope.program is no known key; did you mean programs?',
  ],
  ['null where it takes nothing away', HOOK, patch('{"name":null}'), 422, 'invalid', 'name must be a text'],
  ['an empty secret', HOOK, patch('{"secret":""}'), 422, 'invalid', 'secret must be a text that is not empty'],
  ...['"fast"', '"NaN"', '0', '-1', '1e99', '1e999'].map((speed): Refused => [
    `a speed of ${speed}`,
    '/api/program',
    patch(`{"speed":${speed}}`),
    422,
    'invalid',
    'speed must be a number above 0 and at most 1000000',
  ]),
  [
    'a pace that is a load',
    '/api/program',
    patch('{"pacePerSecond":1e9}'),
    422,
    'invalid',
    'pacePerSecond must be at most 5000/s; for load there is qualifio-sim stress.',
  ],
  ['a pace in words', '/api/program', patch('{"pacePerSecond":"NaN"}'), 422, 'invalid', 'must be a number.'],
  [
    'a pace backwards',
    '/api/program',
    patch('{"pacePerSecond":-1}'),
    422,
    'invalid',
    'pacePerSecond must be 0 or more',
  ],
  ['a pace without end', '/api/program', patch('{"pacePerSecond":1e999}'), 422, 'invalid', 'pacePerSecond must be'],
  [
    'a prototype',
    HOOK,
    patch('{"__proto__":{"active":false}}'),
    422,
    'invalid',
    'body:1:2: the key "__proto__" is not taken',
  ],
  [
    'a prototype deep down',
    '/api/events',
    post('{"type":"earning","set":{"a":[{"__proto__":1}]}}'),
    422,
    'invalid',
    '"__proto__"',
  ],
  [
    'a body where none is taken',
    `${HOOK}/ping`,
    post('{"n":1}'),
    422,
    'invalid',
    'n is no known key; none is taken here',
  ],
  ['two webhooks', '/api/deliveries/resend-blocked?webhook=a', post('{"webhook":"b"}'), 422, 'invalid', 'name one'],
  ['what the emitter refuses', HOOKS, post('{"name":"a","url":"ftp:"}'), 422, 'invalid', 'url must be http or https.'],
  ['a name that is taken', HOOKS, post('{"name":"shop","url":"http:"}'), 409, 'conflict', 'choose another name'],

  [
    'a form',
    HOOKS,
    post('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    415,
    'unsupported-media-type',
    'send JSON',
  ],
  [
    'an empty form',
    `${HOOK}/ping`,
    { method: 'POST', headers: { 'Content-Type': 'text/plain' } },
    415,
    'unsupported-media-type',
    'text/plain',
  ],
  ['a body without a type', HOOKS, post('{}', {}), 415, 'unsupported-media-type', 'no Content-Type'],
  [
    'JSON in Latin-1',
    HOOKS,
    post('{}', { 'Content-Type': 'application/json; charset=latin1' }),
    415,
    'unsupported-media-type',
    'latin1',
  ],
  [
    'a compressed body',
    HOOKS,
    post('{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' }),
    415,
    'unsupported-media-type',
    'compressed',
  ],
  [
    'a body of more than 1 MB',
    HOOKS,
    post(`{"name":"${'a'.repeat(1024 * 1024)}"}`),
    413,
    'too-large',
    'larger than 1 MB',
  ],
]

test.each(REFUSED)('%s is refused', (...row) => expectRefused(running, row))

test('everything that is wrong is told at once, with its place', async () => {
  const { json } = await running.ask('/api/webhooks', post('{"nam":"a","url":1,"scope":{"event":[]}}'))
  expect(json()['errors']).toEqual([
    { at: 'name', detail: 'is missing; give a text' },
    { at: 'url', detail: 'must be a text' },
    { at: 'scope.event', detail: 'is no known key; did you mean events?' },
    { at: 'nam', detail: 'is no known key; did you mean name?' },
  ])
})

test('what was sent is not repeated where it could be a secret', async () => {
  const { text } = await running.ask(
    '/api/webhooks',
    post('{"name":"a","url":"u","header":"Bearer hunter2","secret":["hunter2"]}'),
  )
  expect(text).not.toContain('hunter2')
})

test('the prototype of nothing was changed, and keys of the query are keys', async () => {
  expect((await running.ask('/api/events?__proto__=1&constructor=2')).status).toBe(422)
  expect((await running.ask('/api/events', post('{"type":"e","set":{"constructor":{"prototype":1}}}'))).status).toBe(
    202,
  )
  expect(EVENTS).toHaveLength(8)
})
