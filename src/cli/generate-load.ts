import { basename, join } from 'node:path'
import { buildRequest, type Endpoint, type SignedRequest } from '../delivery/request.ts'
import { UsageError } from '../errors.ts'
import { k6DataLine, k6Script } from '../report/k6.ts'
import { vegetaCommand, vegetaTarget } from '../report/vegeta.ts'
import type { Context } from './context.ts'
import { writtenEndpoint } from './endpoint.ts'
import { privateFile, type AtomicFile } from './atomic-file.ts'
import { checkWritable, isFolderName, makeFolder } from './files.ts'
import type { OptionValues } from './option.ts'
import { generateOptions } from './options/commands.ts'
import { inputFiles, refuseOverwrite } from './overwrite.ts'
import type { PlannedSelection } from './selection.ts'

/** How many requests are written before the event loop gets a turn. */
const TURN_REQUESTS = 500

interface LoadFiles {
  readonly options: OptionValues<typeof generateOptions>
  readonly endpoint: Endpoint
  readonly signal: AbortSignal
}

/**
 * `--format vegeta` and `--format k6`: signed requests for the load engines that people run on clusters. Their files
 * hold credentials, so only their owner may read them; that is said.
 * @returns what writes them, once the run has been told
 * @throws UsageError when the target or the output is not what it must be
 */
export function openLoadEngine(context: Context, plan: PlannedSelection, given: LoadFiles): () => Promise<void> {
  const { options, endpoint } = given
  if (options.format === 'k6') {
    const files = k6Files(context, options)
    return () => writeK6(context, requestsOf(plan, endpoint), { ...given, files })
  }
  const path = vegetaFile(context, options.output)
  return () => writeVegeta(context, requestsOf(plan, endpoint), { ...given, path })
}

/** Where the load engine sends, with what credentials. @throws UsageError without a target */
export function loadEndpoint(context: Context, plan: PlannedSelection, options: LoadFiles['options']): Endpoint {
  const { to, format } = options
  if (to === undefined || to === 'embedded')
    throw new UsageError(
      `--format ${format ?? ''} needs --to URL: another program sends the requests, and it has to know where.`,
    )
  return writtenEndpoint(context, to, { options, contract: plan.contract })
}

function* requestsOf(plan: PlannedSelection, endpoint: Endpoint): Generator<SignedRequest> {
  for (const events of plan.generation.payloads()) yield buildRequest(endpoint, plan.write(events))
}

interface K6Files {
  readonly script: string
  readonly data: string
}

async function writeVegeta(
  context: Context,
  requests: Iterable<SignedRequest>,
  { signal, endpoint, path }: LoadFiles & { readonly path: string | undefined },
): Promise<void> {
  if (path === undefined) {
    await each(context, requests, {
      signal,
      write: (request) => context.stdout.write(vegetaTarget(endpoint.url, request)),
      ended: () => context.stdout.closed,
    })
    return
  }
  const file = privateFile(context, path)
  const count = await orNothing([file], () =>
    each(context, requests, { signal, write: (request) => file.append(vegetaTarget(endpoint.url, request)) }),
  )
  if (signal.aborted) return file.discard()
  file.commit()
  const warning = hasCredentials(endpoint) ? `${path} holds credentials: only you may read it (0600)\n` : ''
  context.stderr.write(`${warning}${vegetaCommand(path, count)}\n`)
}

/** @returns undefined for standard output */
function vegetaFile(context: Context, path: string | undefined): string | undefined {
  if (path === undefined || path === '-') {
    if (!context.stdout.isTerminal) return undefined
    throw new UsageError(
      '--format vegeta writes credentials, which do not belong on a screen; use --output targets.ndjson, or pipe it into vegeta attack -format=json -lazy.',
    )
  }
  if (isFolderName(path))
    throw new UsageError('--format vegeta is one file; name a file in --output, without the slash at its end.')
  checkWritable(context, path)
  return path
}

async function writeK6(
  context: Context,
  requests: Iterable<SignedRequest>,
  { signal, endpoint, files: { script, data } }: LoadFiles & { readonly files: K6Files },
): Promise<void> {
  const dataFile = privateFile(context, data)
  let first: SignedRequest | undefined
  await orNothing([dataFile], () =>
    each(context, requests, {
      signal,
      write(request) {
        first ??= request
        dataFile.append(k6DataLine(request))
      },
    }),
  )
  if (signal.aborted || first === undefined) return dataFile.discard()
  const request = first
  await orNothing([dataFile], () => {
    const scriptFile = privateFile(context, script)
    scriptFile.append(k6Script({ url: endpoint.url, dataFile: basename(data), request }))
    dataFile.commit()
    scriptFile.commit()
  })
  const warning = hasCredentials(endpoint)
    ? `${script} and ${data} hold credentials: only you may read them (0600)\n`
    : ''
  context.stderr.write(`${warning}k6 run -e RATE=50 ${script}\n`)
}

/** Userinfo is refused in an address, but its query may hold a token. */
function hasCredentials({ secret, headers = [], url }: Endpoint): boolean {
  return secret !== undefined || headers.length > 0 || url.search !== ''
}

/** `folder/` or `FILE.js`, and the data file beside it. */
function k6Files(context: Context, options: LoadFiles['options']): K6Files {
  const { output } = options
  const inputs = inputFiles(context, generateOptions, options)
  const told = 'give --output folder/ or --output FILE.js; the data file is written beside the script'
  if (output === undefined || output === '-') throw new UsageError(`--format k6 writes two files; ${told}.`)
  if (isFolderName(output)) {
    const files = { script: join(output, 'stress.js'), data: join(output, 'stress.ndjson') }
    for (const path of Object.values(files)) refuseOverwrite(context, { option: '--output', path }, inputs)
    makeFolder(context, output)
    return files
  }
  if (!output.endsWith('.js')) throw new UsageError(`--output ${output}: k6 runs files that end in .js; ${told}.`)
  const data = `${output.slice(0, -'.js'.length)}.ndjson`
  refuseOverwrite(context, { option: '--output', path: data }, inputs)
  for (const path of [output, data]) checkWritable(context, path)
  return { script: output, data }
}

/** Hands out every request, with turns in which signals come in. Returns how many there were. */
async function each(
  { clock }: Context,
  requests: Iterable<SignedRequest>,
  { signal, write, ended }: { signal: AbortSignal; write: (request: SignedRequest) => void; ended?: () => boolean },
): Promise<number> {
  let count = 0
  for (const request of requests) {
    write(request)
    count += 1
    if (count % TURN_REQUESTS !== 0) continue
    await new Promise<void>((resolve) => clock.after(0, resolve))
    if (signal.aborted || ended?.() === true) break
  }
  return count
}

/** What fails leaves no file behind. */
async function orNothing<T>(files: readonly AtomicFile[], work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    for (const file of files) file.discard()
    throw error
  }
}
