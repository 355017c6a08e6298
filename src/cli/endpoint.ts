import type { Contract } from '../contract/contract.ts'
import type { Endpoint } from '../delivery/request.ts'
import type { Target } from '../delivery/target.ts'
import { authorizationHeaders, parseSignatureHeader, type Header } from '../signing/authorization.ts'
import {
  parseSecretFile,
  SECRET_FILE_MAX_BYTES,
  type AcceptedSecret,
  type SignatureFormat,
} from '../signing/signature.ts'
import { toolVersion } from '../version.ts'
import type { Context } from './context.ts'
import { readBytes } from './files.ts'
import type { OptionValues } from './option.ts'
import type { endpointOptions } from './options/endpoint.ts'

/** What signs and authorizes a request. */
export interface Credentials {
  readonly secret: string | undefined
  readonly headers: readonly Header[]
  readonly signature: SignatureFormat
  readonly contentType: string
}

/**
 * Secret and headers from the options; warnings go to stderr.
 * @throws UsageError for an empty secret, a header that cannot be sent, …
 */
export function readCredentials(
  context: Context,
  options: Omit<OptionValues<typeof endpointOptions>, 'to'>,
  contract: Contract,
): Credentials {
  const header =
    options.signatureHeader === undefined ? contract.signature.header : parseSignatureHeader(options.signatureHeader)
  return {
    secret: readSecret(context, options),
    headers: authorizationHeaders({
      headers: options.header,
      signatureHeader: header,
      ...(options.basic === undefined ? {} : { basic: options.basic }),
      ...(options.bearer === undefined ? {} : { bearer: options.bearer }),
    }),
    signature: { ...contract.signature, header },
    contentType: contract.contentType,
  }
}

/**
 * The endpoint of requests that are written and not sent; warnings go to stderr.
 * @throws UsageError as `readCredentials`
 */
export function writtenEndpoint(
  context: Context,
  { url, warnings }: Target,
  { options, contract }: { readonly options: Parameters<typeof readCredentials>[1]; readonly contract: Contract },
): Endpoint {
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  const credentials = readCredentials(context, options, contract)
  warnUnsigned(context, options, credentials)
  return { url, userAgent: `qualifio-sim/${toolVersion()}`, ...credentials }
}

/** Says that a signature header is named and nothing is signed. */
export function warnUnsigned(
  context: Context,
  { signatureHeader }: { readonly signatureHeader: string | undefined },
  { secret }: Pick<Credentials, 'secret'>,
): void {
  if (signatureHeader === undefined || secret !== undefined) return
  context.stderr.write(
    `warning: --signature-header ${signatureHeader} changes nothing: without --secret or --secret-file nothing is signed\n`,
  )
}

/** The secret of `--secret` or `--secret-file`, if there is one. Warnings go to stderr. @throws UsageError */
export function readSecret(
  context: Context,
  { secret, secretFile }: { readonly secret: AcceptedSecret | undefined; readonly secretFile: string | undefined },
): string | undefined {
  if (secret !== undefined) return accepted(context, secret)
  return secretFile === undefined ? undefined : readSecretFile(context, secretFile)
}

/** The secret in a file. Warnings go to stderr. @throws UsageError */
export function readSecretFile(context: Context, path: string): string {
  const bytes = readBytes(context, path, { option: '--secret-file', mostBytes: SECRET_FILE_MAX_BYTES })
  return accepted(context, parseSecretFile(bytes, `--secret-file ${path}`))
}

/** Prints what a secret's owner should know and returns the secret. */
export function accepted(context: Context, { secret, warnings }: AcceptedSecret): string {
  for (const warning of warnings) context.stderr.write(`warning: ${warning}\n`)
  return secret
}
