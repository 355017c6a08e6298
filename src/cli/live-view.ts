import { fitted, PLAIN_WIDTH } from '../report/stress-lines.ts'
import { isIdle, secondText, spanParts } from '../report/stress-second.ts'
import { wrapped } from '../report/wrapped.ts'
import type { StressSecond } from '../stress/result.ts'
import type { Context, Output } from './context.ts'

/** What is shown while a load runs. */
export interface LiveView {
  second(second: StressSecond): void
  /** A line that stays. */
  note(text: string): void
  stop(): void
}

const NONE: LiveView = { second: () => undefined, note: () => undefined, stop: () => undefined }
/** Returns to the start of the line and erases it (ECMA-48 EL). */
const ERASE_LINE = '\r\u001b[K'
/** In a log, a line so often. */
const EVERY_SECONDS = 5
/** Columns before what goes on in the next line. */
const INDENT = 13

/** Columns for text; a terminal that does not know its own has the width that text has without one. */
export function widthOf({ isTerminal, columns }: Pick<Output, 'isTerminal' | 'columns'>): number {
  return isTerminal && columns > 0 ? columns : PLAIN_WIDTH
}

/** One line that changes every second on a terminal; a line every five seconds elsewhere, which sums them up. */
export function startLiveView({ stderr, env }: Context, style: 'shown' | 'none'): LiveView {
  if (style === 'none') return NONE
  const noteText = (text: string): string => `${wrapped(text, { width: widthOf(stderr), indent: 2 }).join('\n')}\n`
  if (!stderr.isTerminal || (env.CI ?? '') !== '') {
    let span: StressSecond[] = []
    return {
      second: (second) => {
        span.push(second)
        if ((second.second + 1) % EVERY_SECONDS !== 0) return
        const parts = spanParts(span)
        span = []
        if (parts.length === 0) return
        stderr.write(`${fitted(parts, { width: widthOf(stderr), indent: INDENT, separator: ', ' })}\n`)
      },
      note: (text) => stderr.write(noteText(text)),
      stop: () => undefined,
    }
  }
  let isDrawn = false
  return {
    second: (second) => {
      // The last may have nothing left to tell: what came before it stays.
      if (isDrawn && isIdle(second)) return
      isDrawn = true
      // The last column stays free: some terminals begin a new line once it is full.
      stderr.write(ERASE_LINE + stderr.paint.dim(secondText(second, widthOf(stderr) - 1)))
    },
    note: (text) => stderr.write(`${isDrawn ? ERASE_LINE : ''}${noteText(text)}`),
    stop: () => {
      if (isDrawn) stderr.write(ERASE_LINE)
    },
  }
}
