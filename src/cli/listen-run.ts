import { loadContract, type Contract } from '../contract/contract.ts'
import { UsageError } from '../errors.ts'
import type { Exchange } from '../receiver/exchange.ts'
import { identityNote } from '../receiver/identity.ts'
import type { Requirements } from '../receiver/judge.ts'
import { startReceiver, type Receiver } from '../receiver/server.ts'
import {
  listenJsonRenderer,
  listenNdjsonRenderer,
  listenTextRenderer,
  type ListenRenderer,
} from '../report/listen-report.ts'
import { DEFAULT_SIGNATURE } from '../signing/signature.ts'
import { toolVersion } from '../version.ts'
import { aborted } from './aborted.ts'
import type { Context } from './context.ts'
import { explanationTexts, frameworkHere } from './explanation.ts'
import { readRequirements, readTls } from './listen-requirements.ts'
import type { OptionValues } from './option.ts'
import type { listenOptions } from './options/commands.ts'
import { openRecording } from './recording.ts'
import { openResult } from './result-output.ts'

/** The options of `listen`. */
export type ListenOptions = OptionValues<typeof listenOptions>

const DEFAULT_PORT = 4010
/** Explaining takes milliseconds of the only thread, so a flood of wrong signatures is explained no further. */
const EXPLAINED_AT_MOST = 50

/** Listens until it is asked to stop or has had enough, and returns the exit code. */
export async function runListen(context: Context, options: ListenOptions): Promise<number> {
  const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
  const requirements = await readRequirements(context, contract, options)
  const tls = readTls(context, options)
  const seed = options.seed ?? context.randomSeed()
  if (options.scrub && options.record === undefined)
    throw new UsageError('--scrub needs --record: it is about what is written down.')
  const recording =
    options.record === undefined
      ? undefined
      : openRecording(context, contract, {
          folder: options.record,
          contractName: options.contract,
          scrub: options.scrub ? { seed } : undefined,
        })
  const result = openResult(context, options.output)
  const counts = { requests: 0, accepted: 0, refused: 0, retries: 0, duplicates: 0 }
  const enough = new AbortController()
  let renderer: ListenRenderer | undefined
  let answered = 0
  let explained = 0
  let problem: { readonly error: unknown } | undefined
  // Explaining is asynchronous; lines still come in the order of arrival.
  let told: Promise<void> | undefined

  function onRequest(exchange: Exchange): void {
    counts.requests += 1
    counts[exchange.verdict.kind] += 1
    if (exchange.repetition !== undefined) counts[exchange.repetition.kind === 'retry' ? 'retries' : 'duplicates'] += 1
    guarded(() => recording?.record(exchange))
    const wrong = wrongSignature(exchange)
    if (wrong === undefined && told === undefined) return tell(exchange, [])
    const telling = Promise.resolve(told).then(async () =>
      tell(exchange, wrong === undefined ? [] : await explanationTexts(wrong)),
    )
    told = telling
    void telling.then(() => (told = told === telling ? undefined : told))
  }

  function tell(exchange: Exchange, explanations: readonly string[]): void {
    guarded(() => result.write(renderer?.request(exchange, explanations) ?? ''))
  }

  /** What cannot be written down ends the run: a recording or a report with holes would look whole. */
  function guarded(write: () => void): void {
    if (problem !== undefined) return
    try {
      write()
    } catch (error) {
      problem = { error }
      enough.abort()
    }
  }

  function wrongSignature({ verdict, headers, body }: Exchange): Parameters<typeof explanationTexts>[0] | undefined {
    const format = requirements.signature ?? DEFAULT_SIGNATURE
    const given = headers[format.header.toLowerCase()]?.[0]
    if (verdict.kind !== 'refused' || verdict.credentials.signature !== 'wrong') return undefined
    if (given === undefined || body === 'too-large' || explained >= EXPLAINED_AT_MOST) return undefined
    explained += 1
    return {
      secrets: requirements.secrets,
      bytes: body,
      given,
      found: 'header',
      format,
      framework: frameworkHere(context),
    }
  }

  const run = context.interruptible(async (signal) => {
    const receiver = await startReceiver({
      requirements,
      clock: context.clock,
      seed,
      host: options.host,
      port: options.port ?? DEFAULT_PORT,
      path: options.path,
      tls,
      script: options.respond,
      respondAlways: options.respondAlways,
      latency: options.latency,
      maxBodyBytes: options.maxBody,
      onRequest,
      onUnreadable: ({ what }) => context.stderr.write(`not a request: ${what}\n`),
      onAnswered: () => {
        answered += 1
        if (answered === options.until) enough.abort()
      },
    })
    renderer = rendererOf(context, options, {
      schemaVersion: 1,
      toolVersion: toolVersion(),
      command: 'listen',
      contract: contract.name,
      url: receiver.url.href,
    })
    if (!options.quiet) context.stderr.write(startText(receiver, contract, { options, requirements }))
    await aborted(AbortSignal.any([signal, enough.signal]))
    await told
    await receiver.close()
    if (problem !== undefined) throw problem.error
    result.write(renderer.end({ ...counts, recorded: recording?.count() ?? 0, memory: receiver.memory() }, exitCode()))
    result.finish()
  })
  // Where the port is taken, nothing is left behind of a result that never came.
  await run.finally(() => result.discard())
  return exitCode()

  function exitCode(): number {
    return options.until !== undefined && counts.refused > 0 ? 1 : 0
  }
}

function rendererOf(
  { stdout }: Context,
  { format = 'text', verbose, quiet }: ListenOptions,
  header: object,
): ListenRenderer {
  if (format === 'json') return listenJsonRenderer(header)
  if (format === 'ndjson') return listenNdjsonRenderer(header)
  if (quiet) return { request: () => '', end: () => '' }
  return listenTextRenderer(stdout.paint, verbose ? 'shown' : 'hidden')
}

function startText(
  { url }: Receiver,
  contract: Contract,
  {
    options,
    requirements: { secrets, headers },
  }: { readonly options: ListenOptions; readonly requirements: Requirements },
): string {
  const asks = [
    secrets.length === 0
      ? 'no signature (no --secret)'
      : `a signature by ${secrets.length === 1 ? 'the secret' : `one of ${secrets.length} secrets`}`,
    ...headers.map(([name]) => name),
  ]
  const note = identityNote(contract)
  const until =
    options.until === undefined
      ? 'Ctrl-C ends'
      : `ends after ${options.until} ${options.until === 1 ? 'request' : 'requests'}`
  return `listening on ${url.href}${options.path === undefined ? ' (any path)' : ''}; asks for ${asks.join(' and ')}; ${until}\n${note === undefined ? '' : `note: ${note}\n`}`
}
