import { secondText } from '../report/stress-second.ts'
import type { StressSecond } from '../stress/result.ts'
import type { Context } from './context.ts'

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

/** One line that changes every second on a terminal; a line every five seconds elsewhere. */
export function startLiveView({ stderr, env }: Context, style: 'shown' | 'none'): LiveView {
  if (style === 'none') return NONE
  if (!stderr.isTerminal || (env.CI ?? '') !== '') {
    return {
      second: (second) => {
        if ((second.second + 1) % EVERY_SECONDS === 0) stderr.write(`${secondText(second)}\n`)
      },
      note: (text) => stderr.write(`${text}\n`),
      stop: () => undefined,
    }
  }
  let isDrawn = false
  return {
    second: (second) => {
      isDrawn = true
      stderr.write(ERASE_LINE + stderr.paint.dim(secondText(second, stderr.columns - 1)))
    },
    note: (text) => stderr.write(`${isDrawn ? ERASE_LINE : ''}${text}\n`),
    stop: () => {
      if (isDrawn) stderr.write(ERASE_LINE)
    },
  }
}
