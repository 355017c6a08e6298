import { displayUrl } from '../delivery/display-url.ts'
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
    const { flag, value } = /^-[a-z]/i.test(word) ? cluster(word, options) : longFlag(word)
    const variable = secretVariable(flag.replace(/^-(?!-).*(.)$/s, '-$1'), options)
    if (variable === undefined) words.push(quoted(masked(word)))
    else if (value === undefined) {
      words.push(flag)
      hidden = variable
    } else words.push(flag.startsWith('--') ? `${flag}="$${variable}"` : `${flag} "$${variable}"`)
  }
  return ['qualifio-sim', ...words, ...more].join(' ')
}

interface Flagged {
  readonly flag: string
  /** What stands in the same word, after it. */
  readonly value: string | undefined
}

function longFlag(word: string): Flagged {
  const [, flag = word, value] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? []
  return { flag, value }
}

/** Short flags may stand together, and a value right behind the last of them: `-qk`, `-kHname: value`. */
function cluster(word: string, options: OptionTable): Flagged {
  for (let length = 2; length <= word.length; length += 1) {
    const letter = `-${word.charAt(length - 1)}`
    const isSwitch = Object.values(options).some(
      ({ kind, flags }) => kind === 'switch' && flags.startsWith(`${letter},`),
    )
    if (isSwitch) continue
    return { flag: word.slice(0, length), value: length === word.length ? undefined : word.slice(length) }
  }
  return { flag: word, value: undefined }
}

function secretVariable(flag: string, options: OptionTable): string | undefined {
  const option = Object.values(options).find((one) => one.flags.split(/[ ,]+/).includes(flag))
  if (option?.secret !== true) return undefined
  return longName(option) === 'header' ? 'QUALIFIO_SIM_AUTH' : environmentName(option)
}

/** A URL, alone or after its flag, as it may be shown. */
function masked(word: string): string {
  return word.replace(/https?:\/\/.*$/is, (url) => (URL.canParse(url) ? displayUrl(new URL(url)) : '…'))
}

/** A word of a POSIX shell, whatever it holds. */
export function quoted(text: string): string {
  return /^[\w./:@=%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
