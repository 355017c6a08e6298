import { wrapped } from './wrapped.ts'

/** Columns of text that no terminal shows. */
export const PLAIN_WIDTH = 100

/** Columns before the text of a row: as wide as its longest name. */
const INDENT = 14

/** A piece of a line that is broken only where it would not fit alone. */
export interface Part {
  readonly text: string
  readonly paint?: (text: string) => string
}

/** What stands between the parts of a line, and how wide its lines may be. */
interface Fit {
  readonly width: number
  readonly indent: number
  readonly separator: string
}

/** Parts in lines that fit, broken between them; the first line is not indented, for something stands before it. */
export function fitted(parts: readonly (Part | string)[], { width, indent, separator }: Fit): string {
  const end = separator.trimEnd()
  const most = width - indent - end.length
  const lines: string[] = []
  let [line, length] = ['', 0]
  for (const part of parts) {
    const { text, paint = (plain: string) => plain } = typeof part === 'string' ? { text: part } : part
    if (length > 0 && length + separator.length + text.length > most) {
      lines.push(line + end)
      line = ''
      length = 0
    }
    const pieces = wrapped(text, { width: width - end.length, indent })
    const shown = pieces.length === 1 ? paint(text) : pieces.map((piece) => paint(piece)).join('\n')
    line = length === 0 ? shown : line + separator + shown
    length = (length === 0 ? 0 : length + separator.length) + (pieces.length === 1 ? text.length : most)
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** A line with a name before it: `latency       p50 2.1 ms  p90 …`. */
export function row(name: string, parts: string | readonly (Part | string)[], fit: Partial<Fit> = {}): string {
  const { width = PLAIN_WIDTH, separator = ', ' } = fit
  return name.padEnd(INDENT) + fitted(typeof parts === 'string' ? [parts] : parts, { width, separator, indent: INDENT })
}
