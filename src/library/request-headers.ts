import type { Contract } from '../contract/contract.ts'
import { UsageError } from '../errors.ts'
import { authorizationHeaders, type Header } from '../signing/authorization.ts'
import { parseSecret, sign } from '../signing/signature.ts'
import { inLibraryWords } from './library-words.ts'
import { checkOptions, contractOption, isPlainObject, shown, textOption, type OptionCheck } from './option-check.ts'
import { loaded } from './payloads.ts'

/** What signs and authorizes a request. */
export interface SignOptions {
  /** Signs the body; without one there is no signature. */
  readonly secret?: string | undefined
  /** Further headers, such as Qualifio's custom authorization header. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Decides the signature's header and form. `assumed-1` by default. */
  readonly contract?: string | Contract | undefined
}

/** What those options must be. */
export const SIGN_CHECKS = {
  secret: { ...textOption('a text'), shows: 'nothing' },
  headers: {
    expected: 'an object of texts, such as { Authorization: `Bearer ${token}` }',
    shows: 'nothing',
    isRight: (value) =>
      isPlainObject(value) &&
      Object.entries(value).every(([name, text]) => typeof text === 'string' && !name.includes(':')),
  },
  contract: contractOption,
} as const satisfies Record<keyof SignOptions, OptionCheck>

/**
 * The headers Qualifio would send with this body: content type, authorization and signature. For a
 * framework's own test client, or `fetch`.
 * @throws UsageError for an empty secret or a header that cannot be sent
 */
export async function requestHeaders(
  body: string | Uint8Array,
  options: SignOptions = {},
): Promise<Record<string, string>> {
  checkOptions('requestHeaders', options, SIGN_CHECKS)
  try {
    const { signature, contentType } = await loaded(options.contract)
    const { secret } = options
    return {
      'Content-Type': contentType,
      ...Object.fromEntries(headersOf(options, signature.header)),
      ...(secret === undefined
        ? {}
        : {
            [signature.header]: sign(parseSecret(secret, 'secret').secret, bodyOf(body, 'requestHeaders'), signature),
          }),
    }
  } catch (error) {
    throw inLibraryWords(error)
  }
}

/**
 * The body of what was handed in.
 * @throws UsageError for what cannot be sent
 */
export function bodyOf(payload: unknown, call: string): string | Uint8Array {
  if (typeof payload === 'string' || payload instanceof Uint8Array) return payload
  const { body } = (payload ?? {}) as { body?: unknown }
  if (typeof body === 'string' && call === 'deliver') return body
  const given = call === 'deliver' ? 'a payload of generatePayloads, or its body' : 'a body'
  throw new UsageError(`${call}: ${shown(payload)} cannot be sent; pass ${given} as text or bytes.`)
}

/** The headers of the options, as they are sent. */
export function headersOf({ headers = {} }: SignOptions, signatureHeader: string): readonly Header[] {
  return authorizationHeaders({
    headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    signatureHeader,
  })
}
