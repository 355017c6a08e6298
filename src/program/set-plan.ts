import type { EventModel, ModelPath } from '../contract/event-model.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { EVENT_TYPES, type EventType } from '../contract/event-types.ts'
import { isPartOf } from '../contract/wire-place.ts'
import { nearest, UsageError } from '../errors.ts'
import { counted } from './selection.ts'
import { fixedOf } from './set-choice.ts'
import type { Fixed, SetScope } from './set-scope.ts'
import { withValue, writtenPath, type SetRule } from './set-rule.ts'

/** What `--set` does to a run. */
export interface SetPlan {
  readonly fixed: Fixed
  /** Writes what is written after the ledger; throws a UsageError where an array is shorter than a path says. */
  readonly apply: (event: LoyaltyEvent) => LoyaltyEvent
}

/**
 * Checks the rules against the event model and sorts them into what the ledger must know and what
 * is written afterwards. Loads zod, but only when there are rules.
 * @throws UsageError naming the rule
 */
export async function planSet(rules: readonly SetRule[], scope: SetScope): Promise<SetPlan> {
  if (rules.length === 0) return { fixed: {}, apply: (event) => event }
  const { loadEventModel } = await import('../contract/event-model.ts')
  const model = await loadEventModel()
  refuseTwice(rules)
  const targets = rules.map((rule) => ({ rule, types: typesOf(rule, scope, model) }))
  const drawn = fixedOf(rules, scope)
  const writes = new Map<EventType, SetRule[]>()
  for (const [index, { rule, types }] of targets.entries()) {
    // What was chosen before the ledger is in the event, unless an earlier rule replaces what it is a part of.
    const isReplaced = rules
      .slice(0, index)
      .some((earlier) => isPartOf(writtenPath(rule.steps), writtenPath(earlier.steps)))
    // An unknown type has no template: it is written over the finished element (set-wire.ts).
    if ((drawn.settled.has(rule) && !isReplaced) || (scope.validate === 'off' && writtenPath(rule.steps) === 'type'))
      continue
    for (const type of types) writes.set(type, [...(writes.get(type) ?? []), rule])
  }
  return { fixed: drawn.fixed, apply: (event) => writeAll(event, writes.get(event.type), scope) }
}

function refuseTwice(rules: readonly SetRule[]): void {
  const seen = new Set<string>()
  for (const rule of rules) {
    const path = writtenPath(rule.steps)
    if (seen.has(path)) throw new UsageError(`--set ${rule.text}: ${path} is set twice.`)
    seen.add(path)
  }
}

/** The selected types that a rule writes to; it is checked against the schema of each. */
function typesOf(rule: SetRule, scope: SetScope, model: EventModel): readonly EventType[] {
  const path = writtenPath(rule.steps)
  const key = path.replace(/\[\d+\]/g, '[]')
  const having = scope.types.filter((type) => model[type].has(key))
  if (scope.validate === 'off') return having.length > 0 ? having : scope.types
  refuseShared(rule, path, scope, having)
  if (having.length === 0) throw unknownPath(rule, { key, scope, model })
  for (const type of having) {
    const problem = model[type].get(key)?.check(rule.value)
    if (problem !== undefined) {
      const hint = isJsonAsText(rule.value, model[type].get(key))
        ? `; JSON is written ${path}:=${String(rule.value)}`
        : ''
      throw new UsageError(`--set ${rule.text}: ${path} of ${EVENT_TYPES[type].name} ${problem}${hint}.`)
    }
  }
  return having
}

/** What is unique in a run: no two events may have the same one. */
const UNIQUE: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['data.visitId', 'visit'],
  ['data.promoCode', 'promo code'],
])

function refuseShared(rule: SetRule, path: string, scope: SetScope, having: readonly EventType[]): void {
  const what = UNIQUE.get(path)
  if (what === undefined || rule.value === null) return
  // Of a run by chance it is only known how many events it has in all.
  const sum = having.reduce((total, type) => total + scope.countOf(type), 0)
  const count = Math.min(sum, scope.eventCount)
  if (count <= 1) return
  throw new UsageError(`--set ${rule.text}: ${count} events cannot share one ${what}; ask for one event.`)
}

/** A text that would be right as JSON: `=250` instead of `:=250`. */
function isJsonAsText(value: unknown, model: ModelPath | undefined): boolean {
  if (typeof value !== 'string' || model === undefined) return false
  try {
    return model.check(JSON.parse(value)) === undefined
  } catch {
    return false
  }
}

function unknownPath(
  rule: SetRule,
  { key, scope, model }: { key: string; scope: SetScope; model: EventModel },
): UsageError {
  const elsewhere = (Object.keys(model) as EventType[]).filter((type) => model[type].has(key))
  const selected = scope.types.map((type) => EVENT_TYPES[type].name).join(', ')
  const path = writtenPath(rule.steps)
  if (elsewhere.length > 0) {
    const having = elsewhere.map((type) => EVENT_TYPES[type].name).join(', ')
    return new UsageError(`--set ${rule.text}: ${selected} has no ${path}; ${having} has.`)
  }
  const known = new Set(scope.types.flatMap((type) => [...model[type].keys()]))
  const near = nearest(key, known)?.replaceAll('[]', '[0]')
  const hint = near === undefined ? 'qualifio-sim contract lists the paths.' : `did you mean ${near}?`
  return new UsageError(
    `--set ${rule.text}: no selected event has ${path}; ${hint} --no-validate writes it all the same.`,
  )
}

function writeAll(event: LoyaltyEvent, rules: readonly SetRule[] | undefined, scope: SetScope): LoyaltyEvent {
  if (rules === undefined) return event
  let written: unknown = event
  for (const rule of rules) {
    if (scope.validate === 'on') refuseMissingEntry(event, rule)
    written = withValue(written, rule.steps, rule.value)
  }
  return written as LoyaltyEvent
}

/** A path into an array may point past its end, which no schema says. */
function refuseMissingEntry(event: LoyaltyEvent, rule: SetRule): void {
  let value: unknown = event
  for (const step of rule.steps) {
    if (Array.isArray(value) && typeof step === 'number' && step >= value.length) {
      throw new UsageError(
        `--set ${rule.text}: the list has ${counted(value.length, 'entry', 'entries')}, the last is [${value.length - 1}].`,
      )
    }
    value = (value as Record<string | number, unknown> | null | undefined)?.[step]
  }
}
