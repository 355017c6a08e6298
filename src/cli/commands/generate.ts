import { displayUrl } from '../../delivery/display-url.ts'
import { parseTarget } from '../../delivery/target.ts'
import type { Endpoint } from '../../delivery/request.ts'
import type { LoyaltyEvent } from '../../contract/event.ts'
import { UsageError } from '../../errors.ts'
import { httpFileHead, httpFileRequest } from '../../report/http-file.ts'
import { defineCommand } from '../command.ts'
import { SIGNAL_EXIT_CODES, type Context } from '../context.ts'
import { deliveriesOf } from '../deliveries.ts'
import { writtenEndpoint } from '../endpoint.ts'
import { isFolderName, kindOf } from '../files.ts'
import { loadEndpoint, openLoadEngine } from '../generate-load.ts'
import type { OptionValues } from '../option.ts'
import { generateOptions } from '../options/commands.ts'
import { inputFiles } from '../overwrite.ts'
import { turn, writeFolder } from '../payload-folder.ts'
import { openResult } from '../result-output.ts'
import { planSelection, type PlannedSelection } from '../selection.ts'

/** How much is written before the event loop gets a turn. */
const TURN_CHARACTERS = 1024 * 1024

/** `generate [event…]`: the payloads of `send`, to standard output or files. */
export const generate = defineCommand({
  name: 'generate',
  summary: 'the same payloads to standard output or files, no network',
  description:
    'Generates the payloads that send would send, without a network. Same selection, seed and now: same bytes.',
  arguments: [{ syntax: '[event...]', description: 'as in send: earning, burning, …; or random, or all' }],
  options: generateOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
  ],
  examples: [
    { line: 'qualifio-sim generate earning', does: 'one payload, exactly as its body' },
    { line: 'qualifio-sim generate all --format pretty', does: 'the eight events of one member, to read' },
    {
      line: 'qualifio-sim generate random --count 1000 --format ndjson > payloads.ndjson',
      does: 'a thousand payloads, one a line',
    },
    { line: 'qualifio-sim generate all --output payloads/', does: 'one file per payload' },
    {
      line: 'qualifio-sim generate all --format http --to http://localhost:3000/webhooks --secret my-secret -o requests.http',
      does: 'signed requests that PhpStorm and VS Code send',
    },
    {
      line: 'qualifio-sim generate random -c 1000 --format k6 --to http://localhost:3000/webhooks --secret my-secret -o k6/',
      does: 'signed requests for k6 (or vegeta), where one machine is not enough',
    },
  ],
  async run(context, positionals, options) {
    const plan = await planSelection(context, positionals, options)
    const { output } = options
    const isFolder = output !== undefined && isFolderName(output)
    refuseFolderAsFile(context, options)
    const isLoad = options.format === 'vegeta' || options.format === 'k6'
    // What is read may be waited for, and until here a signal simply ends the process.
    const endpoint = isLoad
      ? loadEndpoint(context, plan, options)
      : options.format === 'http'
        ? httpEndpoint(context, plan, options)
        : undefined
    const { interruptedBy } = await context.interruptible(async (signal) => {
      // What cannot be written is told before the run is.
      const writeLoad =
        isLoad && endpoint !== undefined ? openLoadEngine(context, plan, { options, endpoint, signal }) : undefined
      context.stderr.write(`${plan.label}; ${plan.repeat}\n`)
      if (writeLoad !== undefined) await writeLoad()
      else if (isFolder)
        await writeFolder(context, plan, {
          folder: folderOf(output, options.format),
          inputs: inputFiles(context, generateOptions, options),
          textOf: (events) => payloadText(plan, events, options.format),
          signal,
        })
      else await writeStream(context, texts(context, plan, { options, endpoint }), { path: output, signal })
    })
    return interruptedBy === undefined ? 0 : SIGNAL_EXIT_CODES[interruptedBy]
  },
})

type GenerateOptions = OptionValues<typeof generateOptions>

/** One payload's text in the form asked for. NDJSON needs a line, so a contract that breaks lines is written as JavaScript would. */
function payloadText(
  { contract, write }: PlannedSelection,
  events: readonly LoyaltyEvent[],
  format: GenerateOptions['format'],
): string {
  if (format === 'pretty') return `${write(events, 'pretty')}\n`
  if (format === 'ndjson') return `${write(events, contract.json === 'pretty' ? 'js' : contract.json)}\n`
  return write(events)
}

function* texts(
  context: Context,
  plan: PlannedSelection,
  { options, endpoint }: { readonly options: GenerateOptions; readonly endpoint: Endpoint | undefined },
): Generator<string> {
  if (endpoint !== undefined) {
    yield* httpTexts(plan, endpoint)
    return
  }
  if ((options.format ?? 'json') === 'json') {
    const { payloadCount } = plan.generation
    if (payloadCount > 1)
      throw new UsageError(
        `--format json holds one payload and there are ${payloadCount}; use --batch max, --format ndjson, or --output folder/.`,
      )
  }
  for (const events of plan.generation.payloads()) yield payloadText(plan, events, options.format)
  // Only for the eye: the body itself has no newline at its end.
  if ((options.format ?? 'json') === 'json' && options.output === undefined && context.stdout.isTerminal) yield '\n'
}

function httpEndpoint(context: Context, plan: PlannedSelection, options: GenerateOptions): Endpoint {
  const asked = options.to === undefined || options.to === 'embedded' ? 'http://localhost:3000/webhooks' : options.to
  const target = typeof asked === 'string' ? parseTarget(asked) : asked
  return writtenEndpoint(context, target, { options, contract: plan.contract })
}

function* httpTexts(plan: PlannedSelection, endpoint: Endpoint): Generator<string> {
  for (const delivery of deliveriesOf(plan, endpoint)) {
    if (delivery.number === 1) yield httpFileHead(delivery, displayUrl(endpoint.url))
    yield httpFileRequest(delivery)
  }
}

/** What was interrupted leaves no half file. */
async function writeStream(
  context: Context,
  pieces: Iterable<string>,
  { path, signal }: { readonly path: string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const result = openResult(context, path)
  let sinceTurn = 0
  try {
    for (const piece of pieces) {
      result.write(piece)
      sinceTurn += piece.length
      if (sinceTurn < TURN_CHARACTERS) continue
      sinceTurn = 0
      await turn(context)
      if (signal.aborted) return result.discard()
      if (path === undefined && context.stdout.closed) return
    }
    result.finish()
  } catch (error) {
    result.discard()
    throw error
  }
}

/** @throws UsageError for a form that is one file */
function folderOf(output: string, format: GenerateOptions['format']): string {
  if (format !== 'http' && format !== 'ndjson') return output
  throw new UsageError(`--format ${format} is one file; name a file in --output, without the slash at its end.`)
}

/** @throws UsageError for a folder without its slash, where the slash is all that is missing */
function refuseFolderAsFile(context: Context, { output, format = 'json' }: GenerateOptions): void {
  if (output === undefined || isFolderName(output) || kindOf(context, output) !== 'folder') return
  if (format === 'json' || format === 'pretty')
    throw new UsageError(`--output ${output}: is a folder; for a file per payload in it, write ${output}/.`)
}
