import XMLBuilder from 'fast-xml-builder'

/** A suite of test cases: `cases` with attributes as `@name`, as the XML builder takes them. */
export interface JunitSuite {
  readonly suite: string
  readonly cases: readonly object[]
  readonly failures: number
  readonly errors: number
  readonly skipped: number
  readonly durationMs: number
}

/** JUnit XML as Jenkins, GitLab and the others read it. */
export function junitDocument({ suite, cases, failures, errors, skipped, durationMs }: JunitSuite): string {
  const totals = {
    '@name': suite,
    '@tests': cases.length,
    '@failures': failures,
    '@errors': errors,
    '@time': seconds(durationMs),
  }
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: { ...totals, testsuite: { ...totals, '@skipped': skipped, testcase: cases } },
  })
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

/** A duration as JUnit has it. */
export function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3)
}

/** XML 1.0 has no way to write these characters (https://www.w3.org/TR/xml/#charsets), so they are left out. */
function legal(text: string): string {
  return text.replace(/[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
}
