import { isOurs } from './send-renderer.ts'
import type { ReportedDelivery } from './send-renderer.ts'

/**
 * The head of an `.http` file as PhpStorm and VS Code's REST Client read it: the target and, for each
 * header that authorizes, a variable to fill in, so that no credential stands in the file.
 */
export function httpFileHead({ request }: ReportedDelivery, target: string): string {
  const variables = request.headers
    .filter(([name]) => !isOurs(request, name))
    .map(([name], index) => `# the value of your ${name} header\n@${variable(index)} = put-the-value-here`)
  const leftOut = target.includes('…') ? ['# the values in the URL are left out (…): put yours in'] : []
  return `${[...leftOut, `@to = ${target}`, ...variables].join('\n')}\n\n`
}

/** One request of an `.http` file, separated from the one before by its `###` line. */
export function httpFileRequest({ number, events, request }: ReportedDelivery): string {
  let index = 0
  const headers = request.headers.map(([name, value]) =>
    isOurs(request, name) ? `${name}: ${value}` : `${name}: {{${variable(index++)}}}`,
  )
  const title = `### ${number} ${events
    .map(({ type }) => type)
    .slice(0, 3)
    .join(', ')}${events.length > 3 ? ', …' : ''}`
  return `${[title, 'POST {{to}}', ...headers, '', Buffer.from(request.body).toString('utf8')].join('\n')}\n\n`
}

function variable(index: number): string {
  return index === 0 ? 'auth' : `auth${index + 1}`
}
