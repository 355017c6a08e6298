import { loadContract, type Contract } from '../contract/contract.ts'
import { parseEventType, type EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { builtInProgram, defaultProgram } from '../program/catalog.ts'
import { planGeneration } from '../program/generate.ts'
import { DEFAULT_LOCALES, parseLocales } from '../program/locale.ts'
import type { Program } from '../program/program.ts'
import { payloadWriter } from '../program/set-wire.ts'
import { parseSetRule } from '../program/set-rule.ts'
import { systemClock } from '../system-clock.ts'

/** Which payloads to generate: the options of `send` and `generate`, by the same names. */
export interface GenerateOptions {
  /** Events by name, wire type or label; or `random`, or `all`. Either this or `journey`. */
  readonly events?: string | readonly string[]
  /** `onboarding`, `earn-to-level-up`, `burn-and-correct`, `level-down` or `gift`. */
  readonly journey?: string
  /** Events per named type; in all for `random`; sets for `all`; members for a journey. 1 by default. */
  readonly count?: number
  /** Events per payload; `max` for all in one. 1 by default. */
  readonly batch?: number | 'max'
  readonly members?: number
  /** 0 to 4294967295. 0 by default: a test wants the same bytes every time. */
  readonly seed?: number
  /** When the last event occurs. The clock by default. */
  readonly now?: Date
  /** `fr_BE:3,nl_BE:2`. */
  readonly locale?: string
  /** The id of a built-in program, or a program of your own. */
  readonly program?: string | Program
  /** A shipped contract's name, a folder, or a loaded contract. `assumed-1` by default. */
  readonly contract?: string | Contract
  /** `path=text` and `path:=json`, as `--set` takes them. */
  readonly set?: readonly string[]
}

/** A payload: its events, and its body exactly as it is sent. */
export interface Payload {
  readonly events: readonly LoyaltyEvent[]
  readonly body: string
}

/**
 * Generates payloads lazily: `const [payload] = await generatePayloads({ events: 'earning' })`.
 * Same options, seed and now: same bytes.
 * @throws UsageError for a selection that cannot be generated
 */
export async function generatePayloads(options: GenerateOptions): Promise<Iterable<Payload>> {
  const contract = await loaded(options.contract)
  const { program } = options
  const set = (options.set ?? []).map((rule) => parseSetRule(rule, 'set'))
  const generation = await planGeneration({
    what: selectionOf(options),
    count: options.count ?? 1,
    batch: options.batch ?? 1,
    members: options.members,
    seed: options.seed ?? 0,
    nowMs: options.now?.getTime() ?? systemClock.nowMs(),
    locales: options.locale === undefined ? DEFAULT_LOCALES : parseLocales(options.locale),
    program: program === undefined ? defaultProgram : typeof program === 'string' ? builtInProgram(program) : program,
    set,
    validate: 'on',
  })
  const write = payloadWriter(contract, set, { types: generation.types, validate: 'on' })
  return {
    *[Symbol.iterator]() {
      for (const events of generation.payloads()) yield { events, body: write(events) }
    },
  }
}

/** A contract by its name or folder; a loaded one as it is; `assumed-1` for nothing. */
export async function loaded(contract: string | Contract | undefined): Promise<Contract> {
  return typeof contract === 'object' ? contract : await loadContract(contract ?? 'assumed-1')
}

function selectionOf({
  events,
  journey,
}: GenerateOptions): readonly EventType[] | 'random' | 'all' | { journey: string } {
  if (journey !== undefined) return { journey }
  if (events === 'random' || events === 'all') return events
  return [...new Set([events ?? []].flat().map((text) => parseEventType(text)))]
}
