import { environmentName, longName, type OptionTable } from './option.ts'

/**
 * A command line to type again, for a POSIX shell; the values of secret options stand there as the variables that hold
 * them, and URLs with values in their query as `…`.
 * @param argv what the user typed, command first
 * @param more words that make it the same again, such as the seed that was drawn
 */
export function commandText(argv: readonly string[], options: OptionTable, more: readonly string[] = []): string {
  const words: string[] = []
  let hidden: string | undefined
  for (const word of argv) {
    if (hidden !== undefined) {
      words.push(`"$${hidden}"`)
      hidden = undefined
      continue
    }
    const [flag = '', value] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word)?.slice(1) ?? [word]
    const variable = secretVariable(flag, options)
    if (variable === undefined) words.push(quoted(masked(word)))
    else if (value === undefined) {
      words.push(flag)
      hidden = variable
    } else words.push(`${flag}="$${variable}"`)
  }
  return ['qualifio-sim', ...words, ...more].join(' ')
}

function secretVariable(flag: string, options: OptionTable): string | undefined {
  const option = Object.values(options).find((one) => one.flags.split(/[ ,]+/).includes(flag))
  if (option?.secret !== true) return undefined
  return longName(option) === 'header' ? 'QUALIFIO_SIM_AUTH' : environmentName(option)
}

function masked(word: string): string {
  return /^https?:\/\//i.test(word) ? word.replace(/([?&][^=&]*=)[^&]+/g, '$1…') : word
}

/** A word of a POSIX shell, whatever it holds. */
export function quoted(text: string): string {
  return /^[\w./:@=%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
