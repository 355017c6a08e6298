import type { CheckHeader, CheckRenderer, CheckReport, CheckResultReport, PreflightReport } from './check-report.ts'
import { renderJson } from './send-report.ts'

/** One document at the end. */
export function checkJsonRenderer(header: CheckHeader): CheckRenderer {
  const checks: CheckResultReport[] = []
  let preflight: PreflightReport = { differential: [], control: 'none', notes: [] }
  return {
    preflight(report) {
      preflight = report
      return ''
    },
    check(report) {
      checks.push(report)
      return ''
    },
    end: (ending) => renderJson({ ...header, preflight, checks, ...ending } satisfies CheckReport),
  }
}

/** A line per check as it is done, and one summary. */
export function checkNdjsonRenderer(header: CheckHeader): CheckRenderer {
  const line = (value: object): string => `${JSON.stringify(value)}\n`
  return {
    preflight: (report) => line({ type: 'preflight', ...report }),
    check: (report) => line({ type: 'check', ...report }),
    end: (ending) => line({ type: 'summary', ...header, ...ending }),
  }
}
