import { DIALECTS } from '../contract/dialect.ts'
import {
  numberAsDotNet,
  numberAsGo,
  numberAsJava,
  numberAsJs,
  numberAsPhp,
  numberAsPhpWithFraction,
  numberAsPython,
} from './explain-numbers.ts'
import type { NumberWriter } from './explain-numbers.ts'

/*
 * The dialects of the contract write an event; these write any document again that was parsed in
 * another language, where the difference between 1 and 1.0 and the order of keys count.
 */

/** A language that parses JSON and writes it again. */
export interface Serialiser {
  readonly id: string
  /** The call, as its users write it. */
  readonly call: string
  readonly comma: string
  readonly colon: string
  /** One level of indentation; empty when everything is on one line. */
  readonly indent: string
  readonly quote: (text: string) => string
  readonly number: NumberWriter
  /** Whether objects come out with their keys in order. */
  readonly keys?: 'sorted'
  /** How PHP holds objects: as arrays an empty one is written [] and one with keys 0 to n a list. */
  readonly objects?: 'arrays'
  /** Tried only where it writes something other than this one. */
  readonly refines?: string
}

const { php, python, go } = DIALECTS

const quoteUnicode = (text: string) => JSON.stringify(text)
/** The slash apart from the rest: `\/` cannot be taken out of quoted text, where `\\/` may stand. */
const quotePhpSlashes = (text: string) =>
  '"' +
  text
    .split('/')
    .map((part) => php.quote(part).slice(1, -1))
    .join('/') +
  '"'
const lineSeparators = (quoted: string) =>
  quoted.replace(/[\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`)
const quotePhpUnicode = (text: string) => lineSeparators(quoteUnicode(text)).replaceAll('/', '\\/')
const quotePhpBoth = (text: string) => lineSeparators(quoteUnicode(text))
/** Jackson writes control characters in upper-case hexadecimal. */
const quoteJava = (text: string) => quoteUnicode(text).replace(/\\u00[01][\da-f]/g, upperEscape)
/** JavaScriptEncoder.Default: ASCII, and HTML's characters escaped, in upper-case hexadecimal. */
const quoteDotNet = (text: string) =>
  '"' + text.replace(/["\\\x00-\x1f&'+<>`\x7f]|[^\x00-\x7f]/g, (unit) => DOT_NET[unit] ?? dotNetEscape(unit)) + '"'
const DOT_NET: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}
const dotNetEscape = (unit: string) => '\\u' + unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
const upperEscape = (escape: string) => '\\u' + escape.slice(2).toUpperCase()

const compact = { comma: ',', colon: ':', indent: '' } as const
const spaced = { comma: ', ', colon: ': ', indent: '' } as const
const phpPretty = { comma: ',', colon: ': ', indent: '    ' } as const
const inPhp = (flags: string) => `json_encode(json_decode($body)${flags === '' ? '' : `, ${flags}`}) in PHP`
const SLASHES = 'JSON_UNESCAPED_SLASHES'
const UNICODE = 'JSON_UNESCAPED_UNICODE'
const PRETTY = 'JSON_PRETTY_PRINT'

const PHP: readonly Serialiser[] = [
  { id: 'php', call: inPhp(''), ...compact, quote: php.quote, number: numberAsPhp },
  { id: 'php-slashes', call: inPhp(SLASHES), ...compact, quote: quotePhpSlashes, number: numberAsPhp },
  { id: 'php-unicode', call: inPhp(UNICODE), ...compact, quote: quotePhpUnicode, number: numberAsPhp },
  {
    id: 'php-slashes-unicode',
    call: inPhp(`${SLASHES} | ${UNICODE}`),
    ...compact,
    quote: quotePhpBoth,
    number: numberAsPhp,
  },
  { id: 'php-pretty', call: inPhp(PRETTY), ...phpPretty, quote: php.quote, number: numberAsPhp },
  {
    id: 'php-pretty-slashes-unicode',
    call: inPhp(`${PRETTY} | ${SLASHES} | ${UNICODE}`),
    ...phpPretty,
    quote: quotePhpBoth,
    number: numberAsPhp,
  },
]

/** The flags of before, with one thing more that most documents do not show. */
const PHP_REFINED: readonly Serialiser[] = PHP.flatMap((base) => [
  {
    ...base,
    id: `${base.id}-arrays`,
    call: base.call.replace('($body)', '($body, true)'),
    objects: 'arrays',
    refines: base.id,
  } as const,
  {
    ...base,
    id: `${base.id}-fraction`,
    call: base.call.includes(', JSON')
      ? base.call.replace(') in PHP', ' | JSON_PRESERVE_ZERO_FRACTION) in PHP')
      : inPhp('JSON_PRESERVE_ZERO_FRACTION'),
    number: numberAsPhpWithFraction,
    refines: base.id,
  },
])

const inPython = (options: string) => `json.dumps(json.loads(body)${options === '' ? '' : `, ${options}`}) in Python`
const COMPACT = "separators=(',', ':')"
const PYTHON: readonly Serialiser[] = [
  { id: 'python', call: inPython(''), ...spaced, quote: python.quote, number: numberAsPython },
  { id: 'python-compact', call: inPython(COMPACT), ...compact, quote: python.quote, number: numberAsPython },
  {
    id: 'python-unicode',
    call: inPython('ensure_ascii=False'),
    ...spaced,
    quote: quoteUnicode,
    number: numberAsPython,
  },
  {
    id: 'python-compact-unicode',
    call: inPython(`${COMPACT}, ensure_ascii=False`),
    ...compact,
    quote: quoteUnicode,
    number: numberAsPython,
  },
]

const SORTED: readonly Serialiser[] = [
  { id: 'sorted', call: 'JSON.stringify with sorted keys', ...compact, quote: quoteUnicode, number: numberAsJs },
  { id: 'sorted-python', call: inPython('sort_keys=True'), ...spaced, quote: python.quote, number: numberAsPython },
  {
    id: 'sorted-python-compact',
    call: inPython(`sort_keys=True, ${COMPACT}`),
    ...compact,
    quote: python.quote,
    number: numberAsPython,
  },
  { id: 'sorted-go', call: 'json.Marshal of a map in Go', ...compact, quote: go.quote, number: numberAsGo },
].map((serialiser) => ({ ...serialiser, keys: 'sorted' }) as const)

/** The serialisers but JavaScript's own, likeliest first. */
export const SERIALISERS: readonly Serialiser[] = [
  ...PHP,
  ...PYTHON,
  { id: 'java', call: 'ObjectMapper (Jackson) in Java', ...compact, quote: quoteJava, number: numberAsJava },
  { id: 'dotnet', call: 'System.Text.Json in .NET', ...compact, quote: quoteDotNet, number: numberAsDotNet },
  { id: 'go', call: 'json.Marshal of a struct in Go', ...compact, quote: go.quote, number: numberAsGo },
  ...SORTED,
  ...PHP_REFINED,
]
