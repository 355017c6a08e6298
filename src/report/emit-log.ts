import type { ChalkInstance } from 'chalk'
import { EVENT_TYPES, type EventType } from '../contract/event-types.ts'
import { diagnose } from '../delivery/diagnosis.ts'
import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import { printable } from '../delivery/printable.ts'
import { unreachable } from '../errors.ts'
import type { AttemptMade } from '../emitter/dispatch/options.ts'
import type { News } from '../emitter/news.ts'
import { resultWords } from '../emitter/view/delivery.ts'
import { counted } from '../program/selection.ts'

/** An attempt, with what the log tells of its delivery. */
export interface LoggedAttempt {
  readonly attempt: AttemptMade
  readonly types: readonly EventType[]
  readonly eventCount: number
  readonly retries: number
}

/** Something else that happened; of a delivery that was not sent, with what it carries. */
export interface LoggedNews {
  readonly news: News
  readonly types: readonly EventType[]
  readonly eventCount: number
  /** Requests before. */
  readonly attempts: number
}

/** A line per attempt, what came back and what follows from it, and one for each other thing that happens. */
export type EmitLog = (logged: LoggedAttempt | LoggedNews) => string

const TIME_WIDTH = 'hh:mm:ss'.length
const ID_WIDTH = 6
/** A longer name moves its own lines only. */
const WIDEST_NAME = 20
const TYPE_WIDTH = Math.max(...Object.values(EVENT_TYPES).map(({ name }) => name.length))

/**
 * Lines for people, times in UTC, and under the first attempt that failed so at a webhook what to try:
 * `12:03:41      #7  shop  earning                 503 Service Unavailable in 12 ms; retry 1/7 in 1 s`.
 * @param names of the webhooks that are known: their lines begin under each other
 */
export function emitTextLog(paint: ChalkInstance, names: readonly string[] = []): EmitLog {
  const told = new Set<string>()
  let nameWidth = 0
  for (const name of names) widen(printable(name))

  function widen(shown: string): void {
    nameWidth = Math.max(nameWidth, Math.min(shown.length, WIDEST_NAME))
  }

  function columns(
    atMs: number,
    { id, name, what }: Readonly<Record<'name' | 'what', string> & { id: number }>,
  ): string {
    const shown = printable(name)
    widen(shown)
    return [timeOf(atMs), `#${id}`.padStart(ID_WIDTH), shown.padEnd(nameWidth), what.padEnd(TYPE_WIDTH)].join('  ')
  }

  return (logged) => {
    if ('news' in logged) {
      const { news } = logged
      if (news.kind !== 'not-sent') return `${timeOf(news.atMs)}  ${newsText(paint, news)}\n`
      const { atMs, deliveryId: id, webhook } = news
      const before = columns(atMs, { id, name: webhook.name, what: carried(logged) })
      return `${before}  not sent${logged.attempts > 0 ? ' again' : ''}; ${paint.red('blocked with its webhook')}\n`
    }
    const { attempt, retries } = logged
    const { deliveryId: id, webhook, kind, retry, round, startedAtMs, durationMs, result } = attempt
    const what = kind === 'ping' ? 'ping' : carried(logged)
    const before = columns(startedAtMs + durationMs, { id, name: webhook.name, what })
    const which = retry > 0 ? `retry ${retry}/${retries}: ` : round > 1 ? 'sent again: ' : ''
    const marked = attempt.possibleDuplicate ? 'possible duplicate, ' : ''
    const hints = hintsOf(result, new URL(webhook.url)).filter((hint) => !told.has(`${webhook.id} ${hint}`))
    for (const hint of hints) told.add(`${webhook.id} ${hint}`)
    return [
      `${before}  ${marked}${which}${outcome(paint, logged)}`,
      ...hints.map((hint) => `${' '.repeat(TIME_WIDTH + 2)}${paint.yellow(hint)}`),
      '',
    ].join('\n')
  }
}

const timeOf = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19)

function carried({ types: [type], eventCount }: Pick<LoggedNews, 'types' | 'eventCount'>): string {
  if (eventCount > 1) return `${eventCount} events`
  return type === undefined ? 'event' : EVENT_TYPES[type].name
}

