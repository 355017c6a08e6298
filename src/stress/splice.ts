/*
 * Writers for the values that differ from body to body: fixed in length, ASCII, straight into the bytes. Each has its
 * text beside it, so that the bytes can be compared with what the contract's own rendering makes of the same value.
 */

/** How a moment stands on the wire: as the event model has it, or through one of the contract's filters. */
export const TIME_FORMS = ['iso', 'epoch_ms', 'epoch_s', 'date'] as const
/** One of them. */
export type TimeForm = (typeof TIME_FORMS)[number]

/** How many bytes each form takes, for moments from 2001 to 2286. */
export const TIME_BYTES: Readonly<Record<TimeForm, number>> = { iso: 24, epoch_ms: 13, epoch_s: 10, date: 10 }

/** Digits of the round through the pool of events that makes members and codes of later rounds their own. */
export const ROUND_DIGITS = 7

/** A moment (ms since the epoch) as text. */
export function timeText(form: TimeForm, ms: number): string {
  if (form === 'epoch_ms') return String(ms)
  if (form === 'epoch_s') return String(Math.floor(ms / 1000))
  const text = new Date(ms).toISOString()
  return form === 'iso' ? text : text.slice(0, 10)
}

/** Writes moments into bytes; it remembers the last one of each form, since neighbours share it. */
export type TimeSplicer = (form: TimeForm, ms: number, place: { target: Uint8Array; at: number }) => void

/** A number's ASCII digits, with zeros before them. */
export function writeDigits(value: number, digits: number, target: Uint8Array, at: number): void {
  let rest = value
  for (let position = at + digits - 1; position >= at; position--) {
    const tenth = Math.floor(rest / 10)
    target[position] = 48 + rest - tenth * 10
    rest = tenth
  }
}

/** The round as text. */
export const roundText = (round: number): string => String(round % 10 ** ROUND_DIGITS).padStart(ROUND_DIGITS, '0')

/** MurmurHash3's finaliser: one 32-bit number for each other, and every bit matters. */
export function mix(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** The eight lower-case hexadecimal digits of a 32-bit number. */
export function writeWord(word: number, target: Uint8Array, at: number): void {
  target[at] = HEX[word >>> 28] as number
  target[at + 1] = HEX[(word >>> 24) & 15] as number
  target[at + 2] = HEX[(word >>> 20) & 15] as number
  target[at + 3] = HEX[(word >>> 16) & 15] as number
  target[at + 4] = HEX[(word >>> 12) & 15] as number
  target[at + 5] = HEX[(word >>> 8) & 15] as number
  target[at + 6] = HEX[(word >>> 4) & 15] as number
  target[at + 7] = HEX[word & 15] as number
}

function writeHalf(word: number, target: Uint8Array, at: number): void {
  target[at] = HEX[(word >>> 12) & 15] as number
  target[at + 1] = HEX[(word >>> 8) & 15] as number
  target[at + 2] = HEX[(word >>> 4) & 15] as number
  target[at + 3] = HEX[word & 15] as number
}

/**
 * Writes the UUID (version 4) of a number under a key. The first eight digits alone tell 2^32 numbers in a row
 * apart; the others make runs with different keys differ.
 */
export function writeUuid(key: number, number: number, target: Uint8Array, at: number): void {
  const high = Math.floor(number / 0x1_0000_0000)
  const a = mix(number ^ key)
  const b = mix(a + key + high)
  const c = mix(b ^ 0x9e3779b9 ^ key)
  writeWord(a, target, at)
  target[at + 8] = 45
  writeHalf(b >>> 16, target, at + 9)
  target[at + 13] = 45
  writeHalf((b & 0x0fff) | 0x4000, target, at + 14)
  target[at + 18] = 45
  writeHalf(((c >>> 16) & 0x3fff) | 0x8000, target, at + 19)
  target[at + 23] = 45
  writeHalf(c, target, at + 24)
  writeWord(mix(c + key) ^ high, target, at + 28)
}

/** The same UUID as text. */
export function uuidText(key: number, number: number): string {
  const bytes = Buffer.alloc(36)
  writeUuid(key, number, bytes, 0)
  return bytes.toString('latin1')
}

/** A member's id in a round: the last eight digits change, one to one, and in round 0 they stay. */
export function memberIdText(id: string, round: number): string {
  const bytes = Buffer.from(id, 'latin1')
  writeWord(Number.parseInt(id.slice(-8), 16) ^ mix(round), bytes, bytes.length - 8)
  return bytes.toString('latin1')
}

/** A writer of moments. */
export function timeSplicer(): TimeSplicer {
  const known = TIME_FORMS.map((form) => ({ ms: Number.NaN, bytes: new Uint8Array(TIME_BYTES[form]) }))
  return (form, ms, { target, at }) => {
    const last = known[TIME_FORMS.indexOf(form)] as { ms: number; bytes: Uint8Array }
    if (last.ms !== ms) {
      last.ms = ms
      last.bytes.set(Buffer.from(timeText(form, ms), 'latin1'))
    }
    const { bytes } = last
    for (let index = 0; index < bytes.length; index++) target[at + index] = bytes[index] as number
  }
}
