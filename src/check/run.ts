import { setMaxListeners } from 'node:events'
import { aftermathOf, type Aftermath } from './alive.ts'
import type { Check } from './check.ts'
import { deathOf, isDoubt, isRefused, isUnanswered, tolerated } from './doubt.ts'
import { createKit, type Kit, type KitOptions } from './kit.ts'
import { oracleProblem, settledEffects, type OracleUse } from './oracle.ts'
import { preflight, type Preflight } from './preflight.ts'
import { broken, inconclusive, resultOf, skipped, type CheckResult, type EarlyEnd } from './result.ts'
import { createSender, type SenderOptions } from './sender.ts'
import { unmet, type Means } from './means.ts'
import { isAccepted } from '../delivery/outcome.ts'
import { type Finding, type Observed, type ProbeResult } from './verdict.ts'

/** A check with the reason for which it must not run here, if there is one. */
export interface PlannedCheck {
  readonly check: Check
  readonly refusal?: string | undefined
}

/** How a run is carried out. */
export interface CheckRunOptions extends SenderOptions {
  readonly checks: readonly PlannedCheck[]
  /** Without `form`: preflight finds it. */
  readonly kit: Omit<KitOptions, 'form' | 'firstControl'>
  /** Whether events may be sent. */
  readonly mayHaveEffects: boolean
  readonly means: Means
  readonly oracle?: OracleUse | undefined
  /** Statuses that count as right for a check, by id: `--accept`. */
  readonly accept: ReadonlyMap<string, readonly number[]>
  /** Texts that no answer may hold. */
  readonly secrets: readonly string[]
  readonly onPreflight?: (preflight: Preflight) => void
  readonly onCheck?: (result: CheckResult) => void
}

/** Everything that a run came to. */
export interface CheckRun {
  readonly preflight: Preflight
  /** In the order of the catalogue. */
  readonly results: readonly CheckResult[]
  readonly end?: EarlyEnd
  readonly requests: number
  readonly eventIds: readonly string[]
}

/** Least harm first. Passive checks look at what the others brought, so they come last. */
const ORDER = ['S0', 'S1', 'S2', 'S3', 'P'] as const

/**
 * Preflight, then every check in order of what it may do. A control after everything that looks like the end of the
 * receiver; a receiver that is gone ends the run with the guilty check named.
 */
