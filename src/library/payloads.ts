import { loadContract, type Contract } from '../contract/contract.ts'
import { parseEventType, type EVENT_TYPES, type EventType } from '../contract/event-types.ts'
import type { LoyaltyEvent } from '../contract/event.ts'
import { UsageError } from '../errors.ts'
import { nowMs } from '../fixture/rfc3339.ts'
import { builtInProgram, defaultProgram } from '../program/catalog.ts'
import { planGeneration } from '../program/generate.ts'
import type { JOURNEYS } from '../program/journey.ts'
import { DEFAULT_LOCALES, parseLocales } from '../program/locale.ts'
import { parsePeople } from '../program/people.ts'
import type { Program } from '../program/program.ts'
import { parseSetRule } from '../program/set-rule.ts'
import { payloadWriter } from '../program/set-wire.ts'
import { systemClock } from '../system-clock.ts'
import { inLibraryWords } from './library-words.ts'
import {
  checkOptions,
  contractOption,
  isPlainObject,
  numberOption,
  textOption,
  textsOption,
  wordOption,
  type OptionCheck,
} from './option-check.ts'

type EventInfo = (typeof EVENT_TYPES)[EventType]

/** An event by name, wire type or label; at run time in any case. */
export type EventName = EventInfo['name'] | EventType | EventInfo['label']

/** A named sequence of events. */
export type JourneyName = keyof typeof JOURNEYS

/** What events are generated: these, or those of a journey. */
export type EventSelection =
  | {
      /** Events by name, wire type or label; or `random`, or `all`. Either this or `journey`. */
      readonly events: EventName | 'random' | 'all' | readonly (EventName | 'random' | 'all')[]
      readonly journey?: undefined
    }
  | {
      /** `onboarding`, `earn-to-level-up`, `burn-and-correct`, `level-down` or `gift`. Either this or `events`. */
      readonly journey: JourneyName
      readonly events?: undefined
    }

/** Which payloads to generate: the options of `send` and `generate`, by the same names. */
export type GenerateOptions = EventSelection & GenerateSettings

/** How payloads are generated, whatever their events. */
export interface GenerateSettings {
  /** Events per named type; in all for `random`; sets for `all`; members for a journey. 1 by default. */
  readonly count?: number | undefined
  /** Events per payload; `max` for all in one. 1 by default. */
  readonly batch?: number | 'max' | undefined
  /** How many members take part. The smaller of count and 1,000 by default. */
  readonly members?: number | undefined
  /** Your own test people, as the text of a CSV file; `fileName` is what errors call it. */
  readonly membersFrom?: { readonly csv: string; readonly fileName?: string | undefined } | undefined
  /** 0 to 4294967295. 0 by default: a test wants the same bytes every time. */
  readonly seed?: number | undefined
  /** When the last event occurs: a Date, RFC 3339 with an offset, a day, or ms since the epoch. The clock by default. */
  readonly now?: Date | string | number | undefined
  /** Where members come from, `fr_BE:3,nl_BE:2`. */
  readonly locale?: string | undefined
  /** The id of a built-in program, or a program of your own. */
  readonly program?: string | Program | undefined
  /** A shipped contract's name, a folder, or a loaded contract. `assumed-1` by default. */
  readonly contract?: string | Contract | undefined
  /** `path=text` and `path:=json`, as `--set` takes them: one, or a list. */
  readonly set?: string | readonly string[] | undefined
  /** `off` lets `set` write anything. `on` by default. */
  readonly validate?: 'on' | 'off' | undefined
}

/** A payload: its events, and its body exactly as it is sent. */
export interface Payload {
  readonly events: readonly LoyaltyEvent[]
  readonly body: string
}

