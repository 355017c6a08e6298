import type { SignedRequest } from '../delivery/request.ts'

/**
 * One target of `vegeta attack -format=json`, on one line: method, url, header as lists, body as base64
 * (vegeta's lib/target.schema.json). Holds credentials.
 */
export function vegetaTarget(url: URL, { method, headers, body }: SignedRequest): string {
  // Own entries only: a header may be called "__proto__".
  const lists = new Map<string, string[]>()
  for (const [name, value] of headers) lists.set(name, [...(lists.get(name) ?? []), value])
  const target = {
    method,
    url: url.href,
    header: Object.fromEntries(lists),
    body: Buffer.from(body).toString('base64'),
  }
  return `${JSON.stringify(target)}\n`
}

/** How the targets are sent: every one once (lazily), at this rate, and no redirect followed, as Qualifio follows none. */
export function vegetaCommand(file: string, count: number): string {
  const perSecond = 50
  const seconds = Math.max(1, Math.ceil(count / perSecond))
  return `vegeta attack -format=json -lazy -redirects=-1 -rate=${perSecond}/s -duration=${seconds}s -targets=${file} | vegeta report`
}
