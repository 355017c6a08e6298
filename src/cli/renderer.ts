import { curlRenderer } from '../report/curl.ts'
import { jsonRenderer, ndjsonRenderer } from '../report/send-json.ts'
import { SILENT, type SendRenderer } from '../report/send-renderer.ts'
import { textRenderer } from '../report/send-text.ts'
import type { Output } from './context.ts'
import type { SendSession } from './send-session.ts'

/** A handful of deliveries is told attempt by attempt; more would be a wall of text. */
export const TOLD_IN_FULL = 10

/** The form that `--format`, `--verbose` and `--quiet` ask for. */
export function rendererOf(
  { paint }: Output,
  { options, header, target: { displayedUrl, endpoint, policy }, totals, faults }: SendSession,
): SendRenderer {
  if (options.quiet && (options.format ?? 'text') === 'text') return SILENT
  switch (options.format ?? 'text') {
    case 'json':
      return jsonRenderer(header, displayedUrl)
    case 'ndjson':
      return ndjsonRenderer(header, displayedUrl)
    case 'curl':
      return curlRenderer({ url: displayedUrl, flags: curlFlags(options) })
    default:
      return textRenderer({
        paint,
        retries: policy.delaysMs.length,
        url: endpoint.url,
        displayedUrl,
        curlFlags: curlFlags(options),
        detail: options.verbose || totals.payloadCount <= TOLD_IN_FULL ? 'attempts' : 'troubles',
        interleaved: (options.concurrency ?? 1) > 1 || faults.copies.order === 'at-once' ? 'yes' : 'no',
        exchange: options.verbose ? 'shown' : 'hidden',
      })
  }
}

/** What curl needs to trust the same certificates. */
export function curlFlags({
  insecure,
  cacert,
}: {
  readonly insecure: boolean
  readonly cacert: string | undefined
}): readonly string[] {
  return [...(insecure ? ['-k'] : []), ...(cacert === undefined ? [] : ['--cacert', cacert])]
}
