import { loadContract, type Contract } from '../contract/contract.ts'
import { parseEventType, type EventType } from '../contract/event-types.ts'
import { UsageError } from '../errors.ts'
import { builtInProgram, defaultProgram, findProgram } from '../program/catalog.ts'
import { planGeneration, type Generation } from '../program/generate.ts'
import { DEFAULT_LOCALES, parseLocales } from '../program/locale.ts'
import { parsePeople, type Person } from '../program/people.ts'
import { payloadWriter, type PayloadWriter } from '../program/set-wire.ts'
import type { Program } from '../program/program.ts'
import { parseProgram } from '../program/program-file.ts'
import type { Context } from './context.ts'
import { kindOf, readText } from './files.ts'
import type { OptionValues } from './option.ts'
import type { selectionOptions } from './options/selection.ts'

/** Words that stand for a selection rather than for one event. */
const SELECTION_WORDS = ['random', 'all'] as const

/** What a command was asked to generate, ready to be generated. */
export interface PlannedSelection {
  readonly contract: Contract
  readonly generation: Generation
  /** Writes a payload's body. */
  readonly write: PayloadWriter
  readonly seed: number
  readonly nowMs: number
  /** `3 earning, burning`: for the line before the run. */
  readonly label: string
  /** `--seed 42 --now 2026-01-31T12:00:00.000Z`: what makes the same bytes again. */
  readonly repeat: string
}

/**
 * Reads everything that decides the bytes: events, contract, program, people, seed and now.
 * @throws UsageError for anything that cannot be generated; nothing was sent
 */
export async function planSelection(
  context: Context,
  positionals: readonly string[],
  options: OptionValues<typeof selectionOptions> & { readonly output: string | undefined },
): Promise<PlannedSelection> {
  const what = readWhat(positionals, options.journey)
  const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
  const program = await readProgram(context, options.program)
  const seed = options.seed ?? context.randomSeed()
  const nowMs = options.now ?? context.clock.nowMs()
  const generation = await planGeneration({
    what,
    count: options.count ?? 1,
    batch: options.batch ?? 1,
    members: options.members,
    seed,
    nowMs,
    locales: options.locale === undefined ? DEFAULT_LOCALES : parseLocales(options.locale),
    program,
    people: options.membersFrom === undefined ? undefined : await readPeople(context, options.membersFrom, program),
    set: options.set,
    validate: options.noValidate ? 'off' : 'on',
  })
  const validate = options.noValidate ? 'off' : 'on'
  const write = payloadWriter(contract, options.set, { types: generation.types, validate })
  // What --set brings may not fit what the contract writes: that is found before anything is sent.
  if (options.set.length > 0) for (const events of generation.payloads()) write(events)
  return {
    contract,
    generation,
    write,
    seed,
    nowMs,
    label: label(what, generation.eventCount),
    repeat: `--seed ${seed} --now ${new Date(nowMs).toISOString()}`,
  }
}

function readWhat(
  positionals: readonly string[],
  journey: string | undefined,
): readonly EventType[] | 'random' | 'all' | { readonly journey: string } {
  if (journey !== undefined) {
    if (positionals.length > 0) throw new UsageError('use either events or --journey, not both.')
    return { journey }
  }
  if (positionals.length === 0)
    throw new UsageError('which event? For instance: earning, burning, random, all, or --journey onboarding.')
  const words = positionals.map(
    (text) => SELECTION_WORDS.find((word) => word === text.toLowerCase()) ?? parseEventType(text, SELECTION_WORDS),
  )
  const word = SELECTION_WORDS.find((known) => words.includes(known))
  if (word === undefined) return eachOnce(words as readonly EventType[])
  if (words.length > 1) throw new UsageError(`"${word}" stands alone: leave the other events out.`)
  return word
}

function eachOnce(types: readonly EventType[]): readonly EventType[] {
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  if (twice !== undefined) throw new UsageError(`${twice} is named twice; for two of them: ${twice} --count 2.`)
  return types
}

function label(what: ReturnType<typeof readWhat>, eventCount: number): string {
  const events = eventCount === 1 ? '1 event' : `${eventCount} events`
  if (Array.isArray(what)) return `${events} (${what.join(', ')})`
  return `${events} (${typeof what === 'string' ? what : `journey ${(what as { journey: string }).journey}`})`
}

/** A million members (`--members`) in a line each. */
const LARGEST_PEOPLE_BYTES = 256 * 1024 * 1024

/** The people of `--members-from`. @throws UsageError */
export async function readPeople(context: Context, path: string, program: Program): Promise<readonly Person[]> {
  const text = readText(context, path, { option: '--members-from', mostBytes: LARGEST_PEOPLE_BYTES })
  return await parsePeople(text, path, program)
}

/** A built-in program by its id, or the user's file: whichever the text is. */
export async function readProgram(context: Context, idOrFile: string | undefined): Promise<Program> {
  if (idOrFile === undefined) return defaultProgram
  const isFile = /[./\\]/.test(idOrFile) || kindOf(context, idOrFile) === 'file'
  if (findProgram(idOrFile) !== undefined || !isFile) return builtInProgram(idOrFile)
  return await parseProgram(readText(context, idOrFile, { option: '--program' }), idOrFile)
}
