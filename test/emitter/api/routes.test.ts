import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ROUTES } from '../../../src/emitter/api/table.ts'
import { DOCUMENT, errorsOf } from './documented.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'
import { DELIVERY, EVENTS, MEMBER, PROGRAM, WEBHOOK } from './sample-views.ts'

let running: RunningApi
beforeAll(async () => {
  running = await runningApi()
})
afterAll(() => running.api.close())

const NEW_WEBHOOK = { name: 'crm', url: 'http://localhost:3000/', secret: 's', header: { name: 'x-a', value: 'b' } }
const PAGE = { limit: 50, cursor: undefined }
const NO_FILTER = { state: undefined, webhookId: undefined, type: undefined, memberId: undefined }

/** Every route with something to ask, what the emitter hears of it, and the status. */
const ASKED: readonly (readonly [
  id: string,
  request: string,
  json: unknown,
  status: number,
  call: readonly unknown[],
])[] = [
  ['listWebhooks', 'GET /api/webhooks', undefined, 200, ['webhooks']],
  ['createWebhook', 'POST /api/webhooks', NEW_WEBHOOK, 201, ['createWebhook', NEW_WEBHOOK]],
  ['getWebhook', `GET /api/webhooks/${WEBHOOK.id}`, undefined, 200, ['webhook', WEBHOOK.id]],
  [
    'changeWebhook',
    `PATCH /api/webhooks/${WEBHOOK.id}`,
    { secret: null, scope: { events: ['Point correction +'] } },
    200,
    ['changeWebhook', WEBHOOK.id, { secret: null, scope: { events: ['Point correction +'] } }],
  ],
  ['deleteWebhook', `DELETE /api/webhooks/${WEBHOOK.id}`, undefined, 204, ['deleteWebhook', WEBHOOK.id]],
  ['pingWebhook', `POST /api/webhooks/${WEBHOOK.id}/ping`, undefined, 200, ['pingWebhook', WEBHOOK.id]],
  ['unblockWebhook', `POST /api/webhooks/${WEBHOOK.id}/unblock`, {}, 200, ['unblockWebhook', WEBHOOK.id]],
  ['listMembers', 'GET /api/members?query=zo%C3%AB&limit=7', undefined, 200, ['members', 'zoë', { ...PAGE, limit: 7 }]],
  ['getMember', `GET /api/members/${MEMBER.id}`, undefined, 200, ['member', MEMBER.id]],
  [
    'makeMemberEvent',
    `POST /api/members/${MEMBER.id}/events`,
    { type: 'earning', set: { 'data.points': 250 } },
    202,
    ['memberEvent', MEMBER.id, { type: 'earning', set: { 'data.points': 250 } }],
  ],
  ['listEvents', 'GET /api/events?cursor=next', undefined, 200, ['events', { ...PAGE, cursor: 'next' }]],
  [
    'makeEvent',
    'POST /api/events',
    { type: 'Free Gift', program: 'prog-maison' },
    202,
    ['anyEvent', { type: 'Free Gift', program: 'prog-maison' }],
  ],
  ['getEvent', `GET /api/events/${EVENTS[0]?.id}`, undefined, 200, ['event', EVENTS[0]?.id]],
  ['listStories', 'GET /api/stories', undefined, 200, ['stories']],
  ['startStory', 'POST /api/stories', { journey: 'onboarding' }, 201, ['startStory', { journey: 'onboarding' }]],
  ['takeNextStep', 'POST /api/stories/1/next', undefined, 200, ['nextStep', 1, undefined]],
  ['takeNextStep', 'POST /api/stories/1/next', { step: 2 }, 200, ['nextStep', 1, 2]],
  [
    'listDeliveries',
    'GET /api/deliveries?state=blocked&webhook=w&type=point%20correction%20%2B&member=m&limit=200',
    undefined,
    200,
    [
      'deliveries',
      { state: 'blocked', webhookId: 'w', type: 'point_correction_plus', memberId: 'm' },
      { limit: 200, cursor: undefined },
    ],
  ],
  ['listDeliveries', 'GET /api/deliveries', undefined, 200, ['deliveries', NO_FILTER, PAGE]],
  ['getDelivery', 'GET /api/deliveries/1', undefined, 200, ['delivery', DELIVERY.id]],
  ['resendDelivery', 'POST /api/deliveries/1/resend', undefined, 202, ['resend', DELIVERY.id]],
  ['resendBlocked', 'POST /api/deliveries/resend-blocked', undefined, 202, ['resendBlocked', undefined]],
  ['resendBlocked', 'POST /api/deliveries/resend-blocked?webhook=w', undefined, 202, ['resendBlocked', 'w']],
  ['resendBlocked', 'POST /api/deliveries/resend-blocked', { webhook: 'w' }, 202, ['resendBlocked', 'w']],
  ['getProgram', 'GET /api/program', undefined, 200, ['program']],
  [
    'changeProgram',
    'PATCH /api/program',
    { pacePerSecond: 0, speed: 'max', paused: true },
    200,
    ['changeProgram', { pacePerSecond: 0, speed: 'max', paused: true }],
  ],
  ['getHealth', 'GET /api/health', undefined, 200, ['health']],
  ['getDocument', 'GET /api/openapi.json', undefined, 200, []],
  ['login', 'POST /api/login', { token: 'any' }, 204, []],
  ['logout', 'POST /api/logout', undefined, 204, []],
  ['streamChanges', 'HEAD /api/stream', undefined, 200, []],
]

