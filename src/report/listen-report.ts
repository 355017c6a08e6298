import type { ChalkInstance } from 'chalk'
import { formatDuration } from '../delivery/duration.ts'
import { printable } from '../delivery/printable.ts'
import type { Exchange } from '../receiver/exchange.ts'
import type { MemoryCounts } from '../receiver/memory.ts'
import { stepText } from '../receiver/script.ts'
import { renderJson } from './send-report.ts'
import { STATUS_TEXTS } from './status-text.ts'

/** One request as it is reported: what came, the verdict, the answer. */
export interface RequestReport {
  readonly nth: number
  /** RFC 3339. */
  readonly receivedAt: string
  readonly method: string
  /** Query values as `…`. */
  readonly path: string
  readonly bodyBytes?: number
  readonly bodySha256?: string
  readonly verdict: 'accepted' | 'refused'
  /** Why it was refused. */
  readonly reason?: string
  readonly events: readonly { readonly id?: string | undefined; readonly type?: string | undefined }[]
  /** Where the payload is not what the contract writes. */
  readonly problems: readonly string[]
  /** Which request with these bytes, from 1. */
  readonly request: number
  readonly repetition?: Exchange['repetition']
  /** The status, or `hang`, `reset`, `close`. */
  readonly answer: string
  readonly status?: number
  /** Why a signature does not match, and how to mend it. */
  readonly explanations?: readonly string[]
}

/** What a receiver saw in all. */
export interface ListenSummary {
  readonly requests: number
  readonly accepted: number
  readonly refused: number
  readonly retries: number
  readonly duplicates: number
  readonly recorded: number
  readonly memory: MemoryCounts
}

/** A form of what a receiver reports: functions to strings. */
export interface ListenRenderer {
  request(exchange: Exchange, explanations: readonly string[]): string
  end(summary: ListenSummary, exitCode: number): string
}

/** A request as the reports hold it. */
export function requestReport(exchange: Exchange, explanations: readonly string[]): RequestReport {
  const { verdict, body, step, status } = exchange
  return {
    nth: exchange.nth,
    receivedAt: new Date(exchange.atMs).toISOString(),
    method: exchange.method,
    path: shownPath(exchange.path),
    ...(body === 'too-large' ? {} : { bodyBytes: body.length }),
    ...(exchange.bodySha256 === undefined ? {} : { bodySha256: exchange.bodySha256 }),
    verdict: verdict.kind,
    ...(verdict.kind === 'refused' ? { reason: verdict.reason } : {}),
    events: verdict.kind === 'accepted' ? verdict.events : [],
    problems: verdict.kind === 'accepted' ? verdict.problems : [],
    request: exchange.request,
    ...(exchange.repetition === undefined ? {} : { repetition: exchange.repetition }),
    answer: step === undefined ? String(status) : stepText(step),
    ...(status === undefined ? {} : { status }),
    ...(explanations.length === 0 ? {} : { explanations }),
  }
}

/** One document at the end. */
export function listenJsonRenderer(header: object): ListenRenderer {
  const requests: RequestReport[] = []
  return {
    request(exchange, explanations) {
      requests.push(requestReport(exchange, explanations))
      return ''
    },
    end: (summary, exitCode) => renderJson({ ...header, requests, summary, exitCode }),
  }
}

/** A line per request, and one summary. */
export function listenNdjsonRenderer(header: object): ListenRenderer {
  return {
    request: (exchange, explanations) =>
      `${JSON.stringify({ type: 'request', ...requestReport(exchange, explanations) })}\n`,
    end: (summary, exitCode) => `${JSON.stringify({ type: 'summary', ...header, summary, exitCode })}\n`,
  }
}

