import { formatDuration, parseDurationMs } from '../delivery/duration.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Header } from '../signing/authorization.ts'
import { statusStep } from './step.ts'
import type { Script, Share, Step } from './step.ts'

const WORDS = ['hang', 'reset', 'close', 'redirect', 'drip'] as const
const EXPECTED = 'a status from 200 to 599 (503, 503@retry-after=5), hang, reset, close, redirect or drip@5s'
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** They decide where an answer ends, so a script that set them would break the connection in ways of its own. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'trailer']

/**
 * Parses `step(,step)*`, a sequence for each delivery, or `step:NN%,…`, a mix that sums to 100. A step is a status
 * with headers, `503@retry-after=5`, or `hang`, `reset`, `close`, `redirect`, `drip@5s`. A header's value with a
 * comma, a colon or an @ in it stands in double quotes.
 * @param where the flag or option, for the error
 * @throws UsageError that names the step and what is expected
 */
export function parseScript(text: string, where = '--respond'): Script {
  const texts = split(text, ',')
  if (texts === undefined) throw new UsageError(`${where} has a double quote that is not closed; close it`)
  const parts = texts.map((part) => part.trim())
  const percents = parts.map((part) => /^(.*?)\s*:\s*(\d+(?:\.\d+)?)\s*%$/s.exec(part))
  const parsed = parts.map((part, index) => {
    const at = `${where}: step ${index + 1}`
    if (part === '') throw new UsageError(`${at} is empty; expected ${EXPECTED}`)
    return parseStep(percents[index]?.[1] ?? part, at)
  })
  const bare = percents.indexOf(null)
  if (percents.every((match) => match === null)) return { kind: 'sequence', of: 'delivery', steps: parsed }
  if (bare !== -1) {
    throw new UsageError(
      `${where}: step ${bare + 1} "${parts[bare]}" has no share, and others have; give every step one (204:90%,503:10%), or none`,
    )
  }
  const shares = parsed.map((step, index): Share => ({ step, percent: Number(percents[index]?.[2]) }))
  const none = shares.findIndex(({ percent }) => percent === 0)
  if (none !== -1) throw new UsageError(`${where}: step ${none + 1} "${parts[none]}" never happens; leave it out`)
  const sum = shares.reduce((total, { percent }) => total + percent, 0)
  if (Math.abs(sum - 100) > 1e-6) {
    throw new UsageError(`${where}: the shares sum to ${Number(sum.toFixed(6))}%; they must sum to 100%`)
  }
  return { kind: 'mix', shares }
}

function parseStep(text: string, at: string): Step {
  const wrong = (why: string) => new UsageError(`${at} "${text}" ${why}`)
  const [word = '', ...rest] = split(text, '@') ?? []
  if (/^\d+$/.test(word)) {
    const status = Number(word)
    if (status < 200 || status > 599) throw wrong('is not a status that ends a request; expected 200 to 599')
    return statusStep(
      status,
      rest.map((header) => parseAnswerHeader(header, wrong)),
    )
  }
  switch (word) {
    case 'drip': {
      if (rest.length !== 1) throw wrong('does not say how long; expected drip@5s')
      return { kind: 'drip', durationMs: parseDurationMs(rest[0] ?? '', `${at}, drip@`) }
    }
    case 'hang':
    case 'reset':
    case 'close':
    case 'redirect':
      if (rest.length > 0) throw wrong(`takes nothing after it; expected ${word} alone`)
      return { kind: word }
    default: {
      const near = nearest(word, WORDS)
      throw wrong(`is no step; ${near === undefined ? '' : `did you mean ${near}? `}expected ${EXPECTED}`)
    }
  }
}

function parseAnswerHeader(text: string, wrong: (why: string) => UsageError): Header {
  const equals = text.indexOf('=')
  const name = text.slice(0, Math.max(0, equals))
  if (!TOKEN.test(name)) throw wrong('has a header that is not written as @name=value')
  if (FRAMING.includes(name.toLowerCase())) throw wrong(`sets ${name}, which belongs to the connection; leave it out`)
  const written = text.slice(equals + 1)
  const value = /^".*"$/s.test(written) ? written.slice(1, -1) : written
  if (!/^[\t\x20-\x7e]*$/.test(value))
    throw wrong(`has a character in the value of ${name} that is not printable ASCII`)
  return [name, value]
}

/** The parts between separators that stand outside double quotes, or undefined when a quote is not closed. */
function split(text: string, separator: string): readonly string[] | undefined {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '"') isQuoted = !isQuoted
    else if (text[index] === separator && !isQuoted) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  return isQuoted ? undefined : [...parts, text.slice(start)]
}

/** A step for people: `503`, `hang`, `drip over 5 s`. */
export function stepText(step: Step): string {
  if (step.kind === 'status') return [step.status, ...step.headers.map(([name]) => `with ${name}`)].join(' ')
  return step.kind === 'drip' ? `drip over ${formatDuration(step.durationMs)}` : step.kind
}
