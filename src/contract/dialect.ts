/*
 * How the common serialisers write the same JSON. Qualifio's own is unknown, and a receiver that
 * verifies the signature over re-serialised JSON passes with one dialect and fails with the next.
 */

/** A serialiser: `js` JSON.stringify, `php` json_encode, `python` json.dumps, `go` encoding/json, `pretty` JSON.stringify with two spaces. */
export type DialectName = 'js' | 'php' | 'python' | 'go' | 'pretty'

/** What a serialiser writes between and inside values. */
export interface Dialect {
  readonly name: DialectName
  /** What the dialect imitates, for people. */
  readonly meaning: string
  readonly comma: string
  readonly colon: string
  /** One level of indentation; empty when everything is on one line. */
  readonly indent: string
  /** Matches a string that `quote` would change beyond putting it in quotes. Not global, so it has no state. */
  readonly unsafe: RegExp
  quote(text: string): string
  /** A finite number. */
  number(value: number): string
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

const unicodeEscape = (unit: string) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0')

/** Escapes what `unsafe` matches, one UTF-16 unit at a time: the short form where JSON has one, else `other`. */
function quoter(unsafe: RegExp, other: (unit: string) => string = unicodeEscape): (text: string) => string {
  const every = new RegExp(unsafe.source, 'g')
  return (text) => '"' + text.replace(every, (unit) => SHORT_ESCAPES[unit] ?? other(unit)) + '"'
}

const quoteJs = (text: string) => JSON.stringify(text)
// A surrogate alone is escaped (well-formed JSON.stringify); a pair takes the slow path and comes out as it is.
// eslint-disable-next-line no-control-regex
const UNSAFE_JS = /["\\\u0000-\u001f\ud800-\udfff]/
const UNSAFE_PHP = /[^ !#-.0-[\]-~\u007f]/
const UNSAFE_PYTHON = /[^ !#-[\]-~]/
// A Go string is UTF-8, where a surrogate alone cannot be: encoding/json writes \ufffd for it.
// eslint-disable-next-line no-control-regex
const UNSAFE_GO =
  /["\\\u0000-\u001f<>&\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** The shortest decimal digits of a finite number and the power of ten of the first one. */
function digitsOf(value: number): { readonly sign: string; readonly digits: string; readonly exponent: number } {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e')
  return { sign: value < 0 ? '-' : '', digits: mantissa.replace('.', ''), exponent: Number(exponent) }
}

// Whole numbers are integers in every language; the rest are floats, and those are written differently.
const numberJs = (value: number) => String(value)

function fixedPoint(value: number): string {
  const { sign, digits, exponent } = digitsOf(value)
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : sign + whole
}

/** `repr(float)`: scientific below 1e-4, with two digits of exponent. */
function numberPython(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  const { sign, digits, exponent } = digitsOf(value)
  if (exponent >= -4) return fixedPoint(value)
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  return `${sign}${mantissa}e-${String(-exponent).padStart(2, '0')}`
}

/** json_encode with serialize_precision -1: scientific below 1e-4, the mantissa always with a point. */
function numberPhp(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  const { sign, digits, exponent } = digitsOf(value)
  if (exponent >= -4) return fixedPoint(value)
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}e-${-exponent}`
}

/** The five serialisers, exact for every string and for the numbers an event can hold. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  js: {
    name: 'js',
    meaning: 'JSON.stringify: compact, UTF-8',
    comma: ',',
    colon: ':',
    indent: '',
    unsafe: UNSAFE_JS,
    quote: quoteJs,
    number: numberJs,
  },
  php: {
    name: 'php',
    meaning: 'json_encode: compact, ASCII, escapes the slash',
    comma: ',',
    colon: ':',
    indent: '',
    unsafe: UNSAFE_PHP,
    quote: quoter(UNSAFE_PHP, (unit) => (unit === '/' ? '\\/' : unicodeEscape(unit))),
    number: numberPhp,
  },
  python: {
    name: 'python',
    meaning: 'json.dumps: a space after comma and colon, ASCII',
    comma: ', ',
    colon: ': ',
    indent: '',
    unsafe: UNSAFE_PYTHON,
    quote: quoter(UNSAFE_PYTHON),
    number: numberPython,
  },
  go: {
    name: 'go',
    meaning: 'encoding/json: compact, UTF-8, escapes < > &',
    comma: ',',
    colon: ':',
    indent: '',
    unsafe: UNSAFE_GO,
    quote: quoter(UNSAFE_GO, (unit) => (unit >= '\ud800' && unit <= '\udfff' ? '\\ufffd' : unicodeEscape(unit))),
    number: numberJs,
  },
  pretty: {
    name: 'pretty',
    meaning: 'JSON.stringify(value, null, 2): two spaces of indentation',
    comma: ',',
    colon: ': ',
    indent: '  ',
    unsafe: UNSAFE_JS,
    quote: quoteJs,
    number: numberJs,
  },
}

/** The names of the dialects, in the order they are listed to people. */
export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly DialectName[]

/** The line break and indentation before a value at `depth`; empty in a dialect on one line. */
export function lineBreak(dialect: Dialect, depth: number): string {
  return dialect.indent === '' ? '' : '\n' + dialect.indent.repeat(depth)
}

/**
 * Any JSON value, as the dialect's serialiser writes it. As in JSON.stringify a key without a value
 * (undefined) is left out, and in a list it is null.
 * @param depth how deep the value stands in its document, for the indentation
 */
export function writeJson(value: unknown, dialect: Dialect, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return dialect.quote(value)
    case 'number':
      return Number.isFinite(value) ? dialect.number(value) : 'null'
    case 'object': {
      if (value === null) return 'null'
      const inner = lineBreak(dialect, depth + 1)
      const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
      const parts = Array.isArray(value)
        ? value.map((item) => writeJson(item, dialect, depth + 1))
        : Object.entries(value)
            .filter(([, content]) => content !== undefined)
            .map(([key, content]) => dialect.quote(key) + dialect.colon + writeJson(content, dialect, depth + 1))
      return parts.length === 0
        ? open + close
        : open + inner + parts.join(dialect.comma + inner) + lineBreak(dialect, depth) + close
    }
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      return 'null'
  }
}
