import type { Contract } from '../contract/contract.ts'
import { isLoopback } from '../delivery/address.ts'
import type { ConfiguredWebhook } from '../emitter/desk/configured-webhooks.ts'
import { UsageError } from '../errors.ts'
import { authorizing } from '../signing/authorization.ts'
import type { Context } from './context.ts'
import { embeddedCredentials, startEmbedded } from './embedded.ts'
import { note } from './emit-notes.ts'
import type { EmitOptions } from './emit-run.ts'
import { readCredentials } from './endpoint.ts'

/** The webhook that `--to` sets, and the receiver behind it if it comes with the tool. */
export interface CommandLineWebhook {
  readonly webhook: ConfiguredWebhook
  readonly close: () => Promise<void>
}

/** Its name in the console. */
export const nameOfTo = (to: NonNullable<EmitOptions['to']>): string =>
  to === 'embedded' ? 'embedded receiver' : 'command line'

/**
 * The webhook of `--to` and its credentials; undefined without it.
 * @throws UsageError for more headers than a webhook has, or our own port
 */
export async function webhookOfCommandLine(
  context: Context,
  { contract, ownPort }: { readonly contract: Contract; readonly ownPort: number | undefined },
  options: EmitOptions,
): Promise<CommandLineWebhook | undefined> {
  const { to } = options
  if (to === undefined) {
    // As flags they are refused; from the environment or the file they may be meant for another command.
    if (hasCredentials(options))
      note(context, options, 'the credentials are for --to, which is not given; webhooks have their own')
    return undefined
  }
  const given = readCredentials(context, options, contract)
  const credentials = to === 'embedded' ? embeddedCredentials(given) : given
  const [header, ...others] = authorizing(credentials.headers)
  if (others.length > 0 || authorizing(credentials.headers).length < credentials.headers.length)
    throw new UsageError('--header: a webhook has one authorization header and no others; give one.')
  if (to !== 'embedded') refuseOwnPort(to.url, ownPort)
  const embedded =
    to === 'embedded'
      ? await startEmbedded(contract, credentials, { retries: 0, onRequest: () => undefined })
      : undefined
  if (to !== 'embedded') for (const warning of to.warnings) context.stderr.write(`warning: ${warning}\n`)
  const url = to === 'embedded' ? (embedded?.url as URL) : to.url
  return {
    webhook: {
      origin: 'command-line',
      change: {
        name: nameOfTo(to),
        url: url.href,
        header: header === undefined ? null : { name: header[0], value: header[1] },
        secret: credentials.secret ?? null,
        active: true,
      },
    },
    close: async () => await embedded?.close(),
  }
}

function hasCredentials({ secret, secretFile, header, basic, bearer }: EmitOptions): boolean {
  return header.length > 0 || [secret, secretFile, basic, bearer].some((given) => given !== undefined)
}

function refuseOwnPort({ hostname, port, protocol }: URL, ownPort: number | undefined): void {
  if (!isLoopback(hostname) || Number(port || { 'http:': 80, 'https:': 443 }[protocol]) !== ownPort) return
  throw new UsageError(
    `--to: target is this process's own port (${ownPort}), where the console is; use the port of your receiver.`,
  )
}
