/*
 * The ways in which a text comes back from a server that echoes it. A pattern has all of them at once, character
 * by character, because encoders do not agree on what they escape.
 */

/** Shorter values count only as a whole token. */
const TOKEN_BELOW_LENGTH = 4
const TOKEN_CHARACTER = String.raw`[\p{L}\p{N}_.+/%~-]`

/** Finds any of the values, in any of their forms; where two begin, the one that stands first in the list. */
export function secretPattern(values: readonly string[]): RegExp {
  return new RegExp(values.map(anyForm).join('|'), 'gu')
}

/** The value in the commonest encodings, as plain texts. */
export function encodedForms(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    // From bytes: a lone surrogate, which no URL can hold, would throw.
    encodeURIComponent(bytes.toString()),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
}

function anyForm(value: string): string {
  const bytes = Buffer.from(value)
  // Header bytes beyond ASCII may be decoded as latin-1.
  const readings = new Set([value, bytes.toString('latin1')])
  const forms = [...readings].map((reading) => Array.from(reading, anyEscape).join(''))
  const all = `(?:${[...forms, anyBase64(bytes)].join('|')})`
  return value.length < TOKEN_BELOW_LENGTH ? `(?<!${TOKEN_CHARACTER})${all}(?!${TOKEN_CHARACTER})` : all
}

/** Both alphabets, with or without padding, which may be escaped in turn. */
function anyBase64(bytes: Buffer): string {
  const letters = bytes.toString('base64').replace(/=+$/, '')
  const digits = Array.from(letters, (letter) => {
    if (letter === '+') return `(?:${anyEscape('+')}|-)`
    return letter === '/' ? `(?:${anyEscape('/')}|_)` : letter
  })
  return `${digits.join('')}(?:${anyEscape('=')}){0,2}`
}

const NAMED: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }
const JSON_SHORT: Readonly<Record<string, string>> = { '\t': 't', '\n': 'n', '\r': 'r', '\b': 'b', '\f': 'f' }

/** A pattern for one character, as it is or escaped. Letters and digits are never escaped. */
function anyEscape(character: string): string {
  if (/^[a-z0-9]$/i.test(character)) return character
  const point = character.codePointAt(0) ?? 0
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  const forms = [
    `\\u{${point.toString(16)}}`,
    Array.from(Buffer.from(character), (byte) => `%${hex(byte, 2)}`).join(''),
    units.map((unit) => String.raw`\\u${hex(unit, 4)}`).join(''),
    `&#0*${point};`,
    `&#[xX]0*${hex(point, 1)};`,
  ]
  const name = NAMED[character]
  if (name !== undefined) forms.push(`&${name};`)
  if (/^["\\/]$/.test(character)) forms.push(String.raw`\\` + `\\u{${point.toString(16)}}`)
  const short = JSON_SHORT[character]
  if (short !== undefined) forms.push(String.raw`\\` + short)
  if (character === ' ') forms.push(String.raw`\+`)
  // The longest first: a backslash that is escaped by another is two characters.
  return `(?:${forms.toSorted((a, b) => b.length - a.length).join('|')})`
}

/** A number in hexadecimal, in either case. */
function hex(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
}
