import type { Responded } from './outcome.ts'
import { printable } from './printable.ts'

const SAID_MAX_LENGTH = 200

/** Nothing but the status line again. */
const STATUS_PHRASE =
  /^(\d{3}:? )?(bad request|unauthorized|forbidden|(page )?not found|method not allowed|internal server error|bad gateway|service unavailable|gateway timeout)[.!]?$/i

/**
 * What the receiver says in plain words, as JSON or text: the most useful thing about most failures. One line, safe
 * for a terminal; undefined for a page, for what is no text, and where it only repeats the status.
 */
export function plainAnswer({ headers, bodySnippet }: Responded): string | undefined {
  // By its look rather than its type: PHP calls JSON text/html when nobody tells it otherwise.
  if (bodySnippet.trimStart().startsWith('<') || /<html|<!doctype/i.test(bodySnippet)) return undefined
  const type = headers['content-type']?.[0] ?? ''
  if (/^(image|audio|video|font)\/|octet-stream|zip|pdf/i.test(type)) return undefined
  const encoding = headers['content-encoding']?.[0] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') return undefined
  const text = printable(bodySnippet)
  // A word at least: `{}`, `null` and `0` say nothing.
  if (!/\p{L}{2}/u.test(text) || /^(null|true|false)$/.test(text) || STATUS_PHRASE.test(text)) return undefined
  const cut =
    text.length > SAID_MAX_LENGTH ? `${text.slice(0, SAID_MAX_LENGTH).replace(/[\ud800-\udbff]$/, '')}…` : text
  return `The receiver answers: ${cut}`
}
