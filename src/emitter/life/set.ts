import type { EventType } from '../../contract/event-types.ts'
import { UsageError } from '../../errors.ts'
import type { Book } from '../../program/book.ts'
import { planSet, type SetPlan } from '../../program/set-plan.ts'
import { parseSetRule, writtenPath, type SetRule } from '../../program/set-rule.ts'
import { choicesOf, type Choices } from './set-choice.ts'
import { Refusal } from '../refusal.ts'

/** What somebody asked an event to say. */
export interface Wish extends SetPlan, Choices {}

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
 * What `set` asks of one event of this type in this program: paths of the event model to JSON values. Points,
 * earning rule, reward, currency (`data.balance.currency.id`), level (`data.newLevel.id`) and its end go in before the
 * ledger computes. All else (a name, a message, a balance) is said by this event only; but what a profile creation says
 * of its member stays theirs.
 * @throws Refusal
 */
export async function planWish(
  set: Readonly<Record<string, unknown>>,
  { type, book }: { readonly type: EventType; readonly book: Book },
): Promise<Wish> {
  try {
    const rules = Object.entries(set).map(([path, value]) => ruleOf(path, value))
    const plan = await planSet(rules, { types: [type], book, eventCount: 1, countOf: () => 1, validate: 'on' })
    const apply: SetPlan['apply'] = (event) => refused(() => plan.apply(event))
    return { ...plan, ...choicesOf(rules, book), apply }
  } catch (error) {
    throw refusalOf(error)
  }
}

function refused<T>(attempt: () => T): T {
  try {
    return attempt()
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
function refusalOf(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error
  const text = error.message
    // The path is named once.
    .replace(/^--set (.+?): \1(?= )/, '$1')
    .replace(/^--set /, 'set ')
    .replace(/; JSON is written [^;]*\.$/, '; write it without quotes.')
    .replace(/ --no-validate [^.]*\./, '')
    .replace(/ Your own program comes with --program\./, '')
    .replace(/; qualifio-sim contract lists the paths\./, '.')
  return new Refusal('invalid', text, 'set')
}
