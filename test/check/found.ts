import { CATALOG } from '../../src/check/catalog.ts'
import type { Check } from '../../src/check/check.ts'
import { createKit, type Kit, type KitOptions } from '../../src/check/kit.ts'
import type { Exchange, Probe } from '../../src/check/probe.ts'
import type { Observed, ProbeResult } from '../../src/check/verdict.ts'
import { loadContract } from '../../src/contract/contract.ts'
import type { AttemptResult, FailureCode } from '../../src/delivery/outcome.ts'
import { AUTHORIZATION, SECRET } from '../receivers/receiver.ts'

/** The moment at which tests check. */
export const NOW_MS = Date.UTC(2026, 0, 1)

/** The check with this number. @throws Error when there is none */
export function checkOf(number: string): Check {
  const found = CATALOG.find((check) => check.number === number)
  if (found === undefined) throw new Error(`no check has the number ${number}`)
  return found
}

/** An answer with a status, or a failure with a code. */
export function answer(what: number | FailureCode, more: Partial<AttemptResult> = {}): AttemptResult {
  if (typeof what === 'number')
    return { kind: 'responded', status: what, headers: {}, bodySnippet: '', bodyBytes: 0, ...more } as AttemptResult
  return { kind: 'failed', code: what, reason: what, ...more } as AttemptResult
}

/** A request that was answered so; the answer came after `tookMs`. */
export function sent(
  result: AttemptResult,
  how: {
    readonly name?: string
    readonly controls?: ProbeResult['controls']
    readonly tookMs?: number
    readonly exchange?: Partial<Exchange>
    readonly probe?: Partial<Probe>
  } = {},
): ProbeResult {
  const { name = 'a request', controls = 'none', tookMs = 3 } = how
  const request = { method: 'POST', writes: [] }
  return {
    probe: { name, shown: `POST; ${name}`, request, eventIds: [], events: 0, ...how.probe },
    exchange: { result, startedMs: 100, headMs: 100 + tookMs, endedMs: 101 + tookMs, ...how.exchange },
    controls,
  }
}

/** What a judge sees of these requests. */
export function observedOf(results: readonly ProbeResult[], more: Partial<Observed> = {}): Observed {
  return { severity: 'MUST', results, seen: results, secrets: [], nowMs: NOW_MS, ...more }
}

/** A kit as for a loopback target that has everything. */
export async function kitFor(
  checkId: string,
  {
    contract: name = 'assumed-1',
    ...more
  }: Partial<Omit<KitOptions, 'contract'>> & { readonly contract?: string } = {},
): Promise<Kit> {
  const contract = await loadContract(name)
  return createKit(checkId, {
    contract,
    endpoint: {
      url: new URL('http://127.0.0.1:8080/webhooks?a=b'),
      userAgent: 'qualifio-sim/0',
      secret: SECRET,
      headers: [AUTHORIZATION],
      signature: contract.signature,
      contentType: contract.contentType,
    },
    form: 'events',
    seed: 1,
    nowMs: NOW_MS,
    ...more,
  })
}

/** All probes of a check's plan, in order. */
export function probesOf(check: Check, kit: Kit): readonly Probe[] {
  return check
    .plan(kit)
    .steps.flatMap((step) => (step.kind === 'one' ? [step.probe] : step.kind === 'handshake' ? [] : step.probes))
}

/** A request as its bytes say, one character each. */
export function wireText({ request }: Probe): string {
  return Buffer.concat(request.writes.map(({ bytes }) => bytes)).toString('latin1')
}

/** The lines of the head, and the body, one character per byte. */
export function partsOf(probe: Probe): { readonly lines: readonly string[]; readonly body: string } {
  const text = wireText(probe)
  const end = text.indexOf('\r\n\r\n')
  return { lines: text.slice(0, end).split('\r\n'), body: text.slice(end + 4) }
}
