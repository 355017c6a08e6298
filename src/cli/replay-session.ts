import { loadContract, type Contract } from '../contract/contract.ts'
import type { Endpoint } from '../delivery/request.ts'
import { UsageError } from '../errors.ts'
import { atFixture } from '../fixture/at-fixture.ts'
import { fixtureBody } from '../fixture/body.ts'
import { parseExpectation } from '../fixture/expectation.ts'
import { findFixtures, type FixtureInput } from '../fixture/find.ts'
import type { Expectation, Fixture } from '../fixture/fixture.ts'
import { freshBody } from '../fixture/fresh.ts'
import { readFixtures } from '../fixture/read.ts'
import { randomStream, uuidV4 } from '../program/random.ts'
import { prepareRequest, type PreparedRequest } from '../replay/request.ts'
import type { Context } from './context.ts'
import { selectFixtures, type FixtureSelection } from './fixture-selection.ts'
import type { OptionValues } from './option.ts'
import type { replayOptions } from './options/commands.ts'

/** The options of `replay`. */
export type ReplayOptions = OptionValues<typeof replayOptions>

/** Fixtures found, and how they become requests. */
export interface FixtureSet {
  readonly inputs: readonly FixtureInput[]
  readonly selection: FixtureSelection
  /** What ids and orders are drawn from, and the time that `--fresh` takes for now. */
  readonly seed: number
  readonly nowMs: number
  /** The selected fixtures of an input, in its order; in every round of `--repeat` they are other objects. */
  read(input: FixtureInput, round?: number): AsyncIterable<Fixture>
  prepare(fixture: Fixture, endpoint: Endpoint): Promise<PreparedRequest>
  expectationOf(fixture: Fixture): Expectation | undefined
}

/** Where the fixtures are, and how many: pipes are not counted, for they can be read once. */
export interface FixtureCount {
  readonly fixtures: number
  readonly files: number
  readonly pipes: number
}

/**
 * Finds the fixtures that a replay is about.
 * @throws UsageError for a word that matches nothing, an expectation that is none, …
 */
export async function openFixtures(
  context: Context,
  words: readonly string[],
  options: ReplayOptions,
): Promise<FixtureSet> {
  if (words.length === 0)
    throw new UsageError('which fixtures? Name files, folders or patterns, such as fixtures/, or - for standard input.')
  const inputs = await findFixtures(words, { cwd: context.cwd })
  const contracts = new Map<string, Promise<Contract>>()
  const contractOf = ({ contract = options.contract ?? 'assumed-1' }: Fixture): Promise<Contract> => {
    const loading = contracts.get(contract) ?? loadContract(contract, { cwd: context.cwd })
    contracts.set(contract, loading)
    return loading
  }
  const expect = options.expect === undefined ? undefined : await parseExpectation(options.expect)
  const selection = selectFixtures(options.only, options.skip)
  const seed = options.seed ?? context.randomSeed()
  const nowMs = options.now ?? context.clock.nowMs()
  const rounds = new WeakMap<Fixture, number>()
  const once = inputs.find(({ kind }) => kind !== 'file')
  if (once !== undefined && (options.repeat ?? 1) > 1)
    throw new UsageError(
      `--repeat needs files, and ${once.kind === 'stdin' ? 'standard input' : once.path} can be read once; save it to a file.`,
    )

  /** New ids follow from the old ones alone: order, selection and concurrency change no bytes. */
  const newIds =
    (round = 1) =>
    (oldId: string): string =>
      uuidV4(randomStream(seed, `fresh:${round}:${oldId}`))

  return {
    inputs,
    selection,
    seed,
    nowMs,
    async *read(input, round = 1) {
      if (input.kind === 'stdin' && context.stdinIsTerminal)
        context.stderr.write('reading fixtures from standard input; end with Ctrl-D\n')
      const how = {
        cwd: context.cwd,
        input: options.input,
        ...(input.kind === 'stdin' && { stdin: context.stdin() }),
      }
      for await (const fixture of readFixtures(input, how)) {
        if (!selection.isSelected(fixture)) continue
        rounds.set(fixture, round)
        yield fixture
      }
    },
    async prepare(fixture, endpoint) {
      const contract = await contractOf(fixture).catch((reason: unknown) => {
        // A contract that the fixture names is a mistake in its file; that of --contract is not.
        throw fixture.contract === undefined ? reason : atFixture(fixture, reason, 'contract')
      })
      const written = await fixtureBody(fixture, contract)
      const body = options.fresh
        ? await freshBody(written, contract, { newId: newIds(rounds.get(fixture)), nowMs, name: placeText(fixture) })
        : written
      const expectsRefusal = isRefusal(fixture.expect ?? expect) ? 'yes' : 'no'
      return prepareRequest(fixture, body, { endpoint, expectsRefusal })
    },
    expectationOf: (fixture) => fixture.expect ?? expect,
  }
}

/**
 * Reads and prepares everything that can be read twice, so that what is wrong is found before anything is sent.
 * Warnings go to stderr.
 * @throws UsageError for the first fixture that cannot be sent, when none is selected, and when all are skipped
 */
export async function checkFixtures(context: Context, set: FixtureSet, endpoint: Endpoint): Promise<FixtureCount> {
  let fixtures = 0
  let skipped: { readonly reason: string; readonly fixture: Fixture } | undefined
  let sendable = 0
  const files = set.inputs.filter(({ kind }) => kind === 'file')
  for (const input of files) {
    for await (const fixture of set.read(input)) {
      fixtures += 1
      for (const warning of fixture.warnings ?? []) context.stderr.write(`warning: ${warning}\n`)
      const prepared = await set.prepare(fixture, endpoint)
      if (prepared.kind === 'request') sendable += 1
      else skipped ??= { fixture, reason: prepared.reason }
    }
  }
  const pipes = set.inputs.length - files.length
  if (pipes === 0) refuseUnmatched(context, set.selection)
  if (pipes === 0 && fixtures === 0) throw new UsageError('no fixture is selected: look at --only and --skip.')
  if (pipes === 0 && sendable === 0)
    throw new UsageError(
      `every fixture is skipped, so nothing would be tested; ${skipped?.fixture.name} ${skipped?.reason}.`,
    )
  return { fixtures, files: files.length, pipes }
}

/** A name that stands for nothing is a mistake: what it was meant for would silently not be tested, or be. */
function refuseUnmatched(context: Context, selection: FixtureSelection): void {
  const [first] = selection.unmatched('--only')
  if (first !== undefined) throw new UsageError(first)
  for (const text of selection.unmatched('--skip')) context.stderr.write(`warning: ${text}\n`)
}

/** Whether an expectation is about being refused: then the credential it leaves out must be one that is asked for. */
function isRefusal(expect: Expectation | undefined): boolean {
  if (expect?.outcome === 'blocked') return true
  return expect?.status?.every((status) => (typeof status === 'number' ? status >= 400 : /^[45]/.test(status))) ?? false
}

function placeText({ place: { file, line } }: Fixture): string {
  return line === undefined ? file : `${file}:${line}`
}
