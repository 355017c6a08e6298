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

/**
 * How the targets are sent: every one once (lazily, and no longer than they last), and no redirect followed, as Qualifio
 * follows none.
 */
export function vegetaCommand(file: string, count: number): string {
  // 50 a second.
  const durationMs = count * 20
  const duration = durationMs % 1000 === 0 ? `${durationMs / 1000}s` : `${durationMs}ms`
  return `vegeta attack -format=json -lazy -redirects=-1 -rate=50/s -duration=${duration} -targets=${file} | vegeta report`
}
