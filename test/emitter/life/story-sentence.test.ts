import { describe, expect, it } from 'vitest'
import type { AttemptResult, FailureCode } from '../../../src/delivery/outcome.ts'
import { storyStepSentence, type Standing } from '../../../src/emitter/life/story-sentence.ts'
import type { DeliveryState } from '../../../src/emitter/records.ts'
import type { EventView, RouteView } from '../../../src/emitter/view/views.ts'

const responded = (status: number): AttemptResult => ({
  kind: 'responded',
  status,
  headers: {},
  bodySnippet: '',
  bodyBytes: 0,
})
const route = (
  id: number,
  state: DeliveryState,
  [lastResult, lastDurationMs]: readonly [AttemptResult | null, number | null] = [null, null],
): RouteView => ({
  webhook: { id: 'w', name: 'shop' },
  goes: true,
  why: 'goes to "shop"',
  delivery: { id, state, lastResult, lastDurationMs },
})
const notSent = (name: string): RouteView => ({
  webhook: { id: name, name },
  goes: false,
  why: `"${name}" has no earning in its scope`,
})
const view = (sentence: string, routes: readonly RouteView[]) =>
  ({ sentence, routes, member: { id: 'm', name: 'Emma Peeters' } }) as unknown as EventView
const earned = 'Emma Peeters earned 100 Stars (Weekly quiz)'
const ok = responded(204)

describe('what came of a step, in a sentence', () => {
  it('tells of every event and every answer, and calls a member known by name by the first one', () => {
    const events = [
      view(earned, [route(1, 'delivered', [ok, 210])]),
      view('Emma Peeters is now Silver (was Bronze)', [route(2, 'delivered', [ok, 96])]),
    ]
    expect(storyStepSentence(events)).toEqual({
      sentence: `${earned} → shop confirmed in 0.2 s → Emma is now Silver → shop confirmed in 0.1 s`,
      isSettled: true,
    })
  })

  const at = (ms: number) => new Date(ms).toISOString()
  const retrying: Standing = { attempts: 2, createdAt: at(0), finishedAt: null, held: null, nextDelayMs: 4000 }
  const after = (attempts: number, ms: number): Standing => ({ ...retrying, attempts, finishedAt: at(ms) })
  const lane = (webhookIs: 'open' | 'blocked' | 'deleted'): Standing => ({ ...retrying, webhookIs })
  const inactive: Standing = { ...retrying, held: 'webhook-inactive' }
  const failed = (code: FailureCode): readonly [AttemptResult, number] => [{ kind: 'failed', code, reason: '' }, 5]
  const answers: readonly (readonly [RouteView, Standing | undefined, string, boolean])[] = [
    [{ ...notSent('shop'), goes: true }, undefined, 'shop hears of it with the next batch', false],
    [route(1, 'queued'), retrying, 'shop has not answered yet', false],
    [route(1, 'queued'), inactive, 'shop hears of it when the webhook is active again', false],
    [route(1, 'queued', [ok, 5]), retrying, 'shop is told once more', false],
    [route(1, 'delivered', [ok, 3.34]), after(1, 3.34), 'shop confirmed in less than 0.01 s', true],
    [route(1, 'delivered', [ok, 24]), undefined, 'shop confirmed in 0.02 s', true],
    [route(1, 'delivered', [ok, 1000]), undefined, 'shop confirmed in 1 s', true],
    [route(1, 'delivered', [ok, 9960]), undefined, 'shop confirmed in 10 s', true],
    [route(1, 'delivered', [ok, null]), undefined, 'shop confirmed', true],
    [route(1, 'delivered', [ok, 3]), after(2, 11_003), 'shop confirmed at the second try, after 11 s', true],
    [route(1, 'delivered', [ok, 3]), after(3, 1510), 'shop confirmed at the third try, after 1.5 s', true],
    [route(1, 'delivered', [ok, 3]), after(12, 300_000), 'shop confirmed at the 12th try, after 5 min', true],
    [route(1, 'retrying', [responded(500), 5]), retrying, 'shop did not accept it (error 500); next try in 4 s', false],
    [
      route(1, 'retrying', [responded(500), 5]),
      { ...retrying, nextDelayMs: 0 },
      'shop did not accept it (error 500); it is tried again now',
      false,
    ],
    [
      route(1, 'retrying', [responded(302), 5]),
      undefined,
      'shop pointed to another address, which is not followed (answer 302); it is tried again',
      false,
    ],
    [route(1, 'retrying', failed('timeout')), retrying, 'shop took too long to answer; next try in 4 s', false],
    [route(1, 'retrying', failed('refused')), retrying, 'shop could not be reached; next try in 4 s', false],
    [
      route(1, 'retrying', failed('closed')),
      inactive,
      'shop broke off without an answer; it is tried again when the webhook is active again',
      false,
    ],
    [
      route(1, 'blocked', [responded(500), 5]),
      after(8, 900_000),
      'shop never confirmed, after 8 tries; it can be sent again',
      true,
    ],
    [route(1, 'blocked', [responded(500), 5]), undefined, 'shop never confirmed; it can be sent again', true],
    [
      route(1, 'blocked', [responded(500), 5]),
      lane('blocked'),
      'shop never confirmed, after 2 tries; it can be sent again once the webhook is unblocked',
      true,
    ],
    [
      route(1, 'blocked', [responded(500), 5]),
      lane('deleted'),
      'shop never confirmed, after 2 tries; the webhook was deleted',
      true,
    ],
    [route(1, 'blocked'), undefined, 'shop heard nothing of it; it can be sent again', true],
    [route(1, 'blocked'), lane('open'), 'shop heard nothing of it; it can be sent again', true],
    [
      route(1, 'blocked'),
      lane('blocked'),
      'shop heard nothing of it: nothing is sent there until it is unblocked',
      true,
    ],
    [route(1, 'blocked'), lane('deleted'), 'shop heard nothing of it: the webhook was deleted', true],
    [route(1, 'cancelled'), undefined, 'shop hears nothing of it any more: the webhook was deleted', true],
    [notSent('shop'), undefined, 'nobody listens: "shop" has no earning in its scope', true],
  ]
  it.each(answers.map(([only, standing, answer, isSettled]) => ({ only, standing, answer, isSettled })))(
    '$answer',
    ({ only, standing, answer, isSettled }) => {
      const route = 'delivery' in only || !only.goes ? only : { webhook: only.webhook, goes: true, why: '' }
      expect(storyStepSentence([view(earned, [route])], () => standing)).toEqual({
        sentence: `${earned} → ${answer}`,
        isSettled,
      })
    },
  )

  it.each<[readonly RouteView[], string]>([
    [[], 'nobody listens: there is no webhook yet'],
    [[notSent('shop'), notSent('crm')], 'nobody listens: no webhook asks for it'],
    [[notSent('crm'), route(1, 'delivered', [ok, 200])], 'shop confirmed in 0.2 s'],
  ])('only those who get it are told of: %#', (routes, answer) => {
    expect(storyStepSentence([view(earned, routes)])).toEqual({ sentence: `${earned} → ${answer}`, isSettled: true })
  })

  it('is not settled while one of several is waiting', () => {
    const both = [view(earned, [route(1, 'delivered', [ok, 200]), route(2, 'queued')])]
    expect(storyStepSentence(both).isSettled).toBe(false)
  })
})
