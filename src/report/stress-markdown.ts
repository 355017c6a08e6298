import { cell } from './github-text.ts'
import { comparisonMarkdown } from './stress-comparison.ts'
import { number } from './stress-figures.ts'
import type { StressHeader, StressRenderer, StressSummary } from './stress-report.ts'

/** The job summary in Markdown: what it came to, thresholds and books; for the file that GITHUB_STEP_SUMMARY names. */
export function stressMarkdownRenderer({
  target,
  schedule,
}: Pick<StressHeader, 'target' | 'schedule'>): StressRenderer {
  return {
    second: () => '',
    end: ({ headline, sentence, thresholds, summary, ...compared }) =>
      [
        `### qualifio-sim stress: ${cell(headline)}`,
        '',
        `${cell(sentence)}.`,
        '',
        `${cell(target)}: ${cell(schedule)}`,
        '',
        ...(thresholds.length === 0 ? [] : ['| threshold | actual | verdict |', '|---|---|---|']),
        ...thresholds.map(
          ({ text, actual, crossed }) => `| ${cell(text)} | ${cell(actual)} | ${crossed ? '✗ crossed' : '✓ kept'} |`,
        ),
        ...(thresholds.length === 0 ? [] : ['']),
        '| outcome | deliveries |',
        '|---|---:|',
        ...outcomes(summary).map(([name, count]) => `| ${name} | ${number(count)} |`),
        `| **due** | **${number(summary.deliveries)}** |`,
        '',
        ...comparisonMarkdown(compared),
        '',
      ].join('\n'),
  }
}

function outcomes(summary: StressSummary): readonly (readonly [name: string, count: number])[] {
  const { delivered, deliveredFirst, blocked, dropped, interrupted, refusedAsExpected, wronglyAccepted, unproven } =
    summary
  const more = [
    ['dropped', dropped],
    ['interrupted', interrupted - unproven],
    ['forged, refused as expected', refusedAsExpected],
    ['forged, wrongly accepted', wronglyAccepted],
    ['forged, proving nothing', unproven],
  ] as const
  return [
    ['delivered at first', deliveredFirst],
    ['delivered after retries', delivered - deliveredFirst],
    ['blocked', blocked],
    ...more.filter(([, count]) => count > 0),
  ]
}
