import type { EventType } from '../contract/event-types.ts'
import { UsageError } from '../errors.ts'
import type { LocaleWeights } from './locale.ts'
import type { Person } from './people.ts'
import type { Program } from './program.ts'
import type { SetRule } from './set-rule.ts'

/** What is asked for: some types, chance, full sets of the eight, or a journey. */
export type What = readonly EventType[] | 'random' | 'all' | { readonly journey: string }

/** What a run consists of: with the same version, everything its bytes depend on. */
export interface Selection {
  readonly what: What
  /** Events of each named type; events in all for random; members for the others. */
  readonly count: number
  /** Events of one payload; `max` puts all of them into one. */
  readonly batch: number | 'max'
  /** Members who take part; by default the smaller of count and 1,000. */
  readonly members?: number | undefined
  /** 0 to 4294967295. */
  readonly seed: number
  /** When the last event happens, ms since the epoch. */
  readonly nowMs: number
  readonly locales: LocaleWeights
  readonly program: Program
  /** The user's own test people, instead of made up ones. */
  readonly people?: readonly Person[] | undefined
  readonly set: readonly SetRule[]
  /** `off` lets `set` write anything. */
  readonly validate: 'on' | 'off'
}

/** Members of a run by default, at most. */
const MOST_MEMBERS = 1000

/** Events that one payload holds at most. */
export const MOST_EVENTS_IN_A_PAYLOAD = 10_000

const EARLIEST_NOW_MS = Date.UTC(1970, 0, 1)
const LATEST_NOW_MS = Date.UTC(9000, 0, 1)

/**
 * Refuses what no run can be made of, whatever the program.
 * @throws UsageError
 */
export function checkSelection({ what, count, batch, members, seed, nowMs, people }: Selection): void {
  const isWhole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least
  if (!isWhole(count, 1)) throw new UsageError(`--count ${count}: must be a whole number, 1 or more.`)
  if (batch !== 'max' && (!isWhole(batch, 1) || batch > MOST_EVENTS_IN_A_PAYLOAD)) {
    throw new UsageError(`--batch ${batch}: must be a whole number from 1 to ${MOST_EVENTS_IN_A_PAYLOAD}, or max.`)
  }
  if (members !== undefined && !isWhole(members, 1)) {
    throw new UsageError(`--members ${members}: must be a whole number, 1 or more.`)
  }
  if (members !== undefined && people !== undefined) {
    throw new UsageError('--members and --members-from both say who takes part; use only one of them.')
  }
  if (!isWhole(seed, 0) || seed > 0xffff_ffff) throw new UsageError(`--seed ${seed}: must be from 0 to 4294967295.`)
  if (!Number.isSafeInteger(nowMs) || nowMs < EARLIEST_NOW_MS || nowMs >= LATEST_NOW_MS) {
    throw new UsageError('--now: must lie between the years 1970 and 9000.')
  }
  if (typeof what !== 'object' || 'journey' in what) return
  if (what.length === 0) throw new UsageError('no event is selected; name one, such as earning, or random, or all.')
  const twice = what.find((type, index) => what.indexOf(type) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is selected twice; --count says how many of it.`)
}

/** `1 person`, `2 people`. */
export function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`
}

/** Who takes part in a run of named types or chance, by member number. */
export interface Pool {
  readonly memberCount: number
  /** How many of them are created in the run. */
  readonly freshCount: number
}

/**
 * The members of a run of named types. Created members start with nothing, so whoever must have
 * points or a level is added to them unless the user says how many members there are.
 * @throws UsageError that says what to pass
 */
export function poolOfTypes(types: readonly EventType[], { count, members, people }: Selection): Pool {
  const freshCount = types.includes('profile_creation') ? count : 0
  const needy = types.filter(
    (type) =>
      type === 'burning' ||
      type === 'point_correction_minus' ||
      (type === 'change_in_level' && !types.includes('earning')),
  )
  const usual = Math.min(count, MOST_MEMBERS)
  const available = people?.length ?? members
  if (available === undefined) {
    return { memberCount: freshCount === 0 ? usual : freshCount + (needy.length > 0 ? usual : 0), freshCount }
  }
  const option =
    people === undefined ? `--members ${available}` : `--members-from with ${counted(available, 'person', 'people')}`
  if (available < freshCount) {
    const creations = counted(freshCount, 'profile creation', 'profile creations')
    throw new UsageError(`${option}: ${creations} need a member each; pass at least ${freshCount}.`)
  }
  if (needy.length > 0 && available === freshCount) {
    throw new UsageError(
      `${option}: ${needy.join(', ')} needs a member who existed before the run, but each is created in it; pass at least ${freshCount + 1}.`,
    )
  }
  return { memberCount: available, freshCount }
}

/** The members of a random run: one in five is created in it; the user's own people all existed before. */
export function poolOfChance({ count, members, people }: Selection): Pool {
  const memberCount = people?.length ?? members ?? Math.min(count, MOST_MEMBERS)
  return { memberCount, freshCount: people === undefined ? Math.floor(memberCount / 5) : 0 }
}

/**
 * Refuses fewer members than walks: each is walked by a member of their own.
 * @throws UsageError that says what to pass
 */
export function checkWalkers(walk: string, { count, members }: Selection): void {
  if (members !== undefined && members < count) {
    throw new UsageError(`--members ${members}: ${count} × ${walk} need a member each; pass at least ${count}.`)
  }
}
