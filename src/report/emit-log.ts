import type { ChalkInstance } from 'chalk'
import type { EventType } from '../contract/event-types.ts'
import { formatDuration } from '../delivery/duration.ts'
import { printable } from '../delivery/printable.ts'
import type { AttemptMade } from '../emitter/dispatch-options.ts'
import { resultWords } from '../emitter/view-delivery.ts'

/** An attempt, with what the log tells of its delivery. */
export interface LoggedAttempt {
  readonly attempt: AttemptMade
  readonly types: readonly EventType[]
  readonly eventCount: number
  readonly retries: number
}

/** A line per attempt: what came back, and what follows from it. */
export type EmitLog = (logged: LoggedAttempt) => string

/** Lines for people: `12:03:41  shop  #12 earning: 503 Service Unavailable in 12 ms; retry 1/7 in 1 s`. */
export function emitTextLog(paint: ChalkInstance): EmitLog {
  return ({ attempt, types, eventCount, retries }) => {
    const { deliveryId, webhook, kind, retry, round, startedAtMs, durationMs, result, aftermath } = attempt
    const time = new Date(startedAtMs + durationMs).toISOString().slice(11, 19)
    const what = kind === 'ping' ? 'ping' : eventCount > 1 ? `${eventCount} events` : (types[0] ?? 'event')
    const which = `${retry > 0 ? ` retry ${retry}/${retries}` : round > 1 ? ' sent again' : ''}${attempt.possibleDuplicate ? ' (possible duplicate)' : ''}`
    const came = `${printable(resultWords(result))} in ${formatDuration(durationMs)}`
    const line = `${time}  ${printable(webhook.name)}  #${deliveryId} ${what}${which}: `
    switch (aftermath.state) {
      case 'delivered':
        return `${line}${paint.green(came)}\n`
      case 'retrying': {
        const waitMs = Math.max(0, aftermath.dueAtMs - startedAtMs - durationMs)
        return `${line}${paint.yellow(came)}; retry ${retry + 1}/${retries} in ${formatDuration(waitMs)}\n`
      }
      default:
        return `${line}${paint.red(came)}; ${kind === 'ping' ? 'not tried again' : `blocked after ${retry + 1} ${retry === 0 ? 'request' : 'requests'}`}\n`
    }
  }
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
