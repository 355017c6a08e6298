import { createTransport } from '../delivery/transport.ts'
import { startApi, type Api } from '../emitter/api/api.ts'
import { refuseTakenPort } from '../emitter/api/free-port.ts'
import type { ConfiguredWebhook } from '../emitter/desk/configured-webhooks.ts'
import { consolePage } from '../emitter/console/page.ts'
import { startEmitter, type RunningEmitter } from '../emitter/start.ts'
import type { Store } from '../emitter/storage.ts'
import { openStore } from '../emitter/store/store.ts'
import { builtInPrograms } from '../program/catalog.ts'
import { curlCommand } from '../report/curl.ts'
import { toolVersion } from '../version.ts'
import { aborted } from './aborted.ts'
import type { Context } from './context.ts'
import { EMIT_DEFAULTS, planEmit, type EmitPlan } from './emit-plan.ts'
import { keptText, namesText, note, pausedText, releasedText, stoppedText, takenOverText } from './emit-notes.ts'
import { emitStartText } from './emit-start-text.ts'
import { emitTelling } from './emit-telling.ts'
import { webhookOfCommandLine } from './emit-to.ts'
import type { OptionValues } from './option.ts'
import type { emitOptions } from './options/commands.ts'

/** The options of `emit`. */
export type EmitOptions = OptionValues<typeof emitOptions>

/** For what is in flight when it is asked to stop: the whole stop takes less than five seconds. */
const GRACE_MS = 3000

/** Runs until it is asked to stop, and returns the exit code. */
export async function runEmit(context: Context, options: EmitOptions): Promise<number> {
  const plan = await planEmit(context, options)
  const own = await webhookOfCommandLine(context, plan, options)
  try {
    // A start that fails leaves no state behind.
    await refuseTakenPort(options.host ?? EMIT_DEFAULTS.host, options.port ?? EMIT_DEFAULTS.port)
    const store = await openStore({
      folder: options.memory ? 'memory' : (options.state ?? EMIT_DEFAULTS.state),
      cwd: context.cwd,
      clock: context.clock,
      newSeed: () => options.seed ?? context.randomSeed(),
    })
    try {
      return await runOn(context, options, { store, plan, own: own?.webhook })
    } finally {
      await store.close()
    }
  } finally {
    await own?.close()
  }
}

interface Ground {
  readonly store: Store
  readonly plan: EmitPlan
  readonly own: ConfiguredWebhook | undefined
}

async function runOn(context: Context, options: EmitOptions, ground: Ground): Promise<number> {
  let failure: { readonly error: unknown } | undefined
  const failed = new AbortController()
  await context.interruptible(async (signal) => {
    const emitter = await open(context, options, {
      ...ground,
      onFailure: (error) => {
        failure ??= { error }
        failed.abort()
      },
    })
    const api = await listen(context, options, emitter)
    const names = namesText(options, api)
    if (names !== undefined) note(context, options, names)
    try {
      emitter.begin()
      const state = options.state ?? EMIT_DEFAULTS.state
      if (!options.quiet) context.stderr.write(emitStartText(emitter, { api, options, state }))
      await aborted(AbortSignal.any([signal, failed.signal]))
    } finally {
      await Promise.all([api.close(), emitter.stop(GRACE_MS)])
    }
  })
  if (failure !== undefined) throw failure.error
  if (!options.quiet) context.stderr.write(stoppedText(ground.store.unfinished().length, options))
  return 0
}

async function open(
  context: Context,
  options: EmitOptions,
  { store, plan, own, onFailure }: Ground & { readonly onFailure: (error: unknown) => void },
): Promise<RunningEmitter> {
  const { contract, signature, policy, given, ca, ownPort } = plan
  const known = store.programs()
  const programs = given ?? (known.length > 0 ? known : builtInPrograms)
  const isFirst = store.members().length === 0
  const webhooks = [...plan.webhooks(programs), ...(own === undefined ? [] : [own])]
  const maybeNote = (text: string | undefined): void => {
    if (text !== undefined) note(context, options, text)
  }
  if (!isFirst) maybeNote(keptText(options, store))
  maybeNote(pausedText(options, store))
  if (options.insecure) context.stderr.write('warning: --insecure: TLS certificates are not verified\n')
  const concurrency = options.concurrency ?? EMIT_DEFAULTS.concurrency
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
      batchMax: options.batchMax ?? EMIT_DEFAULTS.batchMax,
      blockEndpointAfter: options.blockEndpointAfter ?? null,
      userAgent: `qualifio-sim/${toolVersion()}`,
      ownPort,
      curl: (request, url) => curlCommand(request, { url: url.href, flags: options.insecure ? ['-k'] : [] }),
    },
    programs: { given, usual: builtInPrograms },
    members: {
      count: options.members ?? EMIT_DEFAULTS.members,
      people: isFirst ? await plan.people(programs) : undefined,
    },
    locales: plan.locales,
    settings: {
      ...(options.pace !== undefined && { pacePerSecond: options.pace }),
      ...(options.speed !== undefined && { speed: options.speed }),
    },
    webhooks,
    onReleased: (webhook) => note(context, options, releasedText(webhook)),
    onTakenOver: (taken) => maybeNote(takenOverText(taken)),
    keepMs: options.keep ?? EMIT_DEFAULTS.keepMs,
    transportFor: (url) =>
      createTransport({
        url,
        connections: concurrency,
        timeoutMs: options.timeout ?? EMIT_DEFAULTS.timeoutMs,
        clock: context.clock,
        certificates: options.insecure ? 'accept-any' : 'verify',
        ca,
      }),
    ...emitTelling(context, options, {
      store,
      retries: policy.delaysMs.length,
      names: [...store.webhooks().map(({ name }) => name), ...webhooks.map(({ change }) => change.name)],
    }),
    onFailure,
  })
}

async function listen(context: Context, options: EmitOptions, emitter: RunningEmitter): Promise<Api> {
  return await startApi({
    emitter,
    clock: context.clock,
    host: options.host ?? EMIT_DEFAULTS.host,
    port: options.port ?? EMIT_DEFAULTS.port,
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
