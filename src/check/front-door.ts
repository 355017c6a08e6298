import type { Responded } from '../delivery/outcome.ts'

interface Mark {
  readonly who: string
  readonly header?: readonly [name: string, value: RegExp]
  readonly body?: RegExp
}

/** How those who stand before an application make themselves known when they refuse. */
const MARKS: readonly Mark[] = [
  { who: 'Cloudflare', header: ['cf-mitigated', /challenge/i] },
  { who: 'Cloudflare', body: /Attention Required! \| Cloudflare|Just a moment\.\.\.|cf-chl-|challenge-platform/ },
  { who: 'AWS WAF', header: ['x-amzn-waf-action', /./] },
  { who: 'Akamai', body: /Access Denied[\s\S]*Reference\s*#/ },
  { who: 'Imperva', body: /Incapsula incident ID|_Incapsula_Resource/ },
  { who: 'Azure Front Door', header: ['x-azure-ref', /./], body: /blocked|request is blocked/i },
  { who: 'Vercel', header: ['x-vercel-mitigated', /./] },
  { who: 'Google Frontend', header: ['x-goog-iap-generated-response', /./] },
]

/**
 * Whether it was the edge that answered and not the application: bot protection, IP allow-list, single sign-on. A
 * sentence with what to do; undefined where nothing says so.
 */
export function frontDoor(answer: Responded): string | undefined {
  if (![401, 403, 429, 503].includes(answer.status)) return undefined
  const mark = MARKS.find(({ header, body }) => {
    const hasHeader = header === undefined || answer.headers[header[0]]?.some((value) => header[1].test(value)) === true
    return hasHeader && (body === undefined || body.test(answer.bodySnippet))
  })
  if (mark === undefined) return undefined
  return `${mark.who} answered, not your application: let this path past its bot protection, IP allow-list or login, for Qualifio's requests will look like these.`
}
