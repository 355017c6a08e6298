import { data, property } from './github-text.ts'
import { junitDocument, seconds } from './junit-document.ts'
import { comparisonLines } from './stress-comparison.ts'
import type { StressRenderer } from './stress-report.ts'

/** JUnit XML: a test case for the run, with its result as text, and one per threshold. */
export function stressJunitRenderer(suite: string, text: StressRenderer): StressRenderer {
  return {
    second: () => '',
    end: (ending) => {
      const { thresholds, result, exitCode, sentence, headline } = ending
      const time = seconds(result.durationMs)
      const isUnjudged = exitCode !== 0 && exitCode !== 4
      const run = {
        '@name': 'the run',
        '@classname': suite,
        '@time': time,
        ...(isUnjudged ? { error: { '@message': sentence, '@type': 'run' } } : {}),
        'system-out': text.end(ending),
      }
      const cases = thresholds.map(({ text, actual, crossed }) => ({
        '@name': text,
        '@classname': suite,
        '@time': seconds(0),
        ...(crossed
          ? {
              failure: {
                '@message': `${text}: ${actual}`,
                '@type': 'threshold',
                '#text': `${headline}\n${sentence}`,
              },
            }
          : {}),
      }))
      return junitDocument({
        suite,
        cases: [run, ...cases],
        failures: thresholds.filter(({ crossed }) => crossed).length,
        errors: isUnjudged ? 1 : 0,
        skipped: 0,
        durationMs: result.durationMs,
      })
    },
  }
}

/** Annotations for GitHub Actions: an error per crossed threshold, a notice with the result. */
export function stressGithubRenderer(): StressRenderer {
  return {
    second: () => '',
    end: (ending) => {
      const { thresholds, exitCode, headline, sentence } = ending
      const crossed = thresholds.filter(({ crossed: one }) => one)
      const errors = crossed.map(
        ({ text, actual }) => `::error title=${property(`threshold ${text}`)}::${data(`crossed: ${actual}`)}\n`,
      )
      // Without a result there is nothing to take notice of.
      const level = exitCode === 0 || exitCode === 4 ? 'notice' : 'error'
      const [title, ...compared] = comparisonLines(ending, Number.POSITIVE_INFINITY)
      const since =
        title === undefined
          ? ''
          : `::notice title=${property(`qualifio-sim stress ${title}`)}::${data(compared.map((line) => line.trim()).join('\n'))}\n`
      return `${errors.join('')}::${level} title=qualifio-sim stress::${data(`${headline}. ${sentence}`)}\n${since}`
    },
  }
}
