import { Chalk } from 'chalk'
import { stressSummary, type StressEnding, type StressRenderer } from '../../src/report/stress-report.ts'
import { stressTextRenderer } from '../../src/report/stress-text.ts'
import { resultOf } from '../stress/results.ts'

type Given = Omit<Partial<StressEnding>, 'result' | 'summary'> & { readonly result?: Parameters<typeof resultOf>[0] }

/** The ending of a run in which all went well, with what is said changed. */
export function endingOf({ result: given, ...more }: Given = {}): StressEnding {
  const result = resultOf(given)
  return { result, summary: stressSummary(result), thresholds: [], sentence: 'kept up', exitCode: 0, ...more }
}

/** What a renderer writes of it. */
export function written(renderer: StressRenderer, given?: Given): string {
  return renderer.end(endingOf(given))
}

/** The text of it, without colours. */
export function textOf(given?: Given, columns?: number): string {
  return written(stressTextRenderer(new Chalk({ level: 0 }), columns), given)
}
