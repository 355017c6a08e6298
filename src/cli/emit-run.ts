import { resolve } from 'node:path'
import { loadContract, type Contract } from '../contract/contract.ts'
import { isLoopback } from '../delivery/address.ts'
import { retryPolicy } from '../delivery/retry-policy.ts'
import { createTransport } from '../delivery/transport.ts'
import { startApi, type Api } from '../emitter/api/api.ts'
import { consolePage } from '../emitter/console/page.ts'
import { startEmitter, type RunningEmitter } from '../emitter/start.ts'
import type { Store } from '../emitter/storage.ts'
import { openStore } from '../emitter/store.ts'
import { UsageError } from '../errors.ts'
import { builtInPrograms } from '../program/catalog.ts'
import { DEFAULT_LOCALES, parseLocales } from '../program/locale.ts'
import { parsePeople } from '../program/people.ts'
import { curlCommand } from '../report/curl.ts'
import { emitNdjsonLog, emitTextLog } from '../report/emit-log.ts'
import { toolVersion } from '../version.ts'
import type { Context } from './context.ts'
import { emitStartText } from './emit-start-text.ts'
import { webhookOfCommandLine, type CommandLineWebhook } from './emit-to.ts'
import { webhooksOfFile } from './emit-webhooks.ts'
import { readText } from './files.ts'
import { readCertificates } from './opened-target.ts'
import type { OptionValues } from './option.ts'
import type { emitOptions } from './options/commands.ts'
import { readProgram } from './selection.ts'

/** The options of `emit`. */
export type EmitOptions = OptionValues<typeof emitOptions>

const DEFAULTS = { port: 4600, host: '127.0.0.1', state: '.qualifio-sim', members: 200, concurrency: 10, batchMax: 100 }
const TIMEOUT_MS = 10_000
const KEEP_MS = 7 * 86_400_000
/** For what is in flight when it is asked to stop: the whole stop takes less than five seconds. */
const GRACE_MS = 3000

/** Runs until it is asked to stop, and returns the exit code. */
export async function runEmit(context: Context, options: EmitOptions): Promise<number> {
  refuseOpenDoor(options)
  const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
  const own = await webhookOfCommandLine(context, contract, options)
  try {
    const store = await openStore({
      folder: options.memory ? 'memory' : resolve(context.cwd, options.state ?? DEFAULTS.state),
      clock: context.clock,
      newSeed: () => options.seed ?? context.randomSeed(),
    })
    try {
      return await runOn(context, options, { store, contract, own })
    } finally {
      await store.close()
    }
  } finally {
    await own?.close()
  }
}

interface Ground {
  readonly store: Store
  readonly contract: Contract
  readonly own: CommandLineWebhook | undefined
}

async function runOn(context: Context, options: EmitOptions, ground: Ground): Promise<number> {
  let failure: { readonly error: unknown } | undefined
  const failed = new AbortController()
  await context.interruptible(async (signal) => {
    const emitter = await open(context, options, ground, (error) => {
      failure ??= { error }
      failed.abort()
    })
    const api = await listen(context, options, emitter)
    try {
      emitter.begin()
      context.stderr.write(emitStartText(emitter, { api, options, state: options.state ?? DEFAULTS.state }))
      await aborted(AbortSignal.any([signal, failed.signal]))
    } finally {
      await Promise.all([api.close(), emitter.stop(GRACE_MS)])
    }
  })
  if (failure !== undefined) throw failure.error
  return 0
}

