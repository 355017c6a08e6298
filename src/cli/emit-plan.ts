import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { loadContract, type Contract } from '../contract/contract.ts'
import type { SignatureFormat } from '../contract/contract-file.ts'
import { isLoopback } from '../delivery/address.ts'
import { retryPolicy, type RetryPolicy } from '../delivery/retry-policy.ts'
import { knownHosts } from '../emitter/api/hosts.ts'
import type { ConfiguredWebhook } from '../emitter/desk/configured-webhooks.ts'
import { UsageError } from '../errors.ts'
import { builtInPrograms } from '../program/catalog.ts'
import { DEFAULT_LOCALES, parseLocales, type LocaleWeights } from '../program/locale.ts'
import type { Person } from '../program/people.ts'
import type { Program } from '../program/program.ts'
import { parseSignatureHeader } from '../signing/authorization.ts'
import type { Context } from './context.ts'
import type { EmitOptions } from './emit-run.ts'
import { nameOfTo } from './emit-to.ts'
import { webhooksOfFile } from './emit-webhooks.ts'
import { readCertificates } from './opened-target.ts'
import { readPeople, readProgram } from './selection.ts'

/** The defaults of `emit`. */
export const EMIT_DEFAULTS = {
  port: 4600,
  host: '127.0.0.1',
  state: '.qualifio-sim',
  members: 200,
  concurrency: 10,
  batchMax: 100,
  timeoutMs: 10_000,
  keepMs: 7 * 86_400_000,
} as const

/** Everything that the user gave, read and checked before anything is made, started or sent. */
export interface EmitPlan {
  readonly contract: Contract
  readonly signature: SignatureFormat
  readonly policy: RetryPolicy
  readonly ca: string | undefined
  readonly locales: LocaleWeights
  /** The programs of `--program`; undefined without it. */
  readonly given: readonly Program[] | undefined
  /** The port of the console where it is known before it listens. */
  readonly ownPort: number | undefined
  /** The webhooks of the file, checked against the programs that there are. */
  readonly webhooks: (programs: readonly Program[]) => readonly ConfiguredWebhook[]
  /** The people of `--members-from`, who live in the first program. */
  readonly people: (programs: readonly Program[]) => Promise<readonly Person[] | undefined>
}

/**
 * Reads what the options and the configuration file name. What is checked against the programs of a state is checked
 * when it is open; where there is no state yet, nothing is made before all is checked.
 * @throws UsageError
 */
export async function planEmit(context: Context, options: EmitOptions): Promise<EmitPlan> {
  refuseOpenDoor(options)
  refuseLoneBatchMax(options)
  knownHosts({ host: options.host ?? EMIT_DEFAULTS.host, port: 0, publicHosts: options.publicHost })
  const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
  const header =
    options.signatureHeader === undefined ? contract.signature.header : parseSignatureHeader(options.signatureHeader)
  const port = options.port ?? EMIT_DEFAULTS.port
  const ownPort = port === 0 ? undefined : port
  const given = await programsGiven(context, options.program)
  const webhooksIn = once((programs: readonly Program[]) => {
    const rules = { programs: programs.map(({ id }) => id), signatureHeader: header, ownPort }
    return withoutTaken(webhooksOfFile(context, rules), options)
  })
  const peopleIn = once(async (programs: readonly Program[]) => await peopleOf(context, options, programs))
  const plan = {
    contract,
    signature: { ...contract.signature, header },
    policy: retryPolicy({
      retries: options.retries,
      schedule: options.retrySchedule,
      contractDefault: contract.retryPolicy,
    }),
    ca: options.cacert === undefined ? undefined : readCertificates(context, options.cacert),
    locales: options.locale === undefined ? DEFAULT_LOCALES : parseLocales(options.locale),
    given,
    ownPort,
    webhooks: webhooksIn,
    people: peopleIn,
  }
  const isNew = options.memory || !existsSync(resolve(context.cwd, options.state ?? EMIT_DEFAULTS.state, 'emit.db'))
  const programs = given ?? (isNew ? builtInPrograms : undefined)
  if (programs !== undefined) webhooksIn(programs)
  if (programs !== undefined && isNew) await peopleIn(programs)
  return plan
}

/** Whoever reaches the console may read and change everything. */
function refuseOpenDoor({ host, token }: EmitOptions): void {
  if (host === undefined || isLoopback(host) || token !== undefined) return
  throw new UsageError(
    `--host ${host}: others could use the console, so it needs --token TEXT (or QUALIFIO_SIM_TOKEN); leave --host out to listen on this machine only.`,
  )
}

function refuseLoneBatchMax({ batchMax, batchWindow }: EmitOptions): void {
  if (batchMax === undefined || batchWindow !== undefined) return
  throw new UsageError(
    '--batch-max: without --batch-window every event is sent alone; pass --batch-window 1s as well, or leave it out.',
  )
}

function withoutTaken(webhooks: readonly ConfiguredWebhook[], { to }: EmitOptions): readonly ConfiguredWebhook[] {
  const name = to === undefined ? undefined : nameOfTo(to)
  if (!webhooks.some(({ change }) => change.name === name)) return webhooks
  throw new UsageError(
    `--to makes a webhook "${name}", and qualifio-sim.json has one of that name; give that one another name.`,
  )
}

async function programsGiven(context: Context, names: readonly string[]): Promise<readonly Program[] | undefined> {
  if (names.length === 0) return undefined
  const programs = await Promise.all(names.map((idOrFile) => readProgram(context, idOrFile)))
  const ids = programs.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) < index)
  if (twice !== undefined) throw new UsageError(`--program: the program ${twice} is given twice; give it once.`)
  return programs
}

async function peopleOf(
  context: Context,
  { membersFrom }: EmitOptions,
  [first]: readonly Program[],
): Promise<readonly Person[] | undefined> {
  if (membersFrom === undefined || first === undefined) return undefined
  return await readPeople(context, membersFrom, first)
}

/** What is read once is said once, warnings too. */
function once<Given, Result>(read: (given: Given) => Result): (given: Given) => Result {
  let known: { readonly result: Result } | undefined
  return (given) => (known ??= { result: read(given) }).result
}
