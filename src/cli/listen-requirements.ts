import type { Contract } from '../contract/contract.ts'
import { loadEventModel } from '../contract/event-model.ts'
import { UsageError } from '../errors.ts'
import type { Requirements } from '../receiver/judge.ts'
import type { ServerCertificate } from '../receiver/listening.ts'
import { payloadReader } from '../receiver/reader.ts'
import type { Context } from './context.ts'
import { accepted, readCredentials, readSecret } from './endpoint.ts'
import { readText } from './files.ts'
import type { ListenOptions } from './listen-run.ts'

/** What a request must have to be accepted: secrets, headers, and the contract its events are read by. @throws UsageError */
export async function readRequirements(
  context: Context,
  contract: Contract,
  options: ListenOptions,
): Promise<Requirements> {
  const { secret: secretOption, ...rest } = options
  const secrets = secretOption.map((secret) => accepted(context, secret))
  const fromFile = readSecret(context, { secret: undefined, secretFile: options.secretFile })
  const { headers, signature } = readCredentials(
    context,
    { ...rest, secret: undefined, secretFile: undefined },
    contract,
  )
  return {
    secrets: fromFile === undefined ? secrets : [...secrets, fromFile],
    headers,
    signature,
    readEvents: payloadReader(contract, await loadEventModel()),
  }
}

/** The certificate and key of `--tls-cert` and `--tls-key`. @throws UsageError where one is missing or unreadable */
export function readTls(context: Context, { tlsCert, tlsKey }: ListenOptions): ServerCertificate | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined)
    throw new UsageError('--tls-cert and --tls-key belong together: give both.')
  return {
    cert: readText(context, tlsCert, { option: '--tls-cert' }),
    key: readText(context, tlsKey, { option: '--tls-key' }),
  }
}
