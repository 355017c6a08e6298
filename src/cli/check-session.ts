import { CATALOG } from '../check/catalog.ts'
import type { Check } from '../check/check.ts'
import { isLocalTarget, mayHaveEffects, refusal, type Consent } from '../check/consent.ts'
import { estimateOf } from '../check/estimate.ts'
import { createKit, type KitOptions } from '../check/kit.ts'
import { unmet, type Means } from '../check/means.ts'
import type { Oracle } from '../check/oracle.ts'
import type { PlannedCheck } from '../check/run.ts'
import { checksNamed, selectChecks } from '../check/selection.ts'
import type { Contract } from '../contract/contract.ts'
import { formatDuration } from '../delivery/duration.ts'
import { addressesOf } from '../delivery/guarded-lookup.ts'
import { secretValues, textRedactor } from '../delivery/redact.ts'
import { UsageError } from '../errors.ts'
import { openOracle, oracleSecrets } from './check-oracle.ts'
import type { Context } from './context.ts'
import { accepted } from './endpoint.ts'
import type { OpenedTarget } from './opened-target.ts'
import type { OptionValues } from './option.ts'
import type { checkOptions } from './options/commands.ts'

/** The options of `check`. */
export type CheckOptions = OptionValues<typeof checkOptions>

/** Everything that a run needs, read and checked before the first request. */
export interface CheckSession {
  readonly options: CheckOptions
  readonly target: OpenedTarget
  readonly contract: Contract
  readonly consent: Consent
  readonly checks: readonly PlannedCheck[]
  readonly means: Means
  readonly kit: Omit<KitOptions, 'form' | 'firstControl'>
  readonly accept: ReadonlyMap<string, readonly number[]>
  readonly oracle: Oracle | undefined
  /** What must not be shown. */
  readonly secrets: readonly string[]
}

/**
 * Decides what is run: selection, consent, means.
 * @throws UsageError where consent is needed and not given for what was asked for by name
 */
export async function openSession(
  context: Context,
  options: CheckOptions,
  { target, contract }: { readonly target: OpenedTarget; readonly contract: Contract },
): Promise<CheckSession> {
  const { endpoint } = target
  const selected = selectChecks({ only: options.only, skip: options.skip })
  const local = await isLocalTarget(endpoint.url.hostname, options.localHost, addressesOf)
  const consent: Consent = {
    local,
    safe: options.safe,
    sideEffects: options.allowSideEffects,
    stress: options.allowStress,
  }
  const checks = selected.map((check) => ({ check, refusal: refusal(check, consent) }))
  refuseWithoutConsent(checks, options, endpoint.url)
  const secretOf = (secret: CheckOptions['secret']): string | undefined =>
    secret === undefined ? undefined : accepted(context, secret)
  const previousSecret = secretOf(options.previousSecret)
  const retiredSecret = secretOf(options.retiredSecret)
  for (const [flag, value] of [
    ['--previous-secret', previousSecret],
    ['--retired-secret', retiredSecret],
  ] as const) {
    if (value !== undefined && value === endpoint.secret)
      throw new UsageError(`${flag} and --secret are identical; there is nothing to test.`)
  }
  const secrets = [
    ...secretValues(endpoint),
    ...[previousSecret, retiredSecret].filter((value) => value !== undefined),
    ...oracleSecrets(options),
  ]
  const httpTwin = options.httpTwin ?? twinOf(endpoint.url)
  const kit = {
    contract,
    endpoint,
    seed: options.seed ?? context.randomSeed(),
    nowMs: options.now ?? context.clock.nowMs(),
    previousSecret,
    retiredSecret,
    httpTwin,
  }
  return {
    options,
    target,
    contract,
    consent,
    checks,
    kit,
    means: {
      secret: endpoint.secret !== undefined,
      authorization: isAuthorized(target),
      'other-secret': kit.previousSecret !== undefined || kit.retiredSecret !== undefined,
      'event-identity': contract.identity.length > 0,
      'not-plain-local': endpoint.url.protocol === 'https:' ? !(local && options.insecure) : !local,
      'http-twin': httpTwin !== undefined,
    },
    accept: new Map(
      options.accept.flatMap(({ selector, statuses }) =>
        checksNamed(selector, '--accept').map(({ id }) => [id, statuses] as const),
      ),
    ),
    oracle: openOracle(context, options, textRedactor(secrets)),
    secrets,
  }
}

