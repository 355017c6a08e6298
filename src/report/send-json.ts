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

/** A line per attempt as it happens, per finished delivery, and one summary. Holds nothing. */
export function ndjsonRenderer(header: SendHeader, url: string): SendRenderer {
  return {
    ...SILENT,
    planned: (delivery) => renderLine({ type: 'delivery', ...plannedReport(delivery, url) }),
    attempt: (delivery, attempt) => renderLine({ type: 'attempt', delivery: delivery.id, ...attempt }),
    delivery: (delivery, outcome) => renderLine({ type: 'delivery', ...deliveryReport(delivery, outcome) }),
    end: ({ summary, stoppedBy, exitCode }) =>
      renderLine({ type: 'summary', ...header, summary, ...(stoppedBy === undefined ? {} : { stoppedBy }), exitCode }),
  }
}