/** One line per request for a person; headers and a pretty body where they are asked for. */
export function listenTextRenderer(paint: ChalkInstance, exchange: 'shown' | 'hidden'): ListenRenderer {
  return {
    request(received, explanations) {
      const { nth, method, path, events, verdict, reason, problems, bodyBytes, answer, status } = requestReport(
        received,
        explanations,
      )
      const came = `#${nth} ${method} ${printable(path)} ${bodyBytes === undefined ? 'too large' : `${bodyBytes} bytes`}`
      const judged =
        verdict === 'accepted'
          ? paint.green(`accepted: ${eventsText(events)}`)
          : paint.red(`refused: ${printable(reason ?? '')}`)
      const repeated = repetitionText(received)
      const answered = status === undefined ? answer : `${status} ${STATUS_TEXTS[status] ?? ''}`.trimEnd()
      const waited = received.durations.waitMs === 0 ? '' : ` after ${formatDuration(received.durations.waitMs)}`
      return [
        `${came}  ${judged}${repeated === '' ? '' : `  ${paint.yellow(repeated)}`}  → ${answered}${waited}`,
        ...problems
          .slice(0, 5)
          .map((problem) => paint.yellow(`    not as the contract writes it: ${printable(problem)}`)),
        ...(problems.length > 5 ? [paint.yellow(`    and ${problems.length - 5} more`)] : []),
        ...explanations.map((text) => paint.yellow(`    ${text}`)),
        ...(exchange === 'shown' ? exchangeLines(received).map((line) => paint.dim(`    ${line}`)) : []),
        '',
      ].join('\n')
    },
    end: ({ requests, accepted, refused, retries, duplicates, recorded, memory }) => {
      const parts = [`${requests} ${requests === 1 ? 'request' : 'requests'}: ${accepted} accepted, ${refused} refused`]
      if (retries > 0) parts.push(`${retries} ${retries === 1 ? 'retry' : 'retries'}`)
      if (duplicates > 0) parts.push(`${duplicates} with events that came before in other bytes`)
      if (recorded > 0) parts.push(`${recorded} recorded`)
      const forgotten = memory.evictedBodies + memory.evictedEventIds
      if (forgotten > 0)
        parts.push(
          `${memory.evictedBodies} bodies and ${memory.evictedEventIds} event ids forgotten to stay within memory`,
        )
      return `${parts.join(', ')}\n`
    },
  }
}

function eventsText(events: RequestReport['events']): string {
  if (events.length === 1) return `1 event (${events[0]?.type ?? 'unknown'})`
  const types = [...new Set(events.map(({ type }) => type ?? 'unknown'))]
  const shown = types.length > 4 ? `${types.slice(0, 4).join(', ')}, …` : types.join(', ')
  return `${events.length} events${types.length === 0 ? '' : ` (${shown})`}`
}

function repetitionText({ repetition }: Exchange): string {
  if (repetition === undefined) return ''
  if (repetition.kind === 'retry') return `retry: request ${repetition.request} with these bytes`
  const [first, ...more] = repetition.eventIds
  return `duplicate: event ${first}${more.length > 0 ? ` and ${more.length} more` : ''} came before in other bytes`
}

function exchangeLines({ method, path, headers, body }: Exchange): readonly string[] {
  // What authenticates is a secret, whoever sent it; a signature proves knowledge of the secret without telling it.
  const shown = new Set([
    'host',
    'content-type',
    'content-length',
    'user-agent',
    'connection',
    'accept',
    'transfer-encoding',
  ])
  const isShown = (name: string): boolean => shown.has(name) || /signature/.test(name)
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    values.map((value) => `> ${name}: ${isShown(name) ? printable(value) : '…'}`),
  )
  return [
    `> ${method} ${printable(shownPath(path))}`,
    ...lines,
    '>',
    ...(body === 'too-large' ? [] : prettyLines(body)),
  ]
}

function prettyLines(body: Uint8Array): readonly string[] {
  const text = Buffer.from(body).toString('utf8')
  const line = (content: string): string => `> ${content.replace(/^ */, '')}`
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
      .split('\n')
      .map((content) => `> ${/^ */.exec(content)?.[0] ?? ''}${printable(content)}`)
  } catch {
    return text.split('\n').map((content) => line(printable(content)))
  }
}

function shownPath(path: string): string {
  const [before = '', query] = path.split('?')
  return query === undefined ? before : `${before}?${query.replaceAll(/=[^&]*/g, '=…')}`
}
