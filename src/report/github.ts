import { printable } from '../delivery/printable.ts'
import { cell, data, property } from './github-text.ts'
import { fixtureReport, type ReplayEnding, type ReplayRenderer } from './replay-report.ts'

/**
 * Annotations for GitHub Actions: `::error file=…,line=…::…` per failure
 * (docs.github.com, workflow commands), and a notice with the counts.
 */
export function githubRenderer(): ReplayRenderer {
  return {
    fixture(replayed) {
      const { name, file, line = 1, result, mismatches, reason } = fixtureReport(replayed)
      const at = `file=${property(file)},line=${line},title=${property(name)}`
      if (result === 'skipped') return `::notice ${at}::${data(`skipped: ${reason}`)}\n`
      if (result !== 'failed') return ''
      const text = mismatches.map(
        ({ what, expected, actual }) => `${what}: expected ${expected}, actual ${printable(actual)}`,
      )
      return `::error ${at}::${data(text.join('\n'))}\n`
    },
    end: ({ summary: { passed, failed, skipped, fixtures }, problem }) =>
      `${problem === undefined ? '' : `::error title=qualifio-sim replay::${data(problem)}\n`}::notice title=qualifio-sim replay::${passed} passed, ${failed} failed, ${skipped} skipped of ${fixtures} fixtures\n`,
  }
}

/** The job summary in Markdown, for the file that GITHUB_STEP_SUMMARY names. */
export function githubSummaryRenderer(): ReplayRenderer {
  const rows: string[] = []
  return {
    fixture(replayed) {
      const { name, result, mismatches, reason } = fixtureReport(replayed)
      if (result === 'passed') return ''
      const why =
        reason ??
        mismatches
          .map(({ what, expected, actual }) => `${what}: expected ${expected}, actual ${printable(actual)}`)
          .join('; ')
      rows.push(`| ${cell(name)} | ${result} | ${cell(why)} |`)
      return ''
    },
    end: ({ summary }: ReplayEnding) => {
      const head = `### qualifio-sim replay\n\n${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped of ${summary.fixtures} fixtures, ${summary.requests} requests\n`
      return rows.length === 0
        ? `${head}\n`
        : `${head}\n| fixture | result | why |\n|---|---|---|\n${rows.join('\n')}\n\n`
    },
  }
}
