import { printable } from '../delivery/printable.ts'
import type { ReplayedFixture } from '../replay/run.ts'
import { junitDocument, seconds } from './junit-document.ts'
import { fixtureReport, type FixtureReport, type ReplayRenderer } from './replay-report.ts'

/**
 * JUnit XML as Jenkins, GitLab and the others read it: a `testcase` per fixture; `<failure>` is the receiver's,
 * `<error>` ours (a run that could not go on, a fixture that was interrupted), `<skipped>` with its reason.
 */
export function junitRenderer({ suite }: { readonly suite: string }): ReplayRenderer {
  const cases: object[] = []
  const seen = new Map<string, number>()
  let durationMs = 0
  let notStarted = 0

  /** CI systems merge cases of one name, so a fixture that comes again says which time it is. */
  function named({ name, file, line }: Pick<FixtureReport, 'name' | 'file' | 'line'>): object {
    const title = line === undefined ? name : `${name} (line ${line})`
    const times = (seen.get(`${file}\n${title}`) ?? 0) + 1
    seen.set(`${file}\n${title}`, times)
    return { '@name': times === 1 ? title : `${title} (time ${times})`, '@classname': file }
  }

  return {
    fixture(result: ReplayedFixture) {
      const report = fixtureReport(result)
      durationMs += report.durationMs
      cases.push({ ...named(report), '@time': seconds(report.durationMs), ...verdict(report) })
      return ''
    },
    notStarted({ name, place }) {
      notStarted += 1
      cases.push({ ...named({ name, ...place }), '@time': seconds(0), skipped: { '#text': 'not started' } })
      return ''
    },
    end: ({ summary, problem }) => {
      // An interrupted fixture is an error already.
      const isTold = problem === undefined || summary.interrupted > 0
      if (!isTold) {
        const error = { '@message': problem, '@type': 'run' }
        cases.push({ '@name': 'the run', '@classname': suite, '@time': seconds(0), error })
      }
      return junitDocument({
        suite,
        cases,
        failures: summary.failed,
        errors: summary.interrupted + (isTold ? 0 : 1),
        skipped: summary.skipped + notStarted,
        durationMs,
      })
    },
  }
}

function verdict({ result, mismatches, reason }: FixtureReport): object {
  switch (result) {
    case 'failed': {
      const lines = mismatches.map(
        ({ what, expected, actual }) => `${what}: expected ${expected}, actual ${printable(actual)}`,
      )
      return {
        failure: {
          '@message': lines[0] ?? 'failed',
          '@type': mismatches[0]?.what ?? 'expectation',
          '#text': lines.join('\n'),
        },
      }
    }
    case 'skipped':
      // As text: the schema of Jenkins gives this element no attribute.
      return { skipped: { '#text': reason ?? 'skipped' } }
    case 'interrupted':
      return { error: { '@message': 'the run was interrupted', '@type': 'interrupted' } }
    default:
      return {}
  }
}
