import { parseEnv } from 'node:util'
import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import { readOptionalText } from './files.ts'

/** Files with variables in the working directory; the later one wins. */
export const DOTENV_FILES = ['.env', '.env.local'] as const

const LINE = /^\s*(?:export\s+)?(QUALIFIO_SIM_\w+)\s*=\s*(["'`]?)/

/**
 * The variables of a file that are meant for this program; none where there is no such file.
 * @throws UsageError with `.env:line` for a quote that is not closed: the parser takes it for a part of the value, or
 * takes the lines after it for one
 */
export function readDotenv(context: Context, name: string): Readonly<Record<string, string>> {
  const content = readOptionalText(context, name)
  if (content === undefined) return {}
  const variables = parseEnv(content) as Record<string, string>
  refuseOpenQuotes(content, name, variables)
  return Object.fromEntries(Object.entries(variables).filter(([variable]) => variable.startsWith('QUALIFIO_SIM_')))
}

function refuseOpenQuotes(content: string, name: string, variables: Readonly<Record<string, string>>): void {
  let lineOffset = 0
  for (const [index, line] of content.split('\n').entries()) {
    const [start = '', variable = '', quote = ''] = LINE.exec(line) ?? []
    const where = `${name}:${index + 1}: ${variable}`
    if (quote !== '' && !isClosed(content, quote, lineOffset + start.length))
      throw new UsageError(`${where}: the quote before its value is not closed; close it, or leave it out.`)
    if (variable !== '' && variables[variable] === undefined)
      throw new UsageError(`${where}: is taken for a part of the value above it; close the quote of that value.`)
    lineOffset += line.length + 1
  }
}

/** A value may have several lines; where something follows it on the last, that is another value's quote. */
function isClosed(content: string, quote: string, from: number): boolean {
  const end = content.indexOf(quote, from)
  if (end === -1) return false
  const hasLines = content.slice(from, end).includes('\n')
  return !hasLines || /^[ \t\r]*(#.*)?(\n|$)/.test(content.slice(end + 1))
}
