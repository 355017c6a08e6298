import type { ChalkInstance } from 'chalk'
import { diagnose } from '../delivery/diagnosis.ts'
import { formatDuration } from '../delivery/duration.ts'
import { explainFailure } from '../delivery/failure.ts'
import { printable } from '../delivery/printable.ts'
import type { FixturePlace } from '../fixture/fixture.ts'
import type { ReplayedFixture } from '../replay/run.ts'
import { curlCommand } from './curl.ts'
import type { ReplayEnding, ReplayRenderer } from './replay-report.ts'
import { STOPPED_BY } from './send-report.ts'

/** How a replay is told to a person. */
export interface ReplayTextOptions {
  readonly paint: ChalkInstance
  readonly url: URL
  readonly displayedUrl: string
  /** Words that a curl command needs for this target, `-k` for instance. */
  readonly curlFlags: readonly string[]
  /** How often each fixture is sent, as `--fault duplicate` asks; 1 by default. */
  readonly copies?: number
}

/** `--format text`: each fixture one line, failures with what was expected, and all failures again at the end. */
export function replayTextRenderer(options: ReplayTextOptions): ReplayRenderer {
  const { paint } = options
  const failures: string[] = []
  return {
    fixture(result) {
      if (result.kind === 'skipped')
        return `${paint.yellow('-')} ${title(result)} ${paint.dim(`skipped: ${result.reason}`)}\n`
      if (result.kind === 'interrupted') return `${paint.yellow('?')} ${title(result)} interrupted\n`
      const took = paint.dim(`${answers(result)}, ${formatDuration(result.durationMs)}`)
      if (result.kind === 'passed') return `${paint.green('✓')} ${title(result)} ${took}\n`
      const text = failureText(options, result)
      failures.push(text)
      return `${paint.red('✗')} ${title(result)} ${took}\n${text}\n`
    },
    end: (ending) => {
      // With a few lines they are still on the screen.
      const again =
        failures.length > 0 && ending.summary.fixtures > 10
          ? `\n${paint.red.bold('Failures')}\n\n${failures.join('\n\n')}\n`
          : ''
      return `${again}${summaryText(options, ending)}\n`
    },
  }
}

/** A fixture's name, with its place where that says more. */
function title({ fixture: { name, place } }: ReplayedFixture): string {
  return placeText(place) === name ? name : `${name} (${placeText(place)})`
}

function placeText({ file, line }: FixturePlace): string {
  return line === undefined ? file : `${file}:${line}`
}

function answers({ outcome }: Exclude<ReplayedFixture, { kind: 'skipped' }>): string {
  return outcome.attempts
    .map(({ result }) => (result.kind === 'responded' ? `${result.status}` : result.code))
    .join(', ')
}

function failureText(options: ReplayTextOptions, result: Exclude<ReplayedFixture, { kind: 'skipped' }>): string {
  const { paint, url, displayedUrl, curlFlags } = options
  const last = result.outcome.attempts.at(-1)?.result
  const hints =
    last === undefined ? [] : last.kind === 'responded' ? diagnose(last, url) : [explainFailure(last, url).nextStep]
  return [
    `  ${paint.bold(title(result))}`,
    ...result.mismatches.flatMap(({ what, expected, actual }) => [
      `    ${what}: expected ${paint.green(expected)}`,
      `    ${' '.repeat(what.length)}    actual ${paint.red(printable(actual))}`,
    ]),
    ...hints.map((hint) => `    ${paint.yellow(hint)}`),
    paint.dim(copyable(curlCommand(result.request, { url: displayedUrl, flags: curlFlags }), result.request.body)),
  ].join('\n')
}

/** Moved in, unless that would put spaces into a body of several lines. */
function copyable(command: string, body: Uint8Array): string {
  return /[\r\n\u2028\u2029]/.test(Buffer.from(body).toString()) ? command : command.replaceAll(/^/gm, '    ')
}

const REPLAY_STOPPED_BY = { ...STOPPED_BY, 'first-failure': 'stopped at the first failure (--fail-fast)' } as const

function summaryText({ paint, copies = 1 }: ReplayTextOptions, { summary, stoppedBy }: ReplayEnding): string {
  const { fixtures, passed, failed, skipped, interrupted, notStarted, requests } = summary
  const parts = [
    paint.green(`${passed} passed`),
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(skipped > 0 ? [paint.yellow(`${skipped} skipped`)] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(notStarted > 0 ? [`${notStarted} not started`] : []),
  ]
  const why = stoppedBy === undefined ? '' : `; ${paint.yellow(REPLAY_STOPPED_BY[stoppedBy])}`
  const all = fixturesText(Math.ceil(fixtures / copies))
  const of = copies === 1 ? all : `${fixtures} (${all}, ${copies} times each)`
  return `${parts.join(', ')} of ${of}, ${requests} ${requests === 1 ? 'request' : 'requests'}${why}`
}

function fixturesText(count: number): string {
  return `${count} ${count === 1 ? 'fixture' : 'fixtures'}`
}
