/** How wide text may be, and where its lines begin. */
export interface Column {
  /** Columns of the whole line. */
  readonly width: number
  /** Columns before the text, the same on every line. */
  readonly indent: number
}

/** Words are not squeezed into less than this, however narrow the terminal. */
const NARROWEST = 12

/**
 * A text in lines that fit, broken at spaces and at line breaks; a word that is longer stays whole. The first line is
 * not indented, for something stands before it; the others are.
 */
export function wrapped(text: string, { width, indent }: Column): readonly string[] {
  const most = Math.max(NARROWEST, width - indent)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((one, index) => (index === 0 ? one : `${' '.repeat(indent)}${one}`))
}

/** A number with its noun, in the plural unless it is one: `1 event`, `1,200 events`. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}
