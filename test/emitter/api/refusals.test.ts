import { afterAll, beforeAll, expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { OtherStep } from '../../../src/emitter/refusal.ts'
import { sampleEmitter } from './sample-emitter.ts'
import { HOOKS, expectRefused, post } from './refused.ts'
import type { Refused } from './refused.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'
import { STORY } from './sample-views.ts'

let running: RunningApi
beforeAll(async () => {
  running = await runningApi()
})
afterAll(() => running.api.close())

const REFUSED: readonly Refused[] = [
  ['an unknown path', '/api/webhook', {}, 404, 'not-found', 'Did you mean /api/webhooks?'],
  ['a path with a slash too many', '/api/webhooks/', {}, 404, 'not-found', 'Did you mean /api/webhooks?'],
  ['an unknown file', '/robots.txt', {}, 404, 'not-found', 'There is no /robots.txt here'],
  ['a way out of the files', '/assets/../package.json', {}, 404, 'not-found', 'There is no'],
  ['another method', HOOKS, { method: 'PUT' }, 405, 'method-not-allowed', 'only GET, HEAD, POST, OPTIONS'],
  ['a fixed path with the method of another', '/api/deliveries/resend-blocked', {}, 405, 'method-not-allowed', 'POST'],
  ['a page that is written to', '/', { method: 'POST' }, 405, 'method-not-allowed', '/ can only be read'],
  ['bad percent-encoding', '/api/webhooks/%ff', {}, 400, 'malformed', 'not percent-encoded'],

  ['a webhook that is not there', '/api/webhooks/nope', {}, 404, 'not-found', 'There is no webhook nope'],
  ['a delivery that is not there', '/api/deliveries/2', {}, 404, 'not-found', 'There is no delivery 2'],
  ['a delivery that cannot be', '/api/deliveries/1e3', {}, 404, 'not-found', 'its id is a whole number from 1.'],
  ['an event that is not there', '/api/events/x', {}, 404, 'not-found', 'There is no event x'],
  ['a story that is not there', '/api/stories/0/next', { method: 'POST' }, 404, 'not-found', 'There is no story "0"'],

  ['a limit of nothing', '/api/events?limit=0', {}, 422, 'invalid', 'from 1 to 200'],
  ['a limit over the limit', '/api/events?limit=201', {}, 422, 'invalid', 'from 1 to 200'],
  ['a limit in words', '/api/members?limit=ten', {}, 422, 'invalid', 'not "ten"'],
  [
    'an unknown parameter',
    '/api/deliveries?stat=x',
    {},
    422,
    'invalid',
    '?stat is no known parameter; did you mean state?',
  ],
  ['a parameter where there is none', '/api/program?a=1', {}, 422, 'invalid', 'none is taken here'],
  ['a parameter twice', '/api/events?limit=1&limit=2', {}, 422, 'invalid', '?limit stands more than once'],
  ['an unknown state', '/api/deliveries?state=block', {}, 422, 'invalid', 'did you mean blocked?'],
  ['an unknown type', '/api/deliveries?type=earnings', {}, 422, 'invalid', 'did you mean earning?'],
  ['a cursor of another list', '/api/deliveries?cursor=x', {}, 422, 'invalid', 'The cursor is none of this list'],
]

test.each(REFUSED)('%s is refused', (...row) => expectRefused(running, row))

test('a bug of ours is told to the log, and to nobody else', async () => {
  const bug = new Error('SELECT secret FROM webhook')
  const sample = sampleEmitter({
    webhooks: () => {
      throw bug
    },
    anyEvent: () => Promise.reject(bug),
  })
  const { ask, bugs, api } = await runningApi({ sample })
  for (const answered of [await ask('/api/webhooks'), await ask('/api/events', post('{"type":"earning"}'))]) {
    expect(answered.status).toBe(500)
    expect(answered.text).not.toContain('SELECT')
  }
  expect(bugs).toEqual([bug, bug])
  await api.close()
})

test('what the user can mend is told, wherever it was noticed', async () => {
  const sample = sampleEmitter({ anyEvent: () => Promise.reject(new UsageError('unknown event "x"')) })
  const { ask, api } = await runningApi({ sample })
  expect((await ask('/api/events', post('{"type":"x"}'))).json()).toMatchObject({
    status: 422,
    detail: 'unknown event "x".',
  })
  await api.close()
})

test('where another step of a story comes next, the story is told as it is', async () => {
  const other = new OtherStep('step 1 was taken already; step 2 comes next.', STORY)
  const sample = sampleEmitter({ nextStep: () => Promise.reject(other) })
  const { ask, api } = await runningApi({ sample })
  expect((await ask('/api/stories/1/next', post('{"step":1}'))).json()).toMatchObject({
    status: 409,
    code: 'conflict',
    detail: 'step 1 was taken already; step 2 comes next.',
    story: STORY,
  })
  await api.close()
})