export async function runChecks(options: CheckRunOptions): Promise<CheckRun> {
  const { clock, signal, checks } = options
  // Every request in flight listens to it: many are no leak.
  setMaxListeners(0, signal)
  const sender = createSender(options)
  const kitOf = (id: string, form: 'events' | 'zero-event', firstControl?: KitOptions['firstControl']): Promise<Kit> =>
    createKit(id, { ...options.kit, form, firstControl })
  const zero = await kitOf('preflight', 'zero-event')
  const events = options.mayHaveEffects ? await kitOf('preflight', 'events') : undefined
  const found = await preflight(zero, events, sender)
  options.onPreflight?.(found)
  const results = new Map<string, CheckResult>()
  // Told one check later: what a check did to the receiver may show only then.
  let held: CheckResult | undefined
  const { form } = found
  let end: EarlyEnd | undefined
  if (form === undefined && !signal.aborted)
    end = { kind: 'control-refused', reason: 'the first control was not accepted' }

  for (const sideEffect of ORDER) {
    for (const { check, refusal } of checks.filter((one) => one.check.sideEffect === sideEffect)) {
      if (signal.aborted) end ??= { kind: 'interrupted', reason: 'stopped' }
      const reason = refusal ?? unmet(check, options.means)
      if (reason !== undefined) report(skipped(check, reason))
      else if (form === undefined && check.needsControl !== false) report(skipped(check, 'no control was accepted'))
      else if (end !== undefined && check.needsControl !== false) report(skipped(check, 'the run ended before'))
      else report(await runCheck(check).catch((error: unknown) => broken(check, error)))
    }
  }
  if (signal.aborted) end ??= { kind: 'interrupted', reason: 'stopped' }
  tell()
  return {
    preflight: found,
    results: checks.flatMap(({ check }) => results.get(check.id) ?? []),
    ...(end === undefined ? {} : { end }),
    requests: sender.requests,
    eventIds: [...sender.eventIds],
  }

  function report(result: CheckResult): void {
    tell()
    held = result
  }

  function tell(): void {
    if (held === undefined) return
    results.set(held.check.id, held)
    options.onCheck?.(held)
    held = undefined
  }

  async function runCheck(check: Check): Promise<CheckResult> {
    const startedMs = clock.monotonicMs()
    const before = sender.requests
    const kit = await kitOf(check.id, form ?? 'zero-event', found.firstEvent?.probe)
    const plan = check.plan(kit)
    const { oracle } = options
    const expected = oracle === undefined ? [] : (plan.effects ?? [])
    const problem =
      oracle === undefined || plan.isRepeat === true ? undefined : await oracleProblem(expected, { ...oracle, signal })
    const observed: ProbeResult[] = []
    let handshake: Observed['handshake']
    let lastControl: boolean | undefined
    for (const step of plan.steps) {
      // What did not answer in time would only cost as much again.
      if (signal.aborted || sender.gone || isUnanswered(observed.at(-1))) break
      if (step.kind === 'handshake') handshake = await tls(kit)
      else if (step.kind === 'together') observed.push(...(await sender.together(step.probes)))
      else if (step.kind === 'connection') observed.push(...(await sender.connection(step.probes)))
      else if (check.controls !== 'around') observed.push(await sender.one(step.probe))
      else {
        lastControl ??= isAccepted((await sender.one(kit.control())).exchange.result)
        const one = await sender.one(step.probe)
        const after = lastControl && isAccepted((await sender.one(kit.control())).exchange.result)
        observed.push({ ...one, controls: lastControl && after ? 'accepted' : 'not-accepted' })
        lastControl = after
      }
    }
    const facts = () => ({ durationMs: clock.monotonicMs() - startedMs, requests: sender.requests - before })
    const judged = (effects?: Observed['effects']): readonly Finding[] =>
      check
        .judge({
          severity: check.severity,
          results: observed,
          seen: sender.seen,
          secrets: options.secrets,
          nowMs: clock.nowMs(),
          ...(handshake === undefined ? {} : { handshake }),
          ...(effects === undefined ? {} : { effects }),
          ...(problem === undefined ? {} : { oracleProblem: problem }),
        })
        .map((finding) => tolerated(finding, options.accept.get(check.id) ?? []))
    const seen = sender.seen
    // Nobody was there for its first request: that is the work of the check before.
    const guilty = isRefused(observed[0]) && held !== undefined && held.requests > 0 ? held : undefined
    const { end: ended, gap }: Aftermath =
      check.sideEffect === 'P' || signal.aborted || end !== undefined
        ? {}
        : await after(guilty?.check ?? check, { kit, observed, findings: judged() })
    end ??= ended
    if (signal.aborted) return inconclusive(check, 'stopped', facts())
    if (guilty !== undefined) {
      const reason = ended?.reason ?? 'no connection to it a moment later'
      const { durationMs, requests } = guilty
      held = resultOf(guilty.check, [deathOf(reason), ...guilty.findings], { durationMs, requests, seen })
      return inconclusive(check, `the receiver was gone after ${guilty.check.number}`, facts())
    }
    // What a refused control says of the requests before it is nothing.
    if (end?.after === check && end.kind !== 'dead') return inconclusive(check, end.reason, facts())
    const death = end?.after === check ? end.reason : gap
    if (death !== undefined) return resultOf(check, [deathOf(death), ...judged()], { ...facts(), seen })
    const effects =
      oracle === undefined || problem !== undefined || expected.length === 0
        ? undefined
        : await settledEffects(expected, { ...oracle, clock, signal })
    if (signal.aborted) return inconclusive(check, 'stopped', facts())
    return resultOf(check, judged(effects), { ...facts(), seen })
  }

  async function tls(kit: Kit): Promise<Observed['handshake']> {
    return kit.endpoint.url.protocol === 'https:' ? await sender.handshake() : undefined
  }

  /** Whether the receiver is still there, asked after whatever is heavy or has failed: an end is no fault of the next. */
  async function after(
    check: Check,
    {
      kit,
      observed,
      findings,
    }: { readonly kit: Kit; readonly observed: readonly ProbeResult[]; readonly findings: readonly Finding[] },
  ): Promise<Aftermath> {
    if (sender.gone) return { end: { kind: 'gone', after: check, reason: 'the endpoint answered 410 Gone' } }
    // What has effects may end the receiver a moment after its answer.
    const isDoubtful =
      check.sideEffect !== 'S0' ||
      findings.some(({ verdict, probe }) => verdict === 'FAIL' && probe !== undefined) ||
      observed.some(({ exchange, controls }) => controls === 'not-accepted' || isDoubt(exchange.result))
    return isDoubtful ? await aftermathOf(check, { kit, sender, clock, signal }) : {}
  }
}