test('every route is asked below', () => {
  expect(new Set(ASKED.map(([id]) => id))).toEqual(new Set(ROUTES.map(({ id }) => id)))
})

test.each(ASKED)('%s: %s', async (id, request, json, status, call) => {
  const [method = '', target = ''] = request.split(' ')
  const before = running.calls.length
  const answered = await running.ask(target, { method, ...(json !== undefined && { json }) })
  expect([answered.status, ...running.calls.slice(before)]).toEqual([status, ...(call.length > 0 ? [call] : [])])
  const route = ROUTES.find((route) => route.id === id)
  expect(route?.success.status).toBe(status)
})

test('a new webhook says where it is, and has its secret', async () => {
  const { headers, json } = await running.ask('/api/webhooks', { method: 'POST', json: NEW_WEBHOOK })
  expect(headers.location).toBe(`/api/webhooks/${WEBHOOK.id}`)
  expect(json()['secret']).toBe('s')
})

describe('the document', () => {
  test('is OpenAPI 3.1, and the one that is served', async () => {
    expect(await new Validator().validate(structuredClone(DOCUMENT))).toMatchObject({ valid: true })
    expect((await running.ask('/api/openapi.json')).json()).toEqual(DOCUMENT)
  })

  test('names each operation once, and describes every parameter of every path', () => {
    const operations = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    )
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length)
    for (const { path, operation } of operations) {
      const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name)
      expect([path, named]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)])
    }
  })

  test('says what would surprise: a schedule of now, a scope that is merged, how far the pace and the speed go', () => {
    const { DeliveryDetail, WebhookChange, ProgramChange } = JSON.parse(JSON.stringify(DOCUMENT)).components.schemas
    expect(DeliveryDetail.properties.schedule.description).toContain('with the schedule and the speed of now')
    expect(JSON.stringify(WebhookChange.properties.scope)).toContain('stays of a known one; null is all')
    expect(ProgramChange.properties.pacePerSecond).toMatchObject({ minimum: 0, maximum: 5000 })
    expect(JSON.stringify(ProgramChange.properties.speed)).toContain('"exclusiveMinimum":0,"maximum":1000000')
  })

  test('says what the stream tells, and how a direction is chosen', () => {
    const { content, description } = (DOCUMENT.paths['/api/stream']?.['get']?.responses['200'] ?? {}) as {
      readonly description?: string
      readonly content?: Readonly<Record<string, object>>
    }
    const stream = content?.['text/event-stream'] as { readonly schema: { readonly description: string } }
    const refs = ['#/components/schemas/StreamHello', '#/components/schemas/StreamMessage']
    expect(stream).toMatchObject({ 'x-messages': { oneOf: refs.map(($ref) => ({ $ref })) } })
    for (const ref of refs) expect(stream.schema.description).toContain(ref)
    expect(description).toContain('up to 250 ms later')
    expect(errorsOf({ $ref: refs[0] }, { name: 'hello', data: PROGRAM })).toEqual([])
    const { EventRequest } = JSON.parse(JSON.stringify(DOCUMENT)).components.schemas
    expect(EventRequest.properties.set.description).toContain('{ "data.direction": "upgrade" }')
  })

  test('has schemas that refuse what is not as they say', () => {
    const program = { $ref: '#/components/schemas/Program' }
    expect(errorsOf(program, PROGRAM)).toEqual([])
    expect(errorsOf(program, { ...PROGRAM, token: 'abc' })).toHaveLength(1)
    expect(errorsOf(program, { ...PROGRAM, paused: 'no' })).toHaveLength(1)
    expect(errorsOf({ $ref: '#/components/schemas/WebhookChange' }, { nam: 'a' })).toHaveLength(1)
  })
})

test('HEAD answers as GET does, without a body; OPTIONS says what a path knows', async () => {
  const head = await running.ask('/api/program', { method: 'HEAD' })
  const get = await running.ask('/api/program')
  expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']])
  const options = await running.ask(`/api/webhooks/x`, { method: 'OPTIONS' })
  expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, PATCH, DELETE, OPTIONS'])
})

test('each request is told with its path, without its query', async () => {
  await running.ask('/api/deliveries?state=blocked')
  expect(running.requests.at(-1)).toMatchObject({ method: 'GET', path: '/api/deliveries', status: 200 })
})
