import type { Check } from '../check/check.ts'
import { formatDuration } from '../delivery/duration.ts'
import type { CheckSession } from './check-session.ts'
import { quoted } from './command-text.ts'

/**
 * The command that repeats one check, for a POSIX shell. What is secret stands there as a variable: secrets,
 * authorizations, and URLs with values in their query.
 */
export function againText({ options, target, kit }: CheckSession, check: Check): string {
  const { endpoint, label, displayedUrl } = target
  const isOwn = label === 'embedded'
  const secret = endpoint.secret === undefined || isOwn ? [] : ['--secret "$QUALIFIO_SIM_SECRET"']
  const words = [
    'qualifio-sim check',
    ...(isOwn ? [] : [`--to ${urlWord(endpoint.url.href, { shown: displayedUrl, variable: 'QUALIFIO_SIM_TO' })}`]),
    ...secret,
    ...(isOwn ? [] : authorizations(endpoint.headers ?? [])),
    ...flag('--signature-header', options.signatureHeader),
    ...(check.needs.includes('other-secret') ? otherSecrets(kit) : []),
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
    `--only ${check.number}`,
    // The same seed gives the same event ids, and a receiver that knows them by now has nothing left to apply twice.
    ...(hasOracle(options) && check.sideEffect === 'S2' ? [] : [`--seed ${kit.seed}`]),
  ]
  return words.join(' ')
}

type Options = CheckSession['options']

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
function authorizations(headers: readonly (readonly [string, string])[]): readonly string[] {
  return headers
    .filter(([name]) => name.toLowerCase() !== 'user-agent')
    .map((_, index) => `-H "$QUALIFIO_SIM_AUTH${index === 0 ? '' : `_${index + 1}`}"`)
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
