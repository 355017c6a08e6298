import XMLBuilder from 'fast-xml-builder'
import { printable } from '../delivery/printable.ts'
import type { ReplayedFixture } from '../replay/run.ts'
import { fixtureReport, type FixtureReport, type ReplayRenderer } from './replay-report.ts'

/**
 * JUnit XML as Jenkins, GitLab and the others read it: a `testcase` per fixture; `<failure>` is the receiver's,
 * `<error>` ours (a fixture that was interrupted), `<skipped>` with its reason.
 */
export function junitRenderer({ suite }: { readonly suite: string }): ReplayRenderer {
  const reports: FixtureReport[] = []
  return {
    fixture(result: ReplayedFixture) {
      reports.push(fixtureReport(result))
      return ''
    },
    end: ({ summary }) => {
      const time = seconds(reports.reduce((sum, { durationMs }) => sum + durationMs, 0))
      const totals = {
        '@name': suite,
        '@tests': reports.length,
        '@failures': summary.failed,
        '@errors': summary.interrupted,
        '@time': time,
      }
      return builder.build({
        '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
        testsuites: {
          ...totals,
          testsuite: { ...totals, '@skipped': summary.skipped, testcase: reports.map(testcase) },
        },
      })
    },
  }
}

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  processEntities: true,
  attributeValueProcessor: (_, value) => legal(String(value)),
  tagValueProcessor: (_, value) => legal(String(value)),
})

function testcase(report: FixtureReport): object {
  return {
    '@name': report.line === undefined ? report.name : `${report.name} (line ${report.line})`,
    '@classname': report.file,
    '@time': seconds(report.durationMs),
    ...verdict(report),
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

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3)
}

/** XML 1.0 has no way to write these characters (https://www.w3.org/TR/xml/#charsets), so they are left out. */
function legal(text: string): string {
  return text.replace(/[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
}
