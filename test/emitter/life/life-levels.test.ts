import { expect, test } from 'vitest'
import { firstMembers } from '../../../src/emitter/life/first.ts'
import { startLife } from '../../../src/emitter/life/life.ts'
import { builtInPrograms } from '../../../src/program/catalog.ts'
import { DEFAULT_LOCALES } from '../../../src/program/locale.ts'
import { START_MS } from './life-history.ts'

test('levels go on changing in a long life, up and down, and nobody is moved by hand', async () => {
  const setting = { seed: 7, programs: builtInPrograms, locales: DEFAULT_LOCALES }
  const members = await firstMembers({ ...setting, count: 20, atMs: START_MS })
  const life = await startLife({ ...setting, mostMembers: 40, members, storyNumbers: [] })
  const changes: { readonly at: number; readonly reason: string }[] = []
  const total = 20_000
  for (let at = 0; at < total; at++)
    for (const { event } of life.happen(START_MS + at * 1000))
      if (event.type === 'change_in_level') changes.push({ at, reason: event.data.reason })
  const late = changes.filter(({ at }) => at > total * 0.75)
  expect(late.filter(({ reason }) => reason === 'threshold_reached').length).toBeGreaterThan(20)
  expect(late.filter(({ reason }) => reason === 'qualification_expired').length).toBeGreaterThan(10)
  expect(changes.filter(({ reason }) => reason === 'manual')).toEqual([])
})
