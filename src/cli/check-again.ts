import type { Check } from '../check/check.ts'
import { formatDuration } from '../delivery/duration.ts'
import { authorizing, type Header } from '../signing/authorization.ts'
import type { CheckSession } from './check-session.ts'
import { quoted } from './command-text.ts'

type Session = Pick<CheckSession, 'options' | 'target' | 'kit' | 'checks'>

/**
 * The command that repeats some checks and no others, for a POSIX shell; the whole run where one of them only looks at
 * the answers to the others. What is secret stands there as a variable: secrets, authorizations, and URLs with values
 * in their query.
 */
export function againText({ options, target, kit, checks }: Session, wanted: readonly Check[]): string {
  const isWhole = wanted.some(({ sideEffect }) => sideEffect === 'P')
  const repeated = isWhole ? checks.map(({ check }) => check) : wanted
  const { endpoint, label, displayedUrl } = target
  const isOwn = label === 'embedded'
  const secret = endpoint.secret === undefined || isOwn ? [] : ['--secret "$QUALIFIO_SIM_SECRET"']
  const words = [
    'qualifio-sim check',
    ...(isOwn ? [] : [`--to ${urlWord(endpoint.url.href, { shown: displayedUrl, variable: 'QUALIFIO_SIM_TO' })}`]),
    ...secret,
    ...(isOwn ? [] : authorizations(endpoint.headers ?? [])),
    ...flag('--signature-header', options.signatureHeader),
    ...(repeated.some(({ needs }) => needs.includes('other-secret')) ? otherSecrets(kit) : []),
    ...flag('--contract', options.contract),
    ...(options.insecure ? ['--insecure'] : []),
    ...flag('--cacert', options.cacert),
    ...flag('--http-twin', options.httpTwin?.href),
    ...flag('--timeout', options.timeout === undefined ? undefined : formatDuration(options.timeout).replace(' ', '')),
    ...oracle(options),
    ...options.localHost.flatMap((name) => flag('--local-host', name)),
    ...(options.safe ? ['--safe'] : []),
    ...(options.allowSideEffects ? ['--allow-side-effects'] : []),
    ...(options.allowStress ? ['--allow-stress'] : []),
    ...(isWhole ? selection(options) : [`--only ${wanted.map(({ number }) => number).join(',')}`]),
    // The same seed gives the same event ids: what was applied by now can be counted no more.
    ...(hasOracle(options) ? [] : [`--seed ${kit.seed} --now ${new Date(kit.nowMs).toISOString()}`]),
  ]
  return words.join(' ')
}

/**
 * What must be set before such commands are typed: variables that the environment does not hold yet, without their
 * values; undefined when there are none.
 */
export function variablesText(
  commands: string,
  { target, kit, options }: Session,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { secret, headers = [], url } = target.endpoint
  const values = new Map<string, { readonly value: string | undefined; readonly shown?: string }>([
    ['QUALIFIO_SIM_SECRET', { value: secret }],
    ...authorizing(headers).map(
      ([name, value], index) =>
        [authorizationVariable(index), { value: `${name}: ${value}`, shown: quoted(`${name}: …`) }] as const,
    ),
    ['QUALIFIO_SIM_PREVIOUS_SECRET', { value: kit.previousSecret }],
    ['QUALIFIO_SIM_RETIRED_SECRET', { value: kit.retiredSecret }],
    ['QUALIFIO_SIM_TO', { value: url.href }],
    ['QUALIFIO_SIM_ORACLE_URL', { value: options.oracleUrl }],
  ])
  const missing = [...values].filter(([name, { value }]) => commands.includes(`"$${name}"`) && env[name] !== value)
  return missing.length === 0
    ? undefined
    : `export ${missing.map(([name, { shown = '…' }]) => `${name}=${shown}`).join(' ')}`
}

type Options = CheckSession['options']

/** The user's own, so that all the answers are there to look at. */
function selection({ only, skip, accept }: Options): readonly string[] {
  return [
    ...only.flatMap((text) => flag('--only', text)),
    ...skip.flatMap((text) => flag('--skip', text)),
    ...accept.flatMap(({ selector, statuses }) => flag('--accept', `${selector}=${statuses.join(',')}`)),
  ]
}

function hasOracle({ oracleUrl, oracleCmd }: Options): boolean {
  return oracleUrl !== undefined || oracleCmd !== undefined
}

function oracle(options: Options): readonly string[] {
  const { oracleUrl, oracleCmd, oraclePointer, oracleTimeout } = options
  // A token in the query is none of a report's business; the event id is not one.
  const shown = oracleUrl?.replace(/([?&][^=&]*=)(?!\{eventId\}(?:&|$))[^&]+/g, '$1…')
  return [
    ...(oracleUrl === undefined
      ? []
      : [`--oracle-url ${urlWord(oracleUrl, { shown, variable: 'QUALIFIO_SIM_ORACLE_URL' })}`]),
    ...flag('--oracle-cmd', oracleCmd),
    ...flag('--oracle-pointer', oraclePointer),
    ...flag(
      '--oracle-timeout',
      oracleTimeout === undefined ? undefined : formatDuration(oracleTimeout).replace(' ', ''),
    ),
  ]
}

/** A variable per header: they may be more than one. */
function authorizations(headers: readonly Header[]): readonly string[] {
  return authorizing(headers).map((_, index) => `-H "$${authorizationVariable(index)}"`)
}

function authorizationVariable(index: number): string {
  return `QUALIFIO_SIM_AUTH${index === 0 ? '' : `_${index + 1}`}`
}

function otherSecrets({ previousSecret, retiredSecret }: CheckSession['kit']): readonly string[] {
  return [
    ...(previousSecret === undefined ? [] : ['--previous-secret "$QUALIFIO_SIM_PREVIOUS_SECRET"']),
    ...(retiredSecret === undefined ? [] : ['--retired-secret "$QUALIFIO_SIM_RETIRED_SECRET"']),
  ]
}

/** A URL that may be shown as it is, or the variable that holds it. */
function urlWord(url: string, { shown, variable }: { readonly shown: string | undefined; readonly variable: string }) {
  return shown === url ? quoted(url) : `"$${variable}"`
}

function flag(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${name} ${quoted(value)}`]
}
