import type { Attempt } from '../delivery/outcome.ts'
import type { Endpoint, SignedRequest } from '../delivery/request.ts'
import { DEFAULT_SIGNATURE } from '../signing/signature.ts'
import { explanationTexts } from './explanation.ts'

/**
 * What a receiver signed instead, where its refusal says which digest it computed: many print it beside the one they
 * got. Empty where there is nothing to explain.
 */
export async function explainRefusal(
  { result }: Attempt,
  { request, endpoint }: { readonly request: SignedRequest; readonly endpoint: Endpoint },
): Promise<readonly string[]> {
  if (result.kind !== 'responded' || result.status < 400 || result.status > 499 || endpoint.secret === undefined)
    return []
  const [{ digestIn }, { frameworkOf }] = await Promise.all([
    import('../signing/explain-given.ts'),
    import('../signing/explain-framework.ts'),
  ])
  const sent = request.headers.find(([name]) => name === request.signatureHeader)?.[1]
  const text = [result.bodySnippet, ...Object.values(result.headers).flat()].join('\n')
  const computed = digestIn(text, sent === undefined ? {} : { except: sent })
  if (computed === undefined) return []
  const explanations = await explanationTexts({
    secrets: [endpoint.secret],
    bytes: request.body,
    given: computed,
    found: 'text',
    format: endpoint.signature ?? DEFAULT_SIGNATURE,
    framework: frameworkOf(result.headers),
  })
  return [`the receiver says it computed ${computed.slice(0, 16)}…; why that is not the signature:`, ...explanations]
}
