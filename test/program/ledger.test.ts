import { describe, expect, it } from 'vitest'
import type { Member } from '../../src/contract/event.ts'
import type { Action, MemberState } from '../../src/program/action.ts'
import { openBook } from '../../src/program/book.ts'
import { defaultProgram } from '../../src/program/catalog.ts'
import { newState, post } from '../../src/program/ledger.ts'

const book = openBook(defaultProgram)
const atMs = Date.UTC(2026, 0, 1)
const stamp = { id: 'x', atMs, occurredAt: new Date(atMs).toISOString() }
const start = newState(book, {} as Member)
const [pointsRule] = book.rules
const [voucher] = book.rewards

const earn = (points: number): Action => ({ kind: 'earn', rule: pointsRule as never, points, expiresAt: null })
const burn: Action = { kind: 'burn', reward: voucher as never, points: 250, promoCode: null }
const minus: Action = {
  kind: 'correct',
  direction: 'minus',
  currencyIndex: 0,
  points: 1,
  reason: '',
  correctedBy: { id: 'm', name: 'M' },
}
const level = (reason: 'threshold_reached' | 'qualification_expired' | 'manual', to: number): Action => ({
  kind: 'level',
  reason,
  to,
  validUntil: null,
})
const after = (...actions: readonly Action[]) =>
  actions.reduce<MemberState>((state, action) => post(book, state, { stamp, action }).state, start)

describe('the ledger', () => {
  it('keeps current, lifetime and qualifying points', () => {
    expect(after(earn(600), burn, minus)).toMatchObject({
      accounts: [
        { current: 349, lifetime: 600 },
        { current: 0, lifetime: 0 },
      ],
      qualifyingPoints: 600,
    })
  })

  it.each([
    [499, undefined],
    [500, 1],
    [1999, 1],
    [5000, 3],
  ])('an earning of %i reaches level %j', (points, crossed) => {
    expect(post(book, start, { stamp, action: earn(points) }).levelCrossed).toBe(crossed)
  })

  it('does not reach a level twice, nor one that a manager took away without new points', () => {
    const silver = after(earn(600), level('threshold_reached', 1))
    expect(post(book, silver, { stamp, action: earn(1) }).levelCrossed).toBeUndefined()
    const lowered = post(book, silver, { stamp, action: level('manual', 0) }).state
    expect(post(book, lowered, { stamp, action: earn(1) }).levelCrossed).toBeUndefined()
    expect(post(book, lowered, { stamp, action: earn(1400) }).levelCrossed).toBe(2)
  })

  it('starts again from zero when a level expires', () => {
    const expired = after(earn(600), level('threshold_reached', 1), level('qualification_expired', 0))
    expect(expired).toMatchObject({ levelIndex: 0, qualifyingPoints: 0, accounts: [{ current: 600 }, {}] })
    expect(post(book, expired, { stamp, action: earn(499) }).levelCrossed).toBeUndefined()
  })

  it('changes no state that it was given', () => {
    const before = after(earn(600))
    const copy = structuredClone(before)
    post(book, before, { stamp, action: burn })
    expect(before).toEqual(copy)
  })

  it.each<[string, readonly Action[], Action]>([
    ['a burning without the points', [earn(249)], burn],
    ['a correction below zero', [], minus],
    ['a balance beyond whole numbers', [earn(Number.MAX_SAFE_INTEGER)], earn(1)],
    ['a level that the points do not reach', [earn(499)], level('threshold_reached', 1)],
    ['a threshold that lowers', [earn(600), level('manual', 2)], level('threshold_reached', 1)],
    [
      'an expiry to another level than the first',
      [earn(5000), level('threshold_reached', 3)],
      level('qualification_expired', 1),
    ],
    ['a change to the same level', [], level('manual', 0)],
    ['a level that does not exist', [], level('manual', 9)],
  ])('refuses %s', (_, before, action) => {
    expect(() => post(book, after(...before), { stamp, action })).toThrow()
  })

  it('refuses an expiry before the announced end', () => {
    const silver = after(earn(600), {
      kind: 'level',
      reason: 'threshold_reached',
      to: 1,
      validUntil: { ms: atMs + 1, text: '' },
    })
    expect(() => post(book, silver, { stamp, action: level('qualification_expired', 0) })).toThrow('still holds')
  })
})
