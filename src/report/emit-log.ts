import type { ChalkInstance } from 'chalk'
import { EVENT_TYPES, type EventType } from '../contract/event-types.ts'
import { diagnose } from '../delivery/diagnosis.ts'
import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import type { AttemptResult } from '../delivery/outcome.ts'
import { printable } from '../delivery/printable.ts'
import type { AttemptMade } from '../emitter/dispatch/options.ts'
import { resultWords } from '../emitter/view/delivery.ts'

/** An attempt, with what the log tells of its delivery. */
export interface LoggedAttempt {
  readonly attempt: AttemptMade
  readonly types: readonly EventType[]
  readonly eventCount: number
  readonly retries: number
}

/** A line per attempt: what came back, and what follows from it. */
export type EmitLog = (logged: LoggedAttempt) => string

const ID_WIDTH = 6
/** A longer name moves its own lines only. */
const WIDEST_NAME = 20
const TYPE_WIDTH = Math.max(...Object.values(EVENT_TYPES).map(({ name }) => name.length))

/**
 * Lines for people, times in UTC, and under the first attempt that failed so at a webhook what to try:
 * `12:03:41      #7  shop  earning                 503 Service Unavailable in 12 ms; retry 1/7 in 1 s`.
 */
export function emitTextLog(paint: ChalkInstance): EmitLog {
  const told = new Set<string>()
  let nameWidth = 0
  return (logged) => {
    const { attempt, types, eventCount, retries } = logged
    const { deliveryId, webhook, kind, retry, round, startedAtMs, durationMs, result } = attempt
    const name = printable(webhook.name)
    nameWidth = Math.max(nameWidth, Math.min(name.length, WIDEST_NAME))
    const time = new Date(startedAtMs + durationMs).toISOString().slice(11, 19)
    const [type] = types
    const alone = type === undefined ? 'event' : EVENT_TYPES[type].name
    const what = kind === 'ping' ? 'ping' : eventCount > 1 ? `${eventCount} events` : alone
    const which = retry > 0 ? `retry ${retry}/${retries}: ` : round > 1 ? 'sent again: ' : ''
    const columns = [time, `#${deliveryId}`.padStart(ID_WIDTH), name.padEnd(nameWidth), what.padEnd(TYPE_WIDTH)]
    const marked = attempt.possibleDuplicate ? 'possible duplicate, ' : ''
    const hints = hintsOf(result, new URL(webhook.url)).filter((hint) => !told.has(`${webhook.id} ${hint}`))
    for (const hint of hints) told.add(`${webhook.id} ${hint}`)
    return [
      `${columns.join('  ')}  ${marked}${which}${outcome(paint, logged)}`,
      ...hints.map((hint) => `${' '.repeat(time.length + 2)}${paint.yellow(hint)}`),
      '',
    ].join('\n')
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

/** One JSON object per attempt, without any secret. */
export function emitNdjsonLog(): EmitLog {
  return ({ attempt, types, eventCount }) => {
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