/** Whether anything but the user agent is sent to authorize with. */
export function isAuthorized({ endpoint }: OpenedTarget): boolean {
  return endpoint.headers?.some(([name]) => name.toLowerCase() !== 'user-agent') === true
}

/** What was asked for by name and may not be done is an error; of many checks, those that may not are left out. */
function refuseWithoutConsent(checks: readonly PlannedCheck[], { only, safe }: CheckOptions, url: URL): void {
  const named = new Set(
    only
      .flatMap((text) => text.split(','))
      .map((text) => checksNamed(text, '--only'))
      .flatMap((found) => (found.length === 1 ? found : [])),
  )
  const isNamed = ({ check }: PlannedCheck): boolean => named.has(check)
  const refused = checks.filter(
    (one) => one.refusal !== undefined && (isNamed(one) || checks.every((all) => all.refusal !== undefined)),
  )
  const [first] = refused
  if (first === undefined) return
  if (safe) throw new UsageError(`--safe leaves ${first.check.number} out, and it is asked for; leave one of them out.`)
  const stress = refused.some(({ refusal: why }) => why === 'needs --allow-stress')
  const what = stress ? 'heavy or broken requests' : 'valid events, which a correct receiver applies,'
  const flags = stress ? '--allow-side-effects --allow-stress' : '--allow-side-effects'
  throw new UsageError(
    `${first.check.number} (${first.check.id}) sends ${what} to ${url.hostname}, which is not this machine. If its members and points may change, add ${flags}; if it is a test system of yours, --local-host ${url.hostname}.`,
  )
}

/** The same place over plain http: the same port, or 80 for 443. */
function twinOf(url: URL): URL | undefined {
  if (url.protocol !== 'https:') return undefined
  const twin = new URL(url)
  twin.protocol = 'http:'
  return twin
}

/** The lines before a run: what is sent, how much of it, for how long, and what makes the same run again. */
export async function preflightText(session: CheckSession): Promise<string> {
  const { checks, consent, kit, means, target } = session
  const form = mayHaveEffects(consent) ? 'events' : 'zero-event'
  const plans: { check: Check; plan: ReturnType<Check['plan']> }[] = []
  for (const { check, refusal: why } of checks) {
    if (why !== undefined || unmet(check, means) !== undefined) continue
    const { steps } = check.plan(await createKit(check.id, { ...kit, form }))
    // Bodies are made again when they are sent: together they are large.
    plans.push({ check, plan: { steps: steps.map(withoutBytes) } })
  }
  const { requests, events, waitsMs } = estimateOf(plans, form)
  const where =
    target.label === 'embedded'
      ? `a receiver of my own at ${target.displayedUrl}; your application is not called`
      : target.displayedUrl
  const what =
    form === 'events'
      ? `about ${events.toLocaleString('en')} events, which a correct receiver applies`
      : '0 events: every body is [] or must be refused'
  const waits = waitsMs === 0 ? '' : `, ${formatDuration(waitsMs)} of waits`
  const of = plans.length === CATALOG.length ? '' : ` of ${CATALOG.length}`
  return `${plans.length}${of} checks of ${where}: about ${requests} requests, ${what}${waits}; --seed ${kit.seed} --now ${new Date(kit.nowMs).toISOString()}\n`
}

function withoutBytes(step: ReturnType<Check['plan']>['steps'][number]): typeof step {
  const bare = <P extends { request: object }>(probe: P): P => ({ ...probe, request: { ...probe.request, writes: [] } })
  if (step.kind === 'one') return { kind: 'one', probe: bare(step.probe) }
  return step.kind === 'handshake' ? step : { kind: step.kind, probes: step.probes.map(bare) }
}
