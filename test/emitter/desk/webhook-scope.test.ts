import { expect, test } from 'vitest'
import type { WebhookInput } from '../../../src/emitter/view/views.ts'
import { emitterIn } from '../emitter-setting.ts'

const LIMITED = { events: ['earning', 'burning'], programs: ['boreal-club'] } as const
const rows: readonly [change: WebhookInput['scope'], after: object][] = [
  [{ events: ['Free gift'] }, { events: ['free_gift'], programs: ['boreal-club'] }],
  [{ programs: ['maree-rewards'] }, { events: ['earning', 'burning'], programs: ['maree-rewards'] }],
  [{ events: null }, { events: null, programs: ['boreal-club'] }],
  [{}, LIMITED],
  [null, { events: null, programs: null }],
]

test.each(rows)('a change of the scope to %j leaves what it does not name', async (scope, after) => {
  const { emitter, webhook } = await emitterIn()
  const { id } = await webhook('shop', { scope: LIMITED })
  expect((await emitter.changeWebhook(id, { scope })).scope).toEqual(after)
  expect(emitter.webhook(id).scope).toEqual(after)
})

test('what a new webhook does not name is all', async () => {
  const { webhook } = await emitterIn()
  expect((await webhook('shop', { scope: { events: ['earning'] } })).scope).toEqual({
    events: ['earning'],
    programs: null,
  })
})