async function open(
  context: Context,
  options: EmitOptions,
  { store, contract, own }: Ground,
  onFailure: (error: unknown) => void,
): Promise<RunningEmitter> {
  const given = await Promise.all(options.program.map((idOrFile) => readProgram(context, idOrFile)))
  const programs = given.length > 0 ? given : store.programs().length > 0 ? store.programs() : builtInPrograms
  const [firstProgram] = programs
  if (firstProgram === undefined) throw new UsageError('there is no program; name one with --program.')
  const signature = { ...contract.signature, header: options.signatureHeader ?? contract.signature.header }
  const rules = { programs: programs.map(({ id }) => id), signatureHeader: signature.header }
  const policy = retryPolicy({
    retries: options.retries,
    schedule: options.retrySchedule,
    contractDefault: contract.retryPolicy,
  })
  const ca = options.cacert === undefined ? undefined : readCertificates(context, options.cacert)
  if (options.insecure) context.stderr.write('warning: --insecure: TLS certificates are not verified\n')
  const isFirst = store.members().length === 0
  if (!isFirst) noteKept(context, options, store)
  const people =
    options.membersFrom === undefined || !isFirst
      ? undefined
      : await parsePeople(readText(context, options.membersFrom, '--members-from'), options.membersFrom, firstProgram)
  const concurrency = options.concurrency ?? DEFAULTS.concurrency
  const log = options.format === 'ndjson' ? emitNdjsonLog() : emitTextLog(context.stdout.paint)
  const isLogged = options.format === 'ndjson' || !options.quiet
  return await startEmitter({
    store,
    clock: context.clock,
    rules: {
      contract,
      signature,
      policy,
      concurrency,
      order: options.ordered ? 'by-member' : 'none',
      batchWindowMs: options.batchWindow ?? 0,
      batchMax: options.batchMax ?? DEFAULTS.batchMax,
      blockEndpointAfter: options.blockEndpointAfter ?? null,
      userAgent: `qualifio-sim/${toolVersion()}`,
      curl: (request, url) => curlCommand(request, { url: url.href, flags: options.insecure ? ['-k'] : [] }),
    },
    programs: { given: given.length > 0 ? given : undefined, usual: builtInPrograms },
    members: { count: options.members ?? DEFAULTS.members, people },
    locales: options.locale === undefined ? DEFAULT_LOCALES : parseLocales(options.locale),
    settings: {
      ...(options.pace !== undefined && { pacePerSecond: options.pace }),
      ...(options.speed !== undefined && { speed: options.speed }),
    },
    webhooks: [...webhooksOfFile(context, rules), ...(own === undefined ? [] : [own.webhook])],
    keepMs: options.keep ?? KEEP_MS,
    transportFor: (url) =>
      createTransport({
        url,
        connections: concurrency,
        timeoutMs: options.timeout ?? TIMEOUT_MS,
        clock: context.clock,
        certificates: options.insecure ? 'accept-any' : 'verify',
        ca,
      }),
    onAttempt: !isLogged
      ? undefined
      : (attempt) => {
          const delivery = store.delivery(attempt.deliveryId)
          const { types = [], eventCount = 0 } = delivery ?? {}
          context.stdout.write(log({ attempt, types, eventCount, retries: policy.delaysMs.length }))
        },
    onFailure,
  })
}

async function listen(context: Context, options: EmitOptions, emitter: RunningEmitter): Promise<Api> {
  return await startApi({
    emitter,
    clock: context.clock,
    host: options.host ?? DEFAULTS.host,
    port: options.port ?? DEFAULTS.port,
    publicHosts: options.publicHost,
    token: options.token,
    page: consolePage(),
    random: () => context.randomId(),
    onBug: (error) =>
      context.stderr.write(
        `qualifio-sim: a bug in qualifio-sim; please report it: ${String((error as Error).stack)}\n`,
      ),
  })
}

/** Whoever reaches the console may read and change everything. */
function refuseOpenDoor({ host, token }: EmitOptions): void {
  if (host === undefined || isLoopback(host) || token !== undefined) return
  throw new UsageError(
    `--host ${host}: others could use the console, so it needs --token TEXT (or QUALIFIO_SIM_TOKEN); leave --host out to listen on this machine only.`,
  )
}

function noteKept(context: Context, { members, membersFrom, seed }: EmitOptions, store: Store): void {
  const unused = [
    ...(members === undefined ? [] : ['--members']),
    ...(membersFrom === undefined ? [] : ['--members-from']),
    ...(seed === undefined || seed === store.seed ? [] : ['--seed']),
  ]
  if (unused.length === 0) return
  context.stderr.write(
    `note: ${unused.join(', ')} ${unused.length === 1 ? 'counts' : 'count'} at the first start only; the members of this state stay\n`,
  )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
