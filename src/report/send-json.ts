import type { Attempt, OutcomeKind } from '../delivery/outcome.ts'
import type { DeliveryReport, SendHeader } from './send-report.ts'
import { renderJson, renderLine } from './send-report.ts'
import {
  bodyFacts,
  deliveryReport,
  plannedReport,
  SILENT,
  type ReportedDelivery,
  type SendRenderer,
} from './send-renderer.ts'

interface Kept {
  readonly place: number
  readonly report: DeliveryReport
}

/**
 * One document at the end, its deliveries in the order in which they were started, so that two reports can be compared.
 * Holds every delivery until then: for very large runs there is NDJSON.
 */
export function jsonRenderer(header: SendHeader, url: string): SendRenderer {
  const kept: Kept[] = []
  return {
    ...SILENT,
    planned: (delivery) => keep(delivery, plannedReport(delivery, url)),
    delivery: (delivery, outcome) => keep(delivery, deliveryReport(delivery, outcome)),
    end({ summary, stoppedBy, exitCode }) {
      const deliveries = kept.toSorted(byStart).map(({ report }) => report)
      return renderJson({ ...header, deliveries, summary, ...(stoppedBy === undefined ? {} : { stoppedBy }), exitCode })
    },
  }

  function keep({ number, place = number }: ReportedDelivery, report: DeliveryReport): '' {
    kept.push({ place, report })
    return ''
  }
}

function byStart(one: Kept, other: Kept): number {
  return one.place - other.place || (one.report.copy?.number ?? 0) - (other.report.copy?.number ?? 0)
}

/**
 * A line per attempt as it happens, per finished delivery, and one summary. An attempt is written twice, and writing
 * JSON is what costs here: the last one is kept as text, for most deliveries end with the attempt just told.
 */
export function ndjsonRenderer(header: SendHeader, url: string): SendRenderer {
  let last: { readonly attempt: Attempt; readonly text: string } | undefined
  return {
    ...SILENT,
    planned: (delivery) => renderLine({ type: 'delivery', ...plannedReport(delivery, url) }),
    attempt({ id }, attempt) {
      const text = attemptJson(attempt)
      last = { attempt, text }
      return `{"type":"attempt","delivery":"${id}",${text.slice(1)}\n`
    },
    delivery(delivery, outcome) {
      const texts = outcome.attempts.map((attempt) => (attempt === last?.attempt ? last.text : attemptJson(attempt)))
      return deliveryLine(delivery, outcome.outcome, texts.join(','))
    },
    end: ({ summary, stoppedBy, exitCode }) =>
      renderLine({ type: 'summary', ...header, summary, ...(stoppedBy === undefined ? {} : { stoppedBy }), exitCode }),
  }
}

/** What `JSON.stringify` writes, in half the time for the commonest attempt: answered, and not tried again. */
function attemptJson(attempt: Attempt): string {
  const { retry, startedAt, durationMs, dueAtSimulated, result, nextDelayMs } = attempt
  if (result.kind !== 'responded' || result.bodyIncomplete !== undefined || nextDelayMs !== undefined)
    return JSON.stringify(attempt)
  const { status, headers, bodySnippet, bodyBytes } = result
  const body = `"bodySnippet":${bodySnippet === '' ? '""' : JSON.stringify(bodySnippet)},"bodyBytes":${bodyBytes}`
  const answer = `{"kind":"responded","status":${status},"headers":${JSON.stringify(headers)},${body}}`
  return `{"retry":${retry},"startedAt":"${startedAt}","durationMs":${durationMs},"dueAtSimulated":"${dueAtSimulated}","result":${answer}}`
}

/** The same for a delivery, whose attempts are text already. */
function deliveryLine({ id, events, copy, request }: ReportedDelivery, outcome: OutcomeKind, attempts: string): string {
  const { bodyBytes, bodySha256 } = bodyFacts(request)
  const copied = copy === undefined ? '' : `"copy":${JSON.stringify(copy)},`
  return `{"type":"delivery","id":"${id}","events":${JSON.stringify(events)},${copied}"bodyBytes":${bodyBytes},"bodySha256":"${bodySha256}","outcome":"${outcome}","attempts":[${attempts}]}\n`
}
