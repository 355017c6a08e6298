/*
 * How languages write a JSON number again that they have parsed: the source text decides, because
 * Python and Java keep 1.0 and big integers apart from 1, and PHP and JavaScript do not.
 */

/** Writes a JSON number, given as it stood in its document; throws a RangeError where the language cannot. */
export type NumberWriter = (source: string) => string

const isInteger = (source: string) => /^-?\d+$/.test(source)
const INT64 = 2n ** 63n

interface Decimal {
  readonly sign: string
  /** The shortest digits that read back as the same double. */
  readonly digits: string
  /** The power of ten of the first digit. */
  readonly exponent: number
}

function decimalOf(value: number): Decimal {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return { sign, digits: mantissa.replace('.', ''), exponent: Number(exponent) }
}

/** Without an exponent and, for a whole number, without a point. */
function fixed({ sign, digits, exponent }: Decimal): string {
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return digits.length > exponent + 1 ? `${sign}${whole}.${digits.slice(exponent + 1)}` : sign + whole
}

const withPoint = (text: string) => (text.includes('.') ? text : `${text}.0`)

/** JSON.stringify: one kind of number, and infinity is null. */
export const numberAsJs: NumberWriter = (source) => JSON.stringify(Number(source))

/** encoding/json: as JavaScript, but zero keeps its sign. */
export const numberAsGo: NumberWriter = (source) => {
  const value = Number(source)
  if (!Number.isFinite(value)) throw new RangeError('no Go float')
  return Object.is(value, -0) ? '-0' : String(value)
}

/** json_encode with serialize_precision -1 (the default since PHP 7.1): integers past 64 bits become floats. */
export const numberAsPhp: NumberWriter = (source) => phpNumber(source, (text) => text)

/** The same with JSON_PRESERVE_ZERO_FRACTION, which keeps 1.0. */
export const numberAsPhpWithFraction: NumberWriter = (source) => phpNumber(source, withPoint)

function phpNumber(source: string, ofFloat: (text: string) => string): string {
  // Up to 20 characters, or BigInt would read a long row of digits only to find it too large.
  if (isInteger(source) && source.length <= 20) {
    const value = BigInt(source)
    if (value >= -INT64 && value < INT64) return value.toString()
  }
  const value = Number(source)
  if (!Number.isFinite(value)) throw new RangeError('json_encode refuses infinity')
  const decimal = decimalOf(value)
  if (decimal.exponent >= -4 && decimal.exponent < 17) return ofFloat(fixed(decimal))
  const { sign, digits, exponent } = decimal
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** json.dumps: integers of any size, floats by repr. */
export const numberAsPython: NumberWriter = (source) => {
  if (isInteger(source)) return source === '-0' ? '0' : source
  const value = Number(source)
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity'
  const decimal = decimalOf(value)
  if (decimal.exponent >= -4 && decimal.exponent < 16) return withPoint(fixed(decimal))
  const { sign, digits, exponent } = decimal
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** Jackson: integers of any size, doubles by Double.toString (shortest digits since Java 19). */
export const numberAsJava: NumberWriter = (source) => {
  if (isInteger(source)) return source === '-0' ? '0' : source
  const value = Number(source)
  if (!Number.isFinite(value)) throw new RangeError('no JSON')
  const decimal = decimalOf(value)
  if (value === 0 || (decimal.exponent >= -3 && decimal.exponent < 7)) return withPoint(fixed(decimal))
  return `${decimal.sign}${decimal.digits[0]}.${decimal.digits.slice(1) || '0'}E${decimal.exponent}`
}

/** System.Text.Json's JsonElement and JsonNode: as it came. */
export const numberAsDotNet: NumberWriter = (source) => source
