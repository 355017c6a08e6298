import type { DeliveryReport, SendHeader } from './send-report.ts'
import { renderJson, renderLine } from './send-report.ts'
import { deliveryReport, plannedReport, SILENT, type SendRenderer } from './send-renderer.ts'

/** One document at the end. Holds every delivery until then: for very large runs there is NDJSON. */
export function jsonRenderer(header: SendHeader, url: string): SendRenderer {
  const deliveries: DeliveryReport[] = []
  return {
    ...SILENT,
    planned: (delivery) => kept(plannedReport(delivery, url)),
    delivery: (delivery, outcome) => kept(deliveryReport(delivery, outcome)),
    end: ({ summary, stoppedBy, exitCode }) =>
      renderJson({ ...header, deliveries, summary, ...(stoppedBy === undefined ? {} : { stoppedBy }), exitCode }),
  }

  function kept(delivery: DeliveryReport): '' {
    deliveries.push(delivery)
    return ''
  }
}

/**
 * A line per attempt as it happens, per finished delivery, and one summary. Holds the attempts of the
 * deliveries under way as text, for they are written twice and writing JSON is what costs here.
 */
export function ndjsonRenderer(header: SendHeader, url: string): SendRenderer {
  const attemptTexts = new Map<string, string[]>()
  return {
    ...SILENT,
    planned: (delivery) => renderLine({ type: 'delivery', ...plannedReport(delivery, url) }),
    attempt({ id }, attempt) {
      const text = JSON.stringify(attempt)
      const before = attemptTexts.get(id)
      if (before === undefined) attemptTexts.set(id, [text])
      else before.push(text)
      return `{"type":"attempt","delivery":"${id}",${text.slice(1)}\n`
    },
    delivery(delivery, outcome) {
      const attempts = attemptTexts.get(delivery.id) ?? []
      attemptTexts.delete(delivery.id)
      const text = JSON.stringify({ type: 'delivery', ...deliveryReport(delivery, { ...outcome, attempts: [] }) })
      // `attempts` is the last key, so its list stands before the last bracket.
      return `${text.slice(0, -2)}${attempts.join(',')}]}\n`
    },
    end: ({ summary, stoppedBy, exitCode }) =>
      renderLine({ type: 'summary', ...header, summary, ...(stoppedBy === undefined ? {} : { stoppedBy }), exitCode }),
  }
}
