import { UsageError } from '../errors.ts'
import { rowsOf, type Column, type Row } from './people-rows.ts'
import type { Program } from './program.ts'

/** One of the user's own test people. What is undefined is generated. */
export interface Person {
  /** `people.csv:3`, where they stand. */
  readonly place: string
  readonly externalId: string
  readonly email?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly birthDate?: string | undefined
  readonly language?: string | undefined
  readonly country?: string | undefined
  /** RFC 3339, UTC, milliseconds. */
  readonly enrolledAt?: string | undefined
  /** Whole points by currency id; a currency that is absent is generated. */
  readonly balances: ReadonlyMap<string, number>
  /** Position in the program's levels. */
  readonly levelIndex?: number | undefined
}

/**
 * The user's own test people, from the text of a CSV file with a header row. The same externalId
 * again, with another currency, adds a balance.
 * @param fileName for the error's text only
 * @throws UsageError with `file:line`
 */
export async function parsePeople(text: string, fileName: string, program: Program): Promise<readonly Person[]> {
  const people = new Map<string, Person>()
  const emails = new Map<string, Person>()
  for (const row of await rowsOf(text, fileName)) {
    const person = personOf(row, program)
    const known = people.get(person.externalId)
    const merged = known === undefined ? person : withBalance(known, person)
    people.set(person.externalId, merged)
    const email = person.email?.toLowerCase()
    const sameEmail = email === undefined ? undefined : emails.get(email)
    if (sameEmail !== undefined && sameEmail.externalId !== person.externalId) {
      throw new UsageError(
        `${row.place}: e-mail ${person.email} stands at ${sameEmail.place} too; each member needs their own.`,
      )
    }
    if (email !== undefined) emails.set(email, merged)
  }
  if (people.size === 0)
    throw new UsageError(`${fileName} has no people: a header row and at least one line are needed.`)
  return [...people.values()]
}

function personOf({ place, cells }: Row, program: Program): Person {
  const matching = (column: Column, isRight: (cell: string) => boolean, expected: string) => {
    const cell = cells.get(column)
    if (cell !== undefined && !isRight(cell)) throw new UsageError(`${place}: ${column} "${cell}" is not ${expected}.`)
    return cell
  }
  const externalId = cells.get('externalId')
  if (externalId === undefined) throw new UsageError(`${place}: externalId is empty.`)
  const enrolledAt = matching('enrolledAt', (cell) => isTime(cell), 'a time such as 2024-05-01T09:30:00Z, or a date')
  return {
    place,
    externalId,
    email: matching('email', (cell) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(cell), 'an e-mail address'),
    firstName: cells.get('firstName'),
    lastName: cells.get('lastName'),
    birthDate: matching('birthDate', isDate, 'a date such as 1990-12-31'),
    language: matching('language', isLanguage, 'a language tag such as fr-BE'),
    country: matching('country', (cell) => /^[A-Z]{2}$/.test(cell), 'a two-letter country code such as BE'),
    enrolledAt: enrolledAt === undefined ? undefined : new Date(enrolledAt).toISOString(),
    balances: balancesOf({ place, cells }, program),
    levelIndex: levelOf({ place, cells }, program),
  }
}

/** As in the event model, and a tag that exists: a subtag of one letter alone does not. */
function isLanguage(cell: string): boolean {
  try {
    return /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(cell) && new Intl.Locale(cell).language !== ''
  } catch {
    return false
  }
}

function isDate(cell: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(cell) && !Number.isNaN(Date.parse(cell)) && new Date(cell).toISOString().startsWith(cell)
  )
}

function isTime(cell: string): boolean {
  if (isDate(cell)) return true
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(cell) &&
    isDate(cell.slice(0, 10)) &&
    !Number.isNaN(Date.parse(cell))
  )
}

function balancesOf({ place, cells }: Row, program: Program): ReadonlyMap<string, number> {
  const name = cells.get('currency')
  const text = cells.get('balance')
  if (text === undefined) {
    if (name !== undefined) throw new UsageError(`${place}: currency "${name}" without a balance.`)
    return new Map()
  }
  const balance = Number(text)
  if (!/^\d+$/.test(text) || balance > 1e12) {
    throw new UsageError(`${place}: balance "${text}" is not a whole number of points from 0 to 1000000000000.`)
  }
  const currency = name === undefined ? program.currencies[0] : named(program.currencies, name)
  if (currency === undefined) {
    const known = program.currencies.map((entry) => entry.id).join(', ')
    throw new UsageError(`${place}: program ${program.id} has no currency "${name}"; its currencies are ${known}.`)
  }
  return new Map([[currency.id, balance]])
}

function levelOf({ place, cells }: Row, program: Program): number | undefined {
  const text = cells.get('level')
  if (text === undefined) return undefined
  const level = named(program.levels, text) ?? program.levels.find((entry) => String(entry.rank) === text)
  if (level !== undefined) return program.levels.indexOf(level)
  const known = program.levels.map((entry) => entry.id).join(', ')
  throw new UsageError(`${place}: program ${program.id} has no level "${text}"; its levels are ${known}.`)
}

function named<T extends { readonly id: string; readonly name: string }>(
  list: readonly T[],
  text: string,
): T | undefined {
  const wanted = text.toLowerCase()
  return list.find(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted)
}

/** The same person on a second line: another balance, and nothing that says otherwise. */
function withBalance(known: Person, again: Person): Person {
  const different = (
    ['email', 'firstName', 'lastName', 'birthDate', 'language', 'country', 'enrolledAt', 'levelIndex'] as const
  ).find((field) => again[field] !== undefined && known[field] !== undefined && again[field] !== known[field])
  if (different !== undefined) {
    const column = different === 'levelIndex' ? 'level' : different
    throw new UsageError(
      `${again.place}: ${column} differs from ${known.place}, the same externalId "${known.externalId}".`,
    )
  }
  const [added] = again.balances.keys()
  if (added === undefined || known.balances.has(added)) {
    throw new UsageError(
      `${again.place}: externalId "${known.externalId}" stands at ${known.place} already; a second line adds a balance in another currency.`,
    )
  }
  const given = Object.fromEntries(Object.entries(again).filter(([, value]) => value !== undefined)) as Person
  return { ...known, ...given, place: known.place, balances: new Map([...known.balances, ...again.balances]) }
}
