import type { Contract } from '../contract/contract.ts'
import { DIALECTS, writeJson, type DialectName } from '../contract/dialect.ts'
import type { EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { renderPayload, writesPath } from '../contract/payload.ts'
import type { WireSteps } from '../contract/wire-place.ts'
import { UsageError } from '../errors.ts'
import { wholePlace } from './set-whole.ts'
import { valueAt, withValue, writtenPath, type SetRule } from './set-rule.ts'

/** Writes a payload's body; the contract's own dialect by default. */
export type PayloadWriter = (events: readonly LoyaltyEvent[], dialect?: DialectName) => string

/** A value that goes over what the template wrote. */
interface Overwrite {
  readonly steps: WireSteps
  readonly valueIn: (event: LoyaltyEvent) => unknown
}

/**
 * How the payloads of a run with these rules are written: as the contract says. A rule whose path the
 * contract does not write would be silently lost, so it is an error; with `validate: 'off'` its value
 * goes onto the wire at that very path, and one that is no such object as the template takes apart in its place.
 * @throws UsageError naming the rule and the contract
 */
export function payloadWriter(
  contract: Contract,
  rules: readonly SetRule[],
  scope: { readonly types: readonly EventType[]; readonly validate: 'on' | 'off' },
): PayloadWriter {
  const isStrict = scope.validate === 'on'
  const unwritten = rules.filter(
    ({ steps }) => !scope.types.some((type) => writesPath(contract, type, writtenPath(steps))),
  )
  const [first] = unwritten
  if (isStrict && first !== undefined) {
    throw new UsageError(
      `--set ${first.text}: the contract ${contract.name} does not send ${writtenPath(first.steps)}. --no-validate puts it onto the wire under this very name.`,
    )
  }
  const overwrites = isStrict
    ? new Map<EventType, readonly Overwrite[]>()
    : new Map(scope.types.map((type) => [type, rules.flatMap((rule) => overwritesOf(rule, type))]))
  if ([...overwrites.values()].every(({ length }) => length === 0))
    return (events, dialect) => renderPayload(contract, events, dialect)
  return (events, dialect = contract.json) => {
    const elements = JSON.parse(renderPayload(contract, events, 'js')) as unknown[]
    const written = events.map((event, index) =>
      (overwrites.get(event.type) ?? []).reduce(
        (element, { steps, valueIn }) => withValue(element, steps, valueIn(event)),
        elements[index],
      ),
    )
    return writeJson(written, DIALECTS[dialect])
  }

  function overwritesOf(rule: SetRule, type: EventType): readonly Overwrite[] {
    const valueIn = (): unknown => rule.value
    if (writtenPath(rule.steps) === 'type') return [{ steps: contract.discriminator.keys, valueIn }]
    if (unwritten.includes(rule)) return [{ steps: rule.steps, valueIn }]
    const steps = wholePlace(contract, type, rule)
    // Another rule may have written a part of it.
    return steps === undefined ? [] : [{ steps, valueIn: (event) => valueAt(event, rule.steps) }]
  }
}
