import { nearest, UsageError } from '../errors.ts'

const COLUMNS = [
  'externalId',
  'email',
  'firstName',
  'lastName',
  'birthDate',
  'language',
  'country',
  'enrolledAt',
  'currency',
  'balance',
  'level',
] as const

/** A column of the file. */
export type Column = (typeof COLUMNS)[number]

/** One line of the file, by column; empty cells are absent. */
export interface Row {
  readonly place: string
  readonly cells: ReadonlyMap<Column, string>
}

const OPTIONS = { bom: true, trim: true, info: true, skip_empty_lines: true, relax_column_count: true } as const

/** What separates the cells: Excel writes semicolons where the comma is the decimal sign, as in Belgium and France. */
const DELIMITERS = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const

/** csv-parse's findings in the words of someone who edits the file. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell begins with a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'a cell goes on after its closing quote; a quote inside quotes is written twice',
  INVALID_OPENING_QUOTE: 'a quote stands inside a cell; put the whole cell in quotes, and write its quotes twice',
}

/** The separator that stands most often in the header, outside quotes. */
function delimiterOf(text: string): keyof typeof DELIMITERS {
  const [header = ''] = /^.*\S.*$/m.exec(text) ?? []
  const unquoted = header.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => unquoted.split(delimiter).length
  const known = Object.keys(DELIMITERS) as (keyof typeof DELIMITERS)[]
  return known.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}

/**
 * The lines of a CSV file under its header.
 * @throws UsageError with `file:line`
 */
export async function rowsOf(text: string, fileName: string): Promise<readonly Row[]> {
  const { CsvError, parse } = await import('csv-parse/sync')
  const delimiter = delimiterOf(text)
  let lines: { record: string[]; info: { lines: number } }[]
  try {
    lines = parse(text, { ...OPTIONS, delimiter }) as unknown as typeof lines
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = (error as unknown as { lines?: number }).lines
    const problem = PROBLEMS[error.code] ?? 'this line cannot be read'
    throw new UsageError(`${fileName}${line === undefined ? '' : `:${line}`}: not CSV: ${problem}.`)
  }
  const [header, ...body] = lines
  if (header === undefined)
    throw new UsageError(`${fileName} is empty; its first line names the columns: ${COLUMNS.join(',')}.`)
  const columns = header.record.map((name) => columnNamed(name, `${fileName}:${header.info.lines}`))
  columns.forEach((column, index) => {
    if (columns.indexOf(column) !== index) {
      throw new UsageError(`${fileName}:${header.info.lines}: column ${column} stands twice.`)
    }
  })
  if (!columns.includes('externalId')) {
    throw new UsageError(`${fileName}:${header.info.lines}: no column externalId, which tells people apart.`)
  }
  return body.map(({ record, info }) => {
    const place = `${fileName}:${info.lines}`
    if (record.length > columns.length) {
      throw new UsageError(
        `${place}: ${record.length} cells under ${columns.length} columns; put cells that contain a ${DELIMITERS[delimiter]} in quotes.`,
      )
    }
    const cells = new Map<Column, string>()
    columns.forEach((column, index) => {
      const cell = record[index]
      if (cell !== undefined && cell !== '') cells.set(column, cell)
    })
    return { place, cells }
  })
}

function columnNamed(name: string, place: string): Column {
  const column = COLUMNS.find((known) => known.toLowerCase() === name.toLowerCase())
  if (column !== undefined) return column
  const near = nearest(name, COLUMNS)
  const hint = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(`${place}: unknown column "${name}"${hint} Known: ${COLUMNS.join(', ')}.`)
}
