import { expect, onTestFinished, test } from 'vitest'
import { emitterIn } from '../emitter-setting.ts'
import { patch, post } from './refused.ts'
import { runningApi } from './running-api.ts'
import type { Asking } from './running-api.ts'

/* What is wrong is said in one sentence: its place once, one full stop at the end. */

const EVENTS =
  'profile-creation, member-portal-visit, change-in-level, earning, burning, point-correction-plus, point-correction-minus, free-gift'
const STATES = 'queued, retrying, delivered, blocked, cancelled'
const hook = (more: object) => post(JSON.stringify({ name: 'crm', url: 'http://localhost:3000/', ...more }))

const SAID: readonly (readonly [target: string, how: Asking, detail: string, errors: readonly string[]])[] = [
  [
    '/api/events?limit=0',
    {},
    '?limit must be a whole number from 1 to 200, not "0".',
    ['?limit: must be a whole number from 1 to 200, not "0"'],
  ],
  [
    '/api/members?limit=ten',
    {},
    '?limit must be a whole number from 1 to 200, not "ten".',
    ['?limit: must be a whole number from 1 to 200, not "ten"'],
  ],
  [
    '/api/deliveries?state=foo',
    {},
    `?state must be one of ${STATES}, not "foo".`,
    [`?state: must be one of ${STATES}, not "foo"`],
  ],
  [
    '/api/deliveries?state=block',
    {},
    `?state must be one of ${STATES}, not "block"; did you mean blocked?`,
    [`?state: must be one of ${STATES}, not "block"; did you mean blocked?`],
  ],
  [
    '/api/deliveries?type=nope',
    {},
    `?type names an unknown event "nope". Known: ${EVENTS}.`,
    [`?type: names an unknown event "nope". Known: ${EVENTS}`],
  ],
  [
    '/api/deliveries?state=foo&limit=0',
    {},
    `?state must be one of ${STATES}, not "foo"; ?limit must be a whole number from 1 to 200, not "0".`,
    [`?state: must be one of ${STATES}, not "foo"`, '?limit: must be a whole number from 1 to 200, not "0"'],
  ],
  [
    '/api/deliveries?cursor=x',
    {},
    'the cursor is not one that a list gave out.',
    ['cursor: the cursor is not one that a list gave out'],
  ],
  [
    '/api/events?limit=1&limit=2',
    {},
    '?limit stands more than once; give it once.',
    ['?limit: stands more than once; give it once'],
  ],
  [
    '/api/webhooks',
    hook({ url: 'ftp://localhost/' }),
    'url: unsupported scheme "ftp:"; use http or https.',
    ['url: unsupported scheme "ftp:"; use http or https'],
  ],
  [
    '/api/webhooks',
    hook({ url: 'localhost:3000' }),
    'url: not an absolute URL; did you mean http://localhost:3000?',
    ['url: not an absolute URL; did you mean http://localhost:3000?'],
  ],
  [
    '/api/webhooks',
    hook({ name: ' ' }),
    'the name is empty; a webhook is known by its name.',
    ['name: the name is empty; a webhook is known by its name'],
  ],
  [
    '/api/webhooks',
    hook({ header: { name: 'Host', value: 'x' } }),
    'header "Host" is set by qualifio-sim; leave it out.',
    ['header: "Host" is set by qualifio-sim; leave it out'],
  ],
  [
    '/api/webhooks',
    hook({ scope: { events: ['earning', 'nope'] } }),
    `scope.events[1]: unknown event "nope". Known: ${EVENTS}.`,
    [`scope.events[1]: unknown event "nope". Known: ${EVENTS}`],
  ],
  [
    '/api/webhooks',
    hook({ scope: { programs: [] } }),
    'scope.programs is empty, so nothing would ever go there; leave it out for all of them.',
    ['scope.programs: is empty, so nothing would ever go there; leave it out for all of them'],
  ],
  ['/api/webhooks', hook({ active: 1 }), 'active must be true or false.', ['active: must be true or false']],
  [
    '/api/events',
    post('{"type":"nope"}'),
    `type: unknown event "nope". Known: ${EVENTS}.`,
    [`type: unknown event "nope". Known: ${EVENTS}`],
  ],
  [
    '/api/program',
    patch('{"pacePerSecond":-1}'),
    'pacePerSecond must be 0 or more.',
    ['pacePerSecond: must be 0 or more'],
  ],
]

test.each(SAID)('%s %j', async (target, how, detail, errors) => {
  const { emitter, clock } = await emitterIn()
  const { api, ask } = await runningApi({ emitter, clock })
  onTestFinished(() => api.close())
  const problem = (await ask(target, how)).json() as {
    readonly detail: string
    readonly errors?: readonly { readonly at: string; readonly detail: string }[]
  }
  expect(problem.detail).toBe(detail)
  expect((problem.errors ?? []).map(({ at, detail: what }) => `${at}: ${what}`)).toEqual(errors)
})
