import type { SignedRequest } from '../delivery/request.ts'
import { isOurs, SILENT, type ReportedDelivery, type SendRenderer } from './send-renderer.ts'

/**
 * A curl command that sends exactly this request from any POSIX shell. Values that authorize are
 * variables, with a comment that says how to set them.
 * @param url for display: query values are already `…`
 */
export function curlCommand(request: SignedRequest, url: string): string {
  const comments: string[] = []
  const headers = request.headers.map(([name, value]) => {
    if (isOurs(request, name)) return `-H ${quoted(`${name}: ${value}`)}`
    const variable = comments.length === 0 ? 'QUALIFIO_SIM_AUTH' : `QUALIFIO_SIM_AUTH_${comments.length + 1}`
    comments.push(`# first: export ${variable}='the value of your ${name} header'`)
    return `-H "${name}: $${variable}"`
  })
  if (url.includes('…')) comments.push('# the values in the URL are left out (…): put yours in')
  const body = `--data-binary ${quoted(Buffer.from(request.body).toString('utf8'))}`
  return [...comments, [`curl -X POST ${quoted(url)}`, ...headers, body].join(' \\\n  ')].join('\n')
}

/** `--format curl`: one command per delivery. */
export function curlRenderer(url: string): SendRenderer {
  const command = ({ request, events, number }: ReportedDelivery): string =>
    `# delivery ${number}: ${events.map(({ type }) => type).join(', ')}\n${curlCommand(request, url)}\n\n`
  return { ...SILENT, planned: command, attempt: (delivery, { retry }) => (retry === 0 ? command(delivery) : '') }
}

/** A word of a POSIX shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
