import { isUtf8 } from 'node:buffer'
import type { SignedRequest } from '../delivery/request.ts'
import { isOurs, SILENT, type ReportedDelivery, type SendRenderer } from './send-renderer.ts'

/** Where a curl command goes. */
export interface CurlTarget {
  /** For display: query values are already `…`. */
  readonly url: string
  /** Words for curl that go with the target, `-k` for instance. */
  readonly flags?: readonly string[]
}

/** A command line may hold this much on every system; a longer body goes through a pipe. */
const LONGEST_ARGUMENT = 64 * 1024

/**
 * A curl command that sends exactly this request from any POSIX shell. Values that authorize are
 * variables, with a comment that says how to set them.
 */
export function curlCommand(request: SignedRequest, { url, flags = [] }: CurlTarget): string {
  const comments: string[] = []
  const headers = request.headers.map(([name, value]) => {
    if (isOurs(request, name)) return `-H ${quoted(`${name}: ${value}`)}`
    const variable = comments.length === 0 ? 'QUALIFIO_SIM_AUTH' : `QUALIFIO_SIM_AUTH_${comments.length + 1}`
    comments.push(`# first: export ${variable}='the value of your ${name} header'`)
    return `-H "${name}: $${variable}"`
  })
  if (url.includes('…')) comments.push('# the values in the URL are left out (…): put yours in')
  const body = quoted(Buffer.from(request.body).toString('utf8'))
  const printed = printedBy(request.body, body)
  const piped = printed !== undefined
  const curl = `${piped ? `${printed} | ` : ''}curl -X POST ${quoted(url)}`
  const words = [
    curl,
    ...(flags.length === 0 ? [] : [flags.map(shellWord).join(' ')]),
    ...headers,
    `--data-binary ${piped ? '@-' : body}`,
  ]
  return [...comments, words.join(' \\\n  ')].join('\n')
}

/** What prints a body that cannot stand in the command: too long, no text, or for curl the name of a file. */
function printedBy(body: Uint8Array, word: string): string | undefined {
  if (!isUtf8(body) || body.includes(0)) return `printf %s ${Buffer.from(body).toString('base64')} | base64 -d`
  return word.length > LONGEST_ARGUMENT || body[0] === 0x40 ? `printf %s ${word}` : undefined
}

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : quoted(word)
}

/** `--format curl`: one command per delivery. */
export function curlRenderer(target: CurlTarget): SendRenderer {
  const command = ({ request, events, number }: ReportedDelivery): string =>
    `# delivery ${number}: ${events.map(({ type }) => type).join(', ')}\n${curlCommand(request, target)}\n\n`
  return { ...SILENT, planned: command, attempt: (delivery, { retry }) => (retry === 0 ? command(delivery) : '') }
}

/** A word of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