function newsText(paint: ChalkInstance, news: Exclude<News, { readonly kind: 'not-sent' }>): string {
  switch (news.kind) {
    case 'webhook-blocked': {
      const after = counted(news.afterDeliveries, 'blocked delivery', 'blocked deliveries')
      return `"${printable(news.webhook.name)}" ${paint.red(`is blocked after ${after} in a row`)}; nothing is sent there until it is unblocked`
    }
    case 'webhook-unblocked': {
      const stay = counted(news.deliveries, 'delivery to it stays', 'deliveries to it stay')
      const left = news.deliveries === 0 ? '' : `; ${stay} blocked until sent again`
      return `"${printable(news.webhook.name)}" ${paint.green('is unblocked')}${left}`
    }
    case 'forgotten': {
      const gone = counted(news.deliveries, 'blocked delivery is', 'blocked deliveries are')
      return paint.yellow(`${gone} forgotten, ${formatDuration(news.keepMs)} after the end (--keep)`)
    }
    default:
      return unreachable(news)
  }
}

function outcome(paint: ChalkInstance, { attempt, retries }: LoggedAttempt): string {
  const { kind, retry, startedAtMs, durationMs, result, aftermath } = attempt
  const came = `${printable(resultWords(result))} in ${formatDuration(durationMs)}`
  switch (aftermath.state) {
    case 'delivered':
      return paint.green(came)
    case 'retrying': {
      const waitMs = Math.max(0, aftermath.dueAtMs - startedAtMs - durationMs)
      return `${paint.yellow(came)}; retry ${retry + 1}/${retries} in ${formatDuration(waitMs)}`
    }
    default:
      if (kind === 'ping') return `${paint.red(came)}; a ping is not tried again`
      return `${paint.red(came)}; blocked ${aftermath.by === 'webhook' ? 'with its webhook' : `after ${retry + 1} ${retry === 0 ? 'request' : 'requests'}`}`
  }
}

/** What to try, as it is said elsewhere of `--to` and its options. */
function hintsOf(result: AttemptResult, url: URL): readonly string[] {
  const hints =
    result.kind === 'responded'
      ? diagnose(result, url)
      : // Deliveries wait here anyway: --wait-for is not needed.
        [explainFailure(result, url, { after: result.code === 'connect-timeout' ? 'attempt' : 'wait' }).nextStep]
  return hints.map((hint) =>
    hint
      .replace('--secret, --header, --basic or --bearer', 'secret and header as the webhook')
      .replace('the same secret', 'the secret')
      .replace(' in --to', " in the webhook's URL")
      .replace(/\buse --to (\S+)/, 'use $1')
      .replace(/--batch\b/, '--batch-max'),
  )
}

/** One JSON object per attempt, and per thing that happens besides; without any secret. */
export function emitNdjsonLog(): EmitLog {
  return (logged) => {
    if ('news' in logged) return `${JSON.stringify(newsObject(logged))}\n`
    const { attempt, types, eventCount } = logged
    const { deliveryId, webhook, kind, number, round, retry, startedAtMs, durationMs, result, aftermath } = attempt
    const line = {
      type: 'attempt',
      at: new Date(startedAtMs).toISOString(),
      delivery: deliveryId,
      kind,
      webhook: { id: webhook.id, name: webhook.name },
      events: eventCount,
      types,
      number,
      round,
      retry,
      possibleDuplicate: attempt.possibleDuplicate,
      durationMs,
      result,
      state: aftermath.state,
      ...(aftermath.state === 'retrying' && { nextAttemptAt: new Date(aftermath.dueAtMs).toISOString() }),
    }
    return `${JSON.stringify(line)}\n`
  }
}

function newsObject({ news, types, eventCount, attempts }: LoggedNews): object {
  const { kind: type } = news
  const at = new Date(news.atMs).toISOString()
  if (news.kind === 'forgotten') return { type, at, blockedDeliveries: news.deliveries }
  const webhook = { id: news.webhook.id, name: news.webhook.name }
  switch (news.kind) {
    case 'webhook-blocked':
      return { type, at, webhook, afterDeliveries: news.afterDeliveries }
    case 'webhook-unblocked':
      return { type, at, webhook, blockedDeliveries: news.deliveries }
    case 'not-sent':
      return { type, at, delivery: news.deliveryId, webhook, events: eventCount, types, attempts, state: 'blocked' }
    default:
      return unreachable(news)
  }
}
