import type { Balance, LoyaltyEvent, Member } from '../../src/contract/event.ts'
import { LOCALES } from '../../src/program/locale.ts'
import type { Program } from '../../src/program/program.ts'

/*
 * An observer who sees what a receiver sees, the emitted events, and knows the program's public
 * rules. It shares no code with the ledger: each rule is CONTRACT.md's, written a second time.
 */

/** What the observer is told of a run beside its events. */
export interface Observation {
  readonly program: Program
  readonly nowMs: number
  /** Burnings cost this instead of what the reward costs. */
  readonly fixedPoints?: number | undefined
  /** Every change of level that follows from an earning is emitted. */
  readonly followUps?: 'all' | undefined
}

interface Account {
  current: number
  lifetime: number
}

interface Known {
  readonly member: Member
  readonly accounts: Map<string, Account>
  events: number
  lastMs: number
  rank: number | undefined
  /** Qualifying points as last told or derived, and whether nothing can have been earned unseen since. */
  qualifying: number | undefined
  /** The level announced an end. */
  endsMs: number | undefined
  /** A crossing that an emitted change has to follow. */
  crossedTo: number | undefined
}

/** Everything that is wrong with these events: empty when they add up. */
export function problemsIn(events: Iterable<LoyaltyEvent>, observation: Observation): string[] {
  const { program, nowMs } = observation
  const problems: string[] = []
  const members = new Map<string, Known>()
  const unique = new Map<string, string>()
  const thresholds = new Map(program.levels.map((level) => [level.rank, level.threshold]))
  const rankFor = (points: number) =>
    Math.max(...program.levels.filter((l) => l.threshold <= points).map((l) => l.rank))
  let lastMs = Number.NEGATIVE_INFINITY
  let position = 0

  for (const event of events) {
    const where = `event ${position++} (${event.type})`
    const expect = (holds: boolean, what: string) => {
      if (!holds) problems.push(`${where}: ${what}`)
    }
    const once = (value: string, kind: string) => {
      expect(!unique.has(`${kind} ${value}`), `${kind} ${value} was used before`)
      unique.set(`${kind} ${value}`, where)
    }
    const atMs = Date.parse(event.occurredAt)
    expect(atMs >= lastMs, 'earlier than the event before')
    expect(atMs <= nowMs, 'in the future')
    lastMs = atMs
    once(event.id, 'id')
    expect(event.program.id === program.id && event.program.name === program.name, 'another program')

    const known = know(event, atMs, expect)
    known.events++
    expect(known.endsMs === undefined || atMs < known.endsMs || isExpiry(event), 'the level had ended, unnoticed')
    if (observation.followUps === 'all' && known.crossedTo !== undefined) {
      expect(event.type === 'change_in_level', `a change to rank ${known.crossedTo} should have followed`)
    }
    known.crossedTo = undefined

    switch (event.type) {
      case 'profile_creation': {
        expect(known.events === 1, 'not the first event of the member')
        expect(event.member.enrolledAt === event.occurredAt, 'enrolledAt is not the creation')
        expect(event.data.level.rank === 1, 'does not start at the first level')
        known.rank = 1
        known.qualifying = 0
        const ids = event.data.balances.map((balance) => balance.currency.id)
        expect(ids.join() === program.currencies.map((currency) => currency.id).join(), 'not one balance per currency')
        for (const balance of event.data.balances) {
          expect(balance.previous === 0 && balance.current === 0 && balance.lifetime === 0, 'a balance is not zero')
          known.accounts.set(balance.currency.id, { current: 0, lifetime: 0 })
        }
        break
      }
      case 'member_portal_visit':
        once(event.data.visitId, 'visitId')
        break
      case 'earning': {
        move(known, event.data.balance, { change: event.data.points, earned: event.data.points }, expect)
        expect(event.data.expiresAt === null || Date.parse(event.data.expiresAt) > atMs, 'points expired at once')
        const rule = program.earningRules.find((entry) => entry.id === event.data.rule.id)
        expect(rule?.currency === event.data.balance.currency.id, 'the rule pays in another currency')
        if (event.data.balance.currency.id === program.qualifyingCurrency && known.qualifying !== undefined) {
          const before = known.qualifying
          known.qualifying += event.data.points
          const reached = rankFor(known.qualifying)
          const crossed = before < (thresholds.get(reached) ?? 0)
          if (crossed && known.rank !== undefined && reached > known.rank) known.crossedTo = reached
        }
        break
      }
      case 'burning': {
        const { points, reward, promoCode, balance } = event.data
        move(known, balance, { change: -points, earned: 0 }, expect)
        const entry = program.rewards.find((candidate) => candidate.id === reward.id)
        expect(points === (observation.fixedPoints ?? entry?.cost), 'does not cost what the reward costs')
        expect(entry?.currency === balance.currency.id, 'the reward costs another currency')
        expect((promoCode !== null) === (reward.kind === 'promo_code'), 'promo code and kind disagree')
        if (promoCode !== null) once(promoCode, 'promoCode')
        break
      }
      case 'point_correction_plus':
        move(known, event.data.balance, { change: event.data.points, earned: 0 }, expect)
        break
      case 'point_correction_minus':
        move(known, event.data.balance, { change: -event.data.points, earned: 0 }, expect)
        break
      case 'free_gift':
        if (event.data.promoCode !== null) once(event.data.promoCode, 'promoCode')
        break
      case 'change_in_level': {
        const { previousLevel, newLevel, direction, reason, qualifyingPoints, validUntil } = event.data
        expect(
          known.rank === undefined || previousLevel.rank === known.rank,
          `was at rank ${known.rank}, not ${previousLevel.rank}`,
        )
        expect(previousLevel.rank !== newLevel.rank, 'no change')
        expect((direction === 'upgrade') === newLevel.rank > previousLevel.rank, 'the direction is wrong')
        for (const level of [previousLevel, newLevel]) {
          const own = program.levels.find((entry) => entry.id === level.id)
          expect(own?.rank === level.rank && own.name === level.name, 'not a level of the program')
        }
        if (reason === 'threshold_reached') {
          expect(direction === 'upgrade', 'a threshold only lifts')
          expect(newLevel.rank === rankFor(qualifyingPoints), 'not the level that the points reach')
          const isTold = known.accounts.has(program.qualifyingCurrency) && known.qualifying !== undefined
          expect(
            !isTold || qualifyingPoints === known.qualifying,
            `${qualifyingPoints} points, but ${known.qualifying} were told`,
          )
        } else if (reason === 'qualification_expired') {
          expect(newLevel.rank === 1 && qualifyingPoints === 0, 'an expiry starts again at the first level')
          expect(known.endsMs === undefined || atMs >= known.endsMs, 'the level still held')
        }
        expect(validUntil === null || Date.parse(validUntil) >= atMs, 'the new level has ended already')
        known.rank = newLevel.rank
        known.qualifying = qualifyingPoints
        known.endsMs = validUntil === null ? undefined : Date.parse(validUntil)
        break
      }
    }
  }
  if (position > 0 && lastMs !== nowMs) problems.push('the last event does not happen now')
  return problems

  function know(event: LoyaltyEvent, atMs: number, expect: (holds: boolean, what: string) => void): Known {
    const { member } = event
    const before = members.get(member.id)
    if (before !== undefined) {
      expect(JSON.stringify(before.member) === JSON.stringify(member), 'the member is somebody else than before')
      expect(atMs >= before.lastMs, 'time went backwards for the member')
      before.lastMs = atMs
      return before
    }
    for (const [kind, value] of [
      ['email', member.email],
      ['externalId', member.externalId],
    ] as const) {
      expect(!unique.has(`${kind} ${value}`), `${kind} ${value} belongs to two members`)
      unique.set(`${kind} ${value}`, member.id)
    }
    describeMember(member, atMs, expect)
    const known: Known = {
      member,
      accounts: new Map(),
      events: 0,
      lastMs: atMs,
      rank: undefined,
      qualifying: undefined,
      endsMs: undefined,
      crossedTo: undefined,
    }
    members.set(member.id, known)
    return known
  }
}