const CHECKS = {
  events: textsOption("an event such as 'earning', a list of them, 'random' or 'all'"),
  journey: textOption("the name of a journey, such as 'onboarding'"),
  count: numberOption('a whole number, 1 or more'),
  batch: {
    expected: "a whole number from 1 to 10000, or 'max'",
    isRight: (value) => value === 'max' || typeof value === 'number',
  },
  members: numberOption('a whole number, 1 or more'),
  membersFrom: {
    expected: "{ csv: 'externalId,email,…' }: the text of a CSV file, not its name",
    isRight: (value) =>
      isPlainObject(value) &&
      Object.keys(value).every((key) => key === 'csv' || key === 'fileName') &&
      typeof value['csv'] === 'string' &&
      (value['fileName'] === undefined || typeof value['fileName'] === 'string'),
  },
  seed: numberOption('a whole number from 0 to 4294967295'),
  now: {
    expected: 'a Date, a time with an offset such as 2026-01-31T12:00:00Z, a date, or milliseconds since the epoch',
    isRight: (value) => momentOf(value) !== undefined,
  },
  locale: textOption("locales such as 'fr_BE:3,nl_BE:2'"),
  program: {
    expected: 'the id of a built-in program, or a program as an object',
    isRight: (value) => typeof value === 'string' || isPlainObject(value),
  },
  contract: contractOption,
  set: textsOption("'path=text' or 'path:=json', or a list of them"),
  validate: wordOption('on', 'off'),
} as const satisfies Record<keyof GenerateOptions, OptionCheck>

/**
 * Generates payloads lazily: `const [payload] = await generatePayloads({ events: 'earning' })`.
 * Same options, seed and now: same bytes.
 * @throws UsageError for a selection that cannot be generated
 */
export async function generatePayloads(options: GenerateOptions): Promise<Iterable<Payload>> {
  checkOptions('generatePayloads', options, CHECKS)
  try {
    const contract = await loaded(options.contract)
    const program = await programOf(options.program)
    const set = [options.set ?? []].flat().map((rule) => parseSetRule(rule, 'set'))
    const validate = options.validate ?? 'on'
    const { membersFrom: from } = options
    const generation = await planGeneration({
      what: selectionOf(options),
      count: options.count ?? 1,
      batch: options.batch ?? 1,
      members: options.members,
      seed: options.seed ?? 0,
      nowMs: options.now === undefined ? systemClock.nowMs() : (momentOf(options.now) as number),
      locales: options.locale === undefined ? DEFAULT_LOCALES : parseLocales(options.locale),
      program,
      people: from === undefined ? undefined : await parsePeople(from.csv, from.fileName ?? 'membersFrom', program),
      set,
      validate,
    })
    const write = payloadWriter(contract, set, { types: generation.types, validate })
    return {
      *[Symbol.iterator]() {
        try {
          for (const events of generation.payloads()) yield { events, body: write(events) }
        } catch (error) {
          throw inLibraryWords(error)
        }
      },
    }
  } catch (error) {
    throw inLibraryWords(error)
  }
}

/** A contract by its name or folder; a loaded one as it is; `assumed-1` for nothing. */
export async function loaded(contract: string | Contract | undefined): Promise<Contract> {
  return typeof contract === 'object' ? contract : await loadContract(contract ?? 'assumed-1')
}

async function programOf(program: string | Program | undefined): Promise<Program> {
  if (program === undefined) return defaultProgram
  if (typeof program === 'string') return builtInProgram(program)
  const { checkProgram } = await import('../program/program-file.ts')
  return await checkProgram(program, 'program')
}

/** Milliseconds since the epoch, or undefined for what is no time. */
function momentOf(now: unknown): number | undefined {
  const ms = now instanceof Date ? now.getTime() : typeof now === 'string' ? nowMs(now) : now
  return typeof ms === 'number' && Number.isSafeInteger(ms) ? ms : undefined
}

const WORDS = ['random', 'all'] as const

function selectionOf({
  events = [],
  journey,
}: GenerateOptions): readonly EventType[] | 'random' | 'all' | { journey: string } {
  const named = [events].flat()
  if (journey !== undefined) {
    if (named.length > 0) throw new UsageError('use either events or journey, not both.')
    return { journey }
  }
  const types = named.map((text) => WORDS.find((word) => word === text.toLowerCase()) ?? parseEventType(text, WORDS))
  const word = WORDS.find((known) => types.includes(known))
  if (word === undefined) return [...new Set(types as EventType[])]
  if (types.length > 1) throw new UsageError(`"${word}" stands alone: leave the other events out.`)
  return word
}
