import { data, property } from './github-text.ts'
import { junitDocument, seconds } from './junit-document.ts'
import type { StressRenderer } from './stress-report.ts'

/** JUnit XML: a test case per threshold, or one for the run where there is none. */
export function stressJunitRenderer(suite: string): StressRenderer {
  return {
    second: () => '',
    end: ({ thresholds, result, exitCode, sentence, headline }) => {
      const time = seconds(result.durationMs)
      const isUnjudged = exitCode !== 0 && exitCode !== 4
      const run = {
        '@name': 'the run',
        '@classname': suite,
        '@time': time,
        ...(isUnjudged ? { error: { '@message': sentence, '@type': 'run' } } : {}),
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
    end: ({ thresholds, exitCode, headline, sentence }) => {
      const crossed = thresholds.filter(({ crossed: one }) => one)
      const errors = crossed.map(
        ({ text, actual }) => `::error title=${property(`threshold ${text}`)}::${data(`crossed: ${actual}`)}\n`,
      )
      // Without a result there is nothing to take notice of.
      const level = exitCode === 0 || exitCode === 4 ? 'notice' : 'error'
      return `${errors.join('')}::${level} title=qualifio-sim stress::${data(`${headline}. ${sentence}`)}\n`
    },
  }
}
