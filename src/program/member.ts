import type { LocaleDefinition } from '@faker-js/faker'
import type { Member } from '../contract/event.ts'
import type { Random } from '../ports.ts'
import { LOCALES, originOf, type Locale, type LocaleWeights } from './locale.ts'
import type { Person } from './people.ts'
import { codeLetters, randomStream, uuidV4 } from './random.ts'
import { DUTCH_BELGIAN_SURNAMES, FRENCH_BELGIAN_SURNAMES } from './surnames.ts'

const DAY_MS = 86_400_000

/** First names and surnames of one locale. */
export interface Names {
  readonly female: readonly string[]
  readonly male: readonly string[]
  readonly surnames: readonly string[]
}

/** The names of every locale that a run's members come from. */
export type NameData = Readonly<Partial<Record<Locale, Names>>>

/*
 * Only faker's lists are used, drawn from by our own stream: faker's generator objects would load
 * English and 130 KB of code beside each of them, and every millisecond here is start-up time.
 */
const LOADERS: Readonly<Record<Locale, () => Promise<Names>>> = {
  fr_BE: async () => ({ ...(await LOADERS.fr()), surnames: FRENCH_BELGIAN_SURNAMES }),
  nl_BE: async () => ({ ...(await LOADERS.nl()), surnames: DUTCH_BELGIAN_SURNAMES }),
  fr: async () => namesOf((await import('./names/fr.ts')).definitions),
  nl: async () => namesOf((await import('./names/nl.ts')).definitions),
  en: async () => namesOf((await import('./names/en.ts')).definitions),
  de: async () => namesOf((await import('./names/de.ts')).definitions),
}

function namesOf({ person }: LocaleDefinition): Names {
  const female = person?.first_name?.female ?? []
  const male = person?.first_name?.male ?? []
  const surnames = person?.last_name?.generic ?? []
  return { female, male, surnames }
}

/** Loads the names of these locales. */
export async function loadNames(locales: Iterable<Locale>): Promise<NameData> {
  const entries = [...new Set(locales)].map(async (locale) => [locale, await LOADERS[locale]()] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/** The locale of member `index`: the first draw of their stream. */
export function memberLocale(seed: number, index: number, weights: LocaleWeights): Locale {
  return drawLocale(identityStream(seed, index), weights)
}

const identityStream = (seed: number, index: number) => randomStream(seed, `member:${index}`)

function drawLocale(random: Random, weights: LocaleWeights): Locale {
  const entries = Object.entries(weights) as [Locale, number][]
  let left = random.int(
    1,
    entries.reduce((total, [, weight]) => total + weight, 0),
  )
  for (const [locale, weight] of entries) {
    left -= weight
    if (left <= 0) return locale
  }
  throw new Error('no locale has a weight')
}

/** What the identity of a run's members is made from. */
export interface MemberSource {
  readonly seed: number
  readonly locales: LocaleWeights
  /** Names of at least the locales that the members have. */
  readonly names: NameData
  /** The user's own people: what they leave open is generated. */
  readonly people?: readonly Person[] | undefined
}

/** Member number `index` of a run, who is the same whatever the run asks of them. */
export interface MemberMoment {
  readonly index: number
  /**
   * When they enrol: at the given time, or at some time within three years before it (ms since the epoch).
   * Ages are counted from here.
   */
  readonly enrolment: { readonly kind: 'at' | 'before'; readonly ms: number }
}

/**
 * A member: their identity depends on the seed, their number and the locale weights alone.
 * 19 to 85 years old at that moment, so 16 or older when they enrolled.
 */
export function createMember(source: MemberSource, { index, enrolment }: MemberMoment): Member {
  const random = identityStream(source.seed, index)
  const locale = drawLocale(random, source.locales)
  const names = source.names[locale]
  if (names === undefined) throw new Error(`the names of ${locale} are not loaded`)
  const person = source.people?.[index]

  const id = uuidV4(random)
  const externalId = `sso|${codeLetters(random, 12).toLowerCase()}`
  const firstNames = random.next32() % 2 === 0 ? names.female : names.male
  const generated = { first: random.pick(firstNames), last: random.pick(names.surnames) }
  const host = random.pick(['example.com', 'example.net', 'example.org'])
  const ageDays = random.int(19 * 366, 85 * 365)
  const hasBirthDate = random.int(1, 12) > 1
  const enrolledBeforeMs = random.int(DAY_MS, 3 * 365 * DAY_MS)

  const { language, country } = person === undefined ? LOCALES[locale] : originOf(person, locale)
  const firstName = person?.firstName ?? generated.first
  const lastName = person?.lastName ?? generated.last
  const enrolledMs = enrolment.kind === 'at' ? enrolment.ms : enrolment.ms - enrolledBeforeMs
  return {
    id,
    externalId: person?.externalId ?? externalId,
    email: person?.email ?? `${emailName(firstName, lastName)}${index + 1}@${host}`,
    firstName,
    lastName,
    birthDate: person?.birthDate ?? (hasBirthDate ? dateOf(enrolment.ms - ageDays * DAY_MS) : null),
    language,
    country,
    enrolledAt: person?.enrolledAt ?? new Date(enrolledMs).toISOString(),
  }
}

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** `Zoë`, `Van de Velde` → `zoe.vandevelde`: ASCII letters and one dot, so that a number after it is the member's own. */
function emailName(firstName: string, lastName: string): string {
  return `${toAscii(firstName) || 'member'}.${toAscii(lastName) || 'member'}`
}

const FOLDED: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' }

function toAscii(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[ßæœøłđðþ]/g, (letter) => FOLDED[letter] ?? '')
    .replace(/[^a-z]/g, '')
}
