import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DeliveryFilter, Store } from '../../../src/emitter/storage.ts'
import { counted, isUnfinished, listed } from './store-model.ts'
import type { Model } from './store-model.ts'
import { idOf, MEMBERS, NAMES, STATES, step, take, TYPES } from './store-model-steps.ts'
import { stateFolder } from './store-setting.ts'

/** Everything that a store tells is what the model tells. */
function compare(store: Store, model: Model): void {
  expect(
    store
      .webhooks()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([...model.webhooks].toSorted())
  expect(
    store
      .counts()
      .map(({ webhookId, state, count }) => `${webhookId} ${state} ${count}`)
      .toSorted(),
  ).toEqual(counted(model))
  expect(
    store.events({ limit: 999 }).map(({ seq, deliveries, routings }) => [seq, deliveries, routings.length]),
  ).toEqual(
    [...model.events.values()]
      .toReversed()
      .map(({ seq, routes }) => [seq, new Map([...routes].filter(([, delivery]) => delivery !== null)), routes.size]),
  )
  for (const webhook of NAMES.map(idOf))
    expect(store.unbatched(webhook)).toEqual(
      [...model.events.values()].filter(({ routes }) => routes.get(webhook) === null).map(({ seq }) => seq),
    )
  const told = store
    .unfinished()
    .map(({ id, dueAtMs, round, retriesDone, attemptCount, isUnknown }) => [
      id,
      dueAtMs,
      round,
      retriesDone,
      attemptCount,
      isUnknown,
    ])
  const unfinished = [...model.deliveries.values()].filter(isUnfinished)
  expect(told).toEqual(
    unfinished.map(({ id, dueAtMs, round, retriesDone, attempts }) => [
      id,
      dueAtMs,
      round,
      retriesDone,
      attempts.length,
      attempts.at(-1)?.hasResult === false,
    ]),
  )
  for (const { id, state, blockedBy, dueAtMs, finishedAtMs, events, round, attempts } of model.deliveries.values()) {
    expect(store.delivery(id)).toMatchObject({
      state,
      blockedBy,
      dueAtMs,
      finishedAtMs,
      round,
      attemptCount: attempts.length,
    })
    expect(store.deliveryEvents(id)).toEqual(events)
    expect(store.attempts(id).map(({ result }) => result !== null)).toEqual(attempts.map(({ hasResult }) => hasResult))
  }
}

const filter = fc.record({
  state: fc.option(fc.constantFrom(...STATES), { nil: undefined }),
  webhookId: fc.option(fc.constantFrom(...NAMES.map(idOf)), { nil: undefined }),
  type: fc.option(fc.constantFrom(...TYPES), { nil: undefined }),
  memberId: fc.option(fc.constantFrom(...MEMBERS.map((number) => `member-${number}`)), { nil: undefined }),
})

/** Page after page. */
function walked(store: Store, filter: DeliveryFilter): number[] {
  const found: number[] = []
  for (;;) {
    const page = store.deliveries(filter, { limit: 3, before: found.at(-1) }).map(({ id }) => id)
    found.push(...page)
    if (page.length < 3) return found
  }
}

const steps = fc.array(step, { size: '+2', maxLength: 80 })

test('whatever is done, in any order and over restarts, it holds what plain lists would hold', async () => {
  const property = fc.asyncProperty(
    steps,
    fc.array(filter, { minLength: 20, maxLength: 20 }),
    async (steps, filters) => {
      const folder = stateFolder()
      try {
        const model: Model = { webhooks: new Set(), events: new Map(), deliveries: new Map() }
        let store = await folder.open()
        for (const each of [
          { does: 'webhook', name: 'a' } as const,
          { does: 'webhook', name: 'b' } as const,
          ...steps,
        ]) {
          take(store, model, each)
          if (each.does === 'commit') {
            const durable = store.durable()
            folder.clock.advance(0)
            await durable
          }
          if (each.does !== 'restart') continue
          await store.close()
          store = await folder.open()
          compare(store, model)
        }
        compare(store, model)
        for (const each of filters) expect(walked(store, each), JSON.stringify(each)).toEqual(listed(model, each))
      } finally {
        await folder.remove()
      }
    },
  )
  await fc.assert(property, { numRuns: 40 })
})
