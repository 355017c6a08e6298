import { expect, test } from 'vitest'
import { ROTATION_MS, rotated, secretSigning } from '../../../src/emitter/dispatch/signing-secret.ts'

type Secrets = Parameters<typeof secretSigning>[0]

const NOW_MS = 1_000_000
const webhook = (secret: string | null, rotation: 'overlap' | 'immediate' = 'overlap'): Secrets => ({
  secret,
  previousSecret: null,
  rotation,
})
const change = (from: Secrets, secret: string | null, atMs = NOW_MS, speed: number | 'max' = 1) =>
  rotated(from, secret, { nowMs: atMs, speed })

test('from one to another: what signed goes on signing for 30 minutes', () => {
  const changed = change(webhook('old'), 'new')
  expect(changed.secret).toBe('new')
  expect(secretSigning(changed, NOW_MS)).toBe('old')
  expect(secretSigning(changed, NOW_MS + ROTATION_MS - 1)).toBe('old')
  expect(secretSigning(changed, NOW_MS + ROTATION_MS)).toBe('new')
})

test.each([
  ['none to one', null, 'new'],
  ['one to none', 'old', null],
])('from %s: takes effect at once', (_, before, after) => {
  expect(change(webhook(before), after)).toEqual(webhook(after))
})

test('the speed shortens the 30 minutes, down to none', () => {
  const changed = change(webhook('old'), 'new', NOW_MS, 60)
  expect(secretSigning(changed, NOW_MS + 29_999)).toBe('old')
  expect(secretSigning(changed, NOW_MS + 30_000)).toBe('new')
  expect(change(webhook('old'), 'new', NOW_MS, 'max').previousSecret).toBeNull()
})

test('without an overlap the new secret signs at once, also when the overlap is switched off in its midst', () => {
  expect(change(webhook('old', 'immediate'), 'new')).toEqual({ ...webhook('new', 'immediate') })
  expect(secretSigning({ ...change(webhook('old'), 'new'), rotation: 'immediate' }, NOW_MS)).toBe('new')
})

test('a second change within the 30 minutes keeps the secret that signs, for another 30', () => {
  const twice = change(change(webhook('first'), 'second'), 'third', NOW_MS + 1000)
  expect(twice).toMatchObject({ secret: 'third', previousSecret: { value: 'first' } })
  expect(secretSigning(twice, NOW_MS + 999 + ROTATION_MS)).toBe('first')
  expect(secretSigning(twice, NOW_MS + 1000 + ROTATION_MS)).toBe('third')
})

test('a second change after the 30 minutes keeps the first one’s secret', () => {
  const twice = change(change(webhook('first'), 'second'), 'third', NOW_MS + ROTATION_MS)
  expect(secretSigning(twice, NOW_MS + ROTATION_MS)).toBe('second')
})

test('the same secret again changes nothing, and back to the one that signs leaves nothing to wait for', () => {
  const changed = change(webhook('old'), 'new')
  expect(change(changed, 'new', NOW_MS + 5000)).toBe(changed)
  expect(change(changed, 'old', NOW_MS + 5000)).toEqual(webhook('old'))
})