const isExpiry = (event: LoyaltyEvent) =>
  event.type === 'change_in_level' && event.data.reason === 'qualification_expired'

function move(
  known: Known,
  { currency, previous, current, lifetime }: Balance,
  { change, earned }: { change: number; earned: number },
  expect: (holds: boolean, what: string) => void,
): void {
  const before = known.accounts.get(currency.id)
  expect(current === previous + change, `${previous} and ${change} make ${previous + change}, not ${current}`)
  expect(previous >= 0 && current >= 0, 'a balance below zero')
  expect(before === undefined || before.current === previous, `starts from ${previous}, ended at ${before?.current}`)
  expect(before === undefined || before.lifetime + earned === lifetime, 'lifetime does not follow from what is earned')
  expect(lifetime >= earned, 'lifetime is less than what was just earned')
  known.accounts.set(currency.id, { current, lifetime })
}

function describeMember(member: Member, atMs: number, expect: (holds: boolean, what: string) => void): void {
  const { email, firstName, lastName, birthDate, language, country, enrolledAt } = member
  const fold = (name: string) =>
    name
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replaceAll('œ', 'oe')
      .replaceAll('æ', 'ae')
      .replaceAll('ø', 'o')
      .normalize('NFD')
      .replace(/[^a-z]/g, '')
  expect(/^[a-z]+\.[a-z]+\d+@example\.(com|net|org)$/.test(email), `e-mail ${email}`)
  expect(
    email.startsWith(`${fold(firstName)}.${fold(lastName)}`),
    `e-mail ${email} is not from ${firstName} ${lastName}`,
  )
  const isKnown = Object.values(LOCALES).some((locale) => locale.language === language && locale.country === country)
  expect(isKnown, `${language} is not spoken in ${country}`)
  expect(Date.parse(enrolledAt) <= atMs, 'enrolled after the event')
  if (birthDate === null) return
  const ageAt = (ms: number) => (ms - Date.parse(birthDate)) / (365.25 * 86_400_000)
  expect(ageAt(Date.parse(enrolledAt)) >= 16, `enrolled at ${ageAt(Date.parse(enrolledAt))}`)
  expect(ageAt(atMs) < 95, `${ageAt(atMs)} years old`)
}
