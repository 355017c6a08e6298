import { redactor, secretValues } from '../../delivery/redact.ts'
import type { Redact } from '../../delivery/redact.ts'
import { assembleRequest } from '../../delivery/request.ts'
import type { Endpoint, SignedRequest } from '../../delivery/request.ts'
import type { Webhook } from '../records.ts'
import type { StoredRequest } from '../storage.ts'

/** What goes to a webhook as it is set up now. */
export interface Outgoing {
  readonly url: URL
  /**
   * The request of a stored delivery, headers in the order in which `send` sends them. The signature is the stored
   * one, because a retry repeats it (assumed); address and authorization are the webhook's of today.
   */
  readonly request: (stored: StoredRequest) => SignedRequest
  /** Takes the webhook's secrets, its header's value and its query values out of a result. */
  readonly redact: Redact
}

/** Requests to this webhook, under this user agent. */
export function outgoingTo(webhook: Webhook, userAgent: string): Outgoing {
  const url = new URL(webhook.url)
  const headers = webhook.header === null ? [] : [[webhook.header.name, webhook.header.value] as const]
  const secrets = [webhook.secret, webhook.previousSecret?.value].filter((secret) => typeof secret === 'string')
  // Deliveries of an earlier run may have been made under another contract, with another content type.
  const endpoints = new Map<string, Endpoint>()
  const endpointFor = (contentType: string): Endpoint => {
    const known = endpoints.get(contentType)
    if (known !== undefined) return known
    const endpoint = { url, userAgent, headers, contentType }
    endpoints.set(contentType, endpoint)
    return endpoint
  }
  return {
    url,
    request: ({ body, contentType, signature }) =>
      assembleRequest(
        endpointFor(contentType),
        body,
        signature === null ? undefined : [signature.header, signature.value],
      ),
    redact: redactor([...secrets.filter((secret) => secret !== ''), ...secretValues({ url, headers })]),
  }
}
