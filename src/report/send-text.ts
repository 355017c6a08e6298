import type { ChalkInstance } from 'chalk'
import { diagnose } from '../delivery/diagnosis.ts'
import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import { isAccepted, type Attempt, type AttemptResult, type DeliveryOutcome } from '../delivery/outcome.ts'
import { printable } from '../delivery/printable.ts'
import { unreachable } from '../errors.ts'
import { lossText } from './block-text.ts'
import { curlCommand } from './curl.ts'
import {
  signatureOf,
  shownHeaders,
  type ReportedDelivery,
  type SendEnding,
  type SendRenderer,
} from './send-renderer.ts'
import { STOPPED_BY, type EventReference } from './send-report.ts'
import { STATUS_TEXTS } from './status-text.ts'

/** How a run is told to a person. */
export interface TextOptions {
  readonly paint: ChalkInstance
  /** Retries after the first delivery, for `retry 1/7`. */
  readonly retries: number
  readonly url: URL
  /** The target as it may be shown: query values as `…`. */
  readonly displayedUrl: string
  /** Words that a curl command needs for this target, `-k` for instance. */
  readonly curlFlags: readonly string[]
  /** Every attempt, or a line for each delivery that was not delivered at once. */
  readonly detail: 'attempts' | 'troubles'
  /** Whether several deliveries are under way at once, so that every line says which it is about. */
  readonly interleaved: 'yes' | 'no'
  /** Headers and bodies, or not. */
  readonly exchange: 'shown' | 'hidden'
}

/** `--format text`: each attempt by its name, and the end with what it means at Qualifio. */
export function textRenderer(options: TextOptions): SendRenderer {
  const { paint } = options
  const hintsGiven = new Set<string>()
  const prefix = ({ number, copy }: ReportedDelivery): string =>
    options.interleaved === 'yes' ? paint.dim(`#${number}${copyText(copy)} `) : ''

  return {
    planned: (delivery) => `${heading(paint, delivery)}\n${requestText(delivery.request, options)}\n\n`,
    attempt(delivery, attempt) {
      if (options.detail === 'troubles') return ''
      const before = prefix(delivery)
      const lines = attempt.retry === 0 ? [heading(paint, delivery)] : []
      lines.push(`${before}${attemptText(options, attempt)}`)
      if (options.exchange === 'shown') lines.push(exchangeText(options, delivery, attempt))
      // A hint is worth reading once in a run.
      const hints = hintsOf(attempt.result, options.url).filter((hint) => !hintsGiven.has(hint))
      for (const hint of hints) {
        hintsGiven.add(hint)
        lines.push(`${before}    ${paint.yellow(hint)}`)
      }
      return `${lines.join('\n')}\n`
    },
    received: ({ text }) => (options.detail === 'troubles' ? '' : `${paint.dim(`    receiver: ${text}`)}\n`),
    delivery(delivery, outcome) {
      if (options.detail === 'attempts') return `${prefix(delivery)}${outcomeText(options, delivery, outcome)}\n`
      if (outcome.outcome === 'delivered' && outcome.attempts.length === 1) return ''
      const results = outcome.attempts.map(({ result }) => (result.kind === 'responded' ? result.status : result.code))
      return `#${delivery.number} ${eventsText(delivery.events)}${copyText(delivery.copy)}: ${outcomeText(options, delivery, outcome)} ${paint.dim(`(${counted(results)})`)}\n`
    },
    end: (ending) => endText(options, ending),
  }
}

function hintsOf(result: AttemptResult, url: URL): readonly string[] {
  return result.kind === 'responded' ? diagnose(result, url) : [explainFailure(result, url).nextStep]
}

function heading(paint: ChalkInstance, { number, events, copy, request }: ReportedDelivery): string {
  const signature = signatureOf(request)
  const facts = [
    ...(events.length === 1 ? [`event ${events[0]?.id}`] : []),
    `${request.body.length} bytes`,
    signature === undefined ? 'not signed' : `${signature.slice(0, 11)}…`,
  ]
  return `${paint.bold(`#${number} ${eventsText(events)}${copyText(copy)}`)}  ${paint.dim(facts.join('  '))}`
}

/** ` (copy 2 of 3)`. */
function copyText(copy: ReportedDelivery['copy']): string {
  return copy === undefined ? '' : ` (copy ${copy.number} of ${copy.of})`
}

/** `earning`, `3 events: 2 earning, 1 burning`. */
function eventsText(events: readonly EventReference[]): string {
  if (events.length === 1) return events[0]?.type ?? ''
  return `${events.length} events: ${counted(events.map(({ type }) => type))}`
}

/** `500 ×2, refused`, in order of first appearance. */
function counted(items: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].map(([item, count]) => (count === 1 ? `${item}` : `${item} ×${count}`)).join(', ')
}

