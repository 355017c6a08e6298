import { isLocalTarget, refusal, type Consent } from '../check/consent.ts'
import type { KitOptions } from '../check/kit.ts'
import type { Means } from '../check/means.ts'
import type { Oracle } from '../check/oracle.ts'
import type { PlannedCheck } from '../check/run.ts'
import { checksNamed, selectChecks } from '../check/selection.ts'
import type { Contract } from '../contract/contract.ts'
import { addressesOf } from '../delivery/guarded-lookup.ts'
import { secretValues, textRedactor } from '../delivery/redact.ts'
import { UsageError } from '../errors.ts'
import { openOracle, oracleSecrets } from './check-oracle.ts'
import { authorizing } from '../signing/authorization.ts'
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
    accept: acceptedStatuses(options),
    oracle: openOracle(context, options, textRedactor(secrets)),
    secrets,
  }
}

/**
 * Refuses options that contradict each other, before anything is opened.
 * @throws UsageError
 */
export function refuseContradictions({ safe, allowSideEffects, allowStress }: CheckOptions): void {
  const allow = allowSideEffects ? '--allow-side-effects' : '--allow-stress'
  if (safe && (allowSideEffects || allowStress))
    throw new UsageError(`--safe and ${allow} contradict each other; leave one of them out.`)
}

/** Statuses that count as right, by the id of the check. @throws UsageError for a forged request that may be accepted */
function acceptedStatuses({ accept }: CheckOptions): ReadonlyMap<string, readonly number[]> {
  const statuses = accept.flatMap((one) => checksNamed(one.selector, '--accept').map((check) => ({ check, ...one })))
  for (const { check, selector, statuses: all } of statuses) {
    const success = all.find((status) => status >= 200 && status <= 299)
    if (check.controls === 'around' && success !== undefined)
      throw new UsageError(
        `--accept ${selector}=${all.join(',')}: ${check.number} (${check.id}) sends what must be refused, so ${success} cannot be right; --skip ${check.number} leaves it out.`,
      )
  }
  return new Map(statuses.map(({ check, statuses: all }) => [check.id, all]))
}

/** Whether anything but the user agent is sent to authorize with. */
export function isAuthorized({ endpoint }: OpenedTarget): boolean {
  return authorizing(endpoint.headers).length > 0
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
