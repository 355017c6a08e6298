import type { EventType } from '../contract/event-types.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Book } from '../program/book.ts'
import { planSet, type SetPlan } from '../program/set-plan.ts'
import { parseSetRule, writtenPath, type SetRule } from '../program/set-rule.ts'
import { Refusal } from './refusal.ts'

/** What somebody asked an event to say. */
export interface Wish extends SetPlan {
  /** The currency that the event moves, where one was named (`data.balance.currency.id`). */
  readonly currencyIndex: number | undefined
}

/** What history is told apart by; written over it would point elsewhere. */
const OWN = new Map([
  ['id', 'every event gets its own; resend a delivery to send the same event again'],
  ['type', 'ask for that type instead'],
  ['occurredAt', 'events happen when they are asked for'],
  ['program', 'ask for a member of that program instead'],
  ['member.id', 'ask for that member instead'],
  ['member.enrolledAt', 'members join when their profile is created'],
])

/**
 * What `set` asks of one event of this type in this program: paths of the event model to JSON values. What is set
 * after the ledger has computed (a name, a message, a balance) is said by this event only; the member's e-mail and
 * name stay theirs when it is their profile creation.
 * @throws Refusal
 */
export async function planWish(
  set: Readonly<Record<string, unknown>>,
  { type, book }: { readonly type: EventType; readonly book: Book },
): Promise<Wish> {
  try {
    const rules = Object.entries(set).map(([path, value]) => ruleOf(path, value))
    const plan = await planSet(rules, { types: [type], book, eventCount: 1, countOf: () => 1, validate: 'on' })
    return { ...plan, currencyIndex: currencyOf(rules, book) }
  } catch (error) {
    throw refusalOf(error)
  }
}

/** A rule as `--set` has them, of a path and a JSON value. */
function ruleOf(path: string, value: unknown): SetRule {
  if (path.includes('=')) throw new Refusal('invalid', `set: "${path}" is not a path.`, 'set')
  const rule = { ...parseSetRule(`${path}:=${JSON.stringify(value) ?? 'null'}`, 'set'), text: path }
  const written = writtenPath(rule.steps)
  for (const [own, why] of OWN) {
    const isWithin = written === own || written.startsWith(`${own}.`) || own.startsWith(`${written}.`)
    if (isWithin) throw new Refusal('invalid', `set ${path}: ${own} cannot be set here: ${why}.`, 'set')
  }
  return rule
}

/** What the command line says to somebody at a terminal, said to somebody who sent a request. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error
  const text = error.message
    .replace(/^--set /, 'set ')
    .replace(/; JSON is written [^;]*\.$/, '; write it without quotes.')
    .replace(/ --no-validate [^.]*\./, '')
    .replace(/ Your own program comes with --program\./, '')
    .replace(/; qualifio-sim contract lists the paths\./, '.')
  return new Refusal('invalid', text, 'set')
}

const CURRENCY = 'data.balance.currency'

/** The currency that the rules name by its id or name. */
function currencyOf(rules: readonly SetRule[], { currencies, program }: Book): number | undefined {
  const asked = rules.flatMap(({ steps, value, text }) => {
    const path = writtenPath(steps)
    if (path === CURRENCY) return Object.entries(value as object).map(([key, part]) => ({ key, value: part, text }))
    return path === `${CURRENCY}.id` || path === `${CURRENCY}.name`
      ? [{ key: path.slice(CURRENCY.length + 1), value, text }]
      : []
  })
  const wanted = asked.filter(({ key }) => key === 'id' || key === 'name')
  const [first] = wanted
  if (first === undefined) return undefined
  const index = currencies.findIndex((currency) =>
    wanted.every(({ key, value }) => currency[key as 'id' | 'name'] === value),
  )
  if (index >= 0) return index
  const known = currencies.map((currency) => currency[first.key as 'id' | 'name'])
  const near = nearest(String(first.value), known)
  const hint = near === undefined ? `; its currencies are ${known.join(', ')}.` : `; did you mean ${near}?`
  const what = `no currency whose ${first.key} is "${String(first.value)}"`
  throw new Refusal('invalid', `set ${first.text}: program ${program.id} has ${what}${hint}`, 'set')
}