function attemptText({ paint, retries }: TextOptions, attempt: Attempt): string {
  const name = attempt.retry === 0 ? 'first delivery' : `retry ${attempt.retry}/${retries}`
  const next = attempt.nextDelayMs === undefined ? '' : `  → retry ${attempt.retry + 1}/${retries} ${waitText(attempt)}`
  return `  ${name.padEnd(15)} ${resultText(paint, attempt.result)}  ${paint.dim(`${formatDuration(attempt.durationMs)}${next}`)}`
}

function waitText({ nextDelayMs = 0, nextDelayRealMs = 0 }: Attempt): string {
  if (nextDelayMs === 0) return 'at once'
  const here =
    nextDelayRealMs === nextDelayMs
      ? ''
      : nextDelayRealMs === 0
        ? ' (at once here)'
        : ` (${formatDuration(nextDelayRealMs)} here)`
  return `in ${formatDuration(nextDelayMs)}${here}`
}

function resultText(paint: ChalkInstance, result: AttemptResult): string {
  switch (result.kind) {
    case 'responded': {
      const text = `${result.status} ${STATUS_TEXTS[result.status] ?? ''}`.trimEnd()
      const colour = isAccepted(result) ? paint.green : paint.red
      const incomplete =
        result.bodyIncomplete === undefined ? '' : ` (answer's body: ${BODY_INCOMPLETE[result.bodyIncomplete]})`
      return `${colour(text)}${incomplete}`
    }
    case 'failed':
      return `${paint.red(result.code)}: ${printable(result.reason)}`
    default:
      return unreachable(result)
  }
}

const BODY_INCOMPLETE = {
  cut: 'the connection was cut; the status counts',
  limit: 'only 64 KB read; the status counts',
  deadline: 'not finished in time; the status counts',
} as const

function exchangeText(options: TextOptions, delivery: ReportedDelivery, { result }: Attempt): string {
  const sent = requestText(delivery.request, options)
  if (result.kind === 'failed') return sent
  const headers = Object.entries(result.headers).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`))
  const answer = [
    `${result.status}`,
    ...headers,
    ...(result.bodySnippet === '' ? [] : ['', ...result.bodySnippet.split('\n')]),
  ]
  return `${sent}\n${answer.map((line) => options.paint.dim(`    < ${printable(line)}`)).join('\n')}`
}

function requestText(request: ReportedDelivery['request'], { paint, displayedUrl }: TextOptions): string {
  const headers = shownHeaders(request).map(([name, value]) => `${name}: ${value}`)
  const body = Buffer.from(request.body).toString('utf8')
  const lines = [`${request.method} ${displayedUrl}`, ...headers, '', ...body.split('\n')]
  return lines.map((line) => paint.dim(`    > ${printable(line)}`)).join('\n')
}

function outcomeText(
  { paint, displayedUrl, curlFlags, detail }: TextOptions,
  { request, events }: ReportedDelivery,
  { outcome, attempts }: DeliveryOutcome,
): string {
  const requests = attempts.length === 1 ? '1 request' : `${attempts.length} requests`
  switch (outcome) {
    case 'delivered':
      return paint.green(attempts.length === 1 ? 'delivered' : `delivered after ${requests}`)
    case 'blocked': {
      const text = `${paint.red.bold(`blocked after ${requests}`)}: Qualifio gives up here, and ${lossText(events.length, attempts)}.`
      if (detail === 'troubles') return text
      return `${text}\n${paint.dim(`to repeat this request:\n${curlCommand(request, { url: displayedUrl, flags: curlFlags })}`)}`
    }
    case 'ended':
      return paint.green(`answered as expected after ${requests}`)
    case 'interrupted':
      return paint.yellow(`interrupted after ${requests}`)
    default:
      return unreachable(outcome)
  }
}

function endText({ paint }: TextOptions, { summary, stoppedBy }: SendEnding): string {
  const stopped = stoppedBy === undefined ? '' : `${paint.yellow(`stopped: ${STOPPED_BY[stoppedBy]}`)}\n`
  // With one delivery its own line has said everything.
  if (summary.deliveries === 1) return stopped
  const parts = [
    `${summary.delivered} delivered`,
    ...(summary.blocked > 0 ? [paint.red(`${summary.blocked} blocked`)] : []),
    ...(summary.interrupted > 0 ? [`${summary.interrupted} interrupted`] : []),
    ...(summary.notStarted > 0 ? [`${summary.notStarted} not started`] : []),
  ]
  return `${stopped}${parts.join(', ')} of ${summary.deliveries} deliveries; ${summary.requests} requests, ${summary.events} ${summary.events === 1 ? 'event' : 'events'}\n`
}
