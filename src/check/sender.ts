import type { Failed } from '../delivery/outcome.ts'
import type { Clock } from '../ports.ts'
import type { Exchange, Probe, TlsFacts } from './probe.ts'
import type { ProbeResult } from './verdict.ts'
import { exchangeOnce, exchangeTogether, handshake, openWire, type WireOptions } from './wire.ts'

/** How requests are sent. */
export interface SenderOptions {
  readonly wire: Omit<WireOptions, 'clock' | 'signal'>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Requests per second at most; no cap when it is left out. */
  readonly perSecond?: number | undefined
  /** Every request with its answer, as it is done. */
  readonly onExchange?: ((done: ProbeResult) => void) | undefined
}

/** Sends probes at the pace of the run, and remembers what was sent and answered. */
export interface Sender {
  one(probe: Probe): Promise<ProbeResult>
  together(probes: readonly Probe[]): Promise<readonly ProbeResult[]>
  connection(probes: readonly Probe[]): Promise<readonly ProbeResult[]>
  handshake(): Promise<TlsFacts | Failed>
  /** Every answer so far, in order. */
  readonly seen: readonly ProbeResult[]
  /** Every event that was sent at least once. */
  readonly eventIds: ReadonlySet<string>
  readonly requests: number
  /** The endpoint said 410: it must not be called again. */
  readonly gone: boolean
}

/** Longest wait that a Retry-After is granted. */
const RETRY_AFTER_MAX_MS = 60_000
/** How often one request is sent again because of a 429. */
const PATIENCE = 2

/** A sender for one run. */
export function createSender({ wire, clock, signal, perSecond, onExchange }: SenderOptions): Sender {
  const seen: ProbeResult[] = []
  const eventIds = new Set<string>()
  let requests = 0
  let gone = false
  let nextAtMs = 0

  async function paced(probe: Probe): Promise<void> {
    if (perSecond !== undefined) {
      const nowMs = clock.monotonicMs()
      if (nextAtMs > nowMs) await clock.sleep(nextAtMs - nowMs, signal)
      nextAtMs = Math.max(nextAtMs, nowMs) + 1000 / perSecond
    }
    requests += 1
    for (const id of probe.eventIds) eventIds.add(id)
  }

  function taken(probe: Probe, exchange: Exchange): ProbeResult {
    const result: ProbeResult = { probe, exchange, controls: 'none' }
    onExchange?.(result)
    // A twin's answers say nothing of the endpoint.
    if (probe.url === undefined) {
      seen.push(result)
      if (exchange.result.kind === 'responded' && exchange.result.status === 410) gone = true
    }
    return result
  }

  // Our own pauses are no slowness of the receiver.
  const options = (probe?: Probe): WireOptions => {
    const pausesMs = (probe?.request.writes ?? []).reduce((sum, { afterMs = 0 }) => sum + afterMs, 0)
    return { ...wire, url: probe?.url ?? wire.url, timeoutMs: wire.timeoutMs + pausesMs, clock, signal }
  }

  return {
    seen,
    eventIds,
    get requests() {
      return requests
    },
    get gone() {
      return gone
    },
    async one(probe) {
      for (let again = 0; ; again += 1) {
        await paced(probe)
        const result = taken(probe, await exchangeOnce(probe.request, options(probe)))
        const waitMs = again < PATIENCE ? retryAfterMs(result.exchange, clock.nowMs()) : undefined
        if (waitMs === undefined || signal.aborted) return result
        await clock.sleep(Math.min(waitMs, RETRY_AFTER_MAX_MS), signal)
      }
    },
    async together(probes) {
      for (const probe of probes) await paced(probe)
      const exchanges = await exchangeTogether(
        probes.map(({ request }) => request),
        options(),
      )
      return probes.map((probe, index) => taken(probe, exchanges[index] as Exchange))
    },
    async connection(probes) {
      const results: ProbeResult[] = []
      const opened = await openWire(options())
      for (const probe of probes) {
        if (probe.afterMs !== undefined) await clock.sleep(probe.afterMs, signal)
        await paced(probe)
        results.push(taken(probe, 'result' in opened ? opened : await opened.request(probe.request)))
      }
      if (!('result' in opened)) opened.close()
      return results
    },
    async handshake() {
      requests += 1
      return await handshake(options())
    },
  }
}

/** How long a 429 asks to wait; undefined where it does not ask. Seconds or a date: RFC 9110, 10.2.3. */
function retryAfterMs({ result }: Exchange, nowMs: number): number | undefined {
  if (result.kind !== 'responded' || result.status !== 429) return undefined
  const value = result.headers['retry-after']?.[0]
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const dateMs = Date.parse(value)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}
