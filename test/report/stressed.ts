import { Chalk } from 'chalk'
import { headlineOf, type HeadlineFacts } from '../../src/report/stress-headline.ts'
import {
  stressSummary,
  type StressEnding,
  type StressHeader,
  type StressRenderer,
} from '../../src/report/stress-report.ts'
import { stressTextRenderer, type StressTextStyle } from '../../src/report/stress-text.ts'
import { resultOf } from '../stress/results.ts'

type Given = Omit<Partial<StressEnding>, 'result' | 'summary'> & {
  readonly result?: Parameters<typeof resultOf>[0]
  readonly end?: HeadlineFacts['end']
}

/** The ending of a run in which all went well, with what is said changed. */
export function endingOf({ result: given, end = 'early', ...more }: Given = {}): StressEnding {
  const result = resultOf(given)
  const ending = { result, summary: stressSummary(result), thresholds: [], sentence: 'kept up', exitCode: 0, ...more }
  return { headline: headlineOf({ ...ending, drainMs: 2000, end }), ...ending }
}

/** What a renderer writes of it. */
export function written(renderer: StressRenderer, given?: Given): string {
  return renderer.end(endingOf(given))
}

/** The text of it, without colours. */
export function textOf(given?: Given, style: Partial<StressTextStyle> = {}): string {
  return written(stressTextRenderer({ paint: new Chalk({ level: 0 }), pace: 'open', ...style }), given)
}

/** What is known of it before its first request. */
export const HEADER: StressHeader = {
  schemaVersion: 1,
  toolVersion: '0.0.0',
  command: 'stress',
  target: 'embedded',
  contract: 'assumed-1',
  events: 'earning',
  seed: 7,
  now: '2026-01-31T12:00:00.000Z',
  schedule: '10 s at 100/s; 1,000 deliveries',
  connections: 50,
  maxInFlight: 50,
  workers: 1,
  pace: 'open',
  speed: 60,
  retryDelaysMs: [1000, 2000],
  timeoutMs: 10_000,
  signed: true,
  drainMs: 30_000,
  faults: {},
  insecure: false,
}
