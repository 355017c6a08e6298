import type { Contract } from '../contract/contract.ts'
import { DIALECTS, writeJson, type DialectName } from '../contract/dialect.ts'
import type { EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { renderPayload, writesPath } from '../contract/payload.ts'
import { UsageError } from '../errors.ts'
import { withValue, writtenPath, type SetRule } from './set-rule.ts'

/** Writes a payload's body; the contract's own dialect by default. */
export type PayloadWriter = (events: readonly LoyaltyEvent[], dialect?: DialectName) => string

/**
 * How the payloads of a run with these rules are written: as the contract says. A rule whose path the
 * contract does not write would be silently lost, so it is an error; with `validate: 'off'` its value
 * goes onto the wire at that very path.
 * @throws UsageError naming the rule and the contract
 */
export function payloadWriter(
  contract: Contract,
  rules: readonly SetRule[],
  scope: { readonly types: readonly EventType[]; readonly validate: 'on' | 'off' },
): PayloadWriter {
  const overwrites = rules.flatMap(({ text, steps, value }) => {
    const path = writtenPath(steps)
    if (path === 'type')
      return scope.validate === 'off' ? [{ text, path, steps: contract.discriminator.keys, value }] : []
    return scope.types.some((type) => writesPath(contract, type, path)) ? [] : [{ text, path, steps, value }]
  })
  const [first] = overwrites
  if (first === undefined) return (events, dialect) => renderPayload(contract, events, dialect)
  if (scope.validate === 'on') {
    throw new UsageError(
      `--set ${first.text}: the contract ${contract.name} does not send ${first.path}. --no-validate puts it onto the wire under this very name.`,
    )
  }
  return (events, dialect = contract.json) => {
    const elements = JSON.parse(renderPayload(contract, events, 'js')) as unknown[]
    const written = elements.map((element) =>
      overwrites.reduce((value, rule) => withValue(value, rule.steps, rule.value), element),
    )
    return writeJson(written, DIALECTS[dialect])
  }
}
