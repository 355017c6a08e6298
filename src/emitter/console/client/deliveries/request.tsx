import { useSignal } from '@preact/signals'
import type { DeliveryDetail } from '../../../view/views.ts'
import { Copy } from '../parts.tsx'
import { Headers, visible } from './attempts.tsx'

/** What is sent: the bytes, the headers, and how the signature is made. */
export function RequestView({ delivery }: { delivery: DeliveryDetail }) {
  const { request, signature, curl } = delivery
  return (
    <section>
      <h2>Request</h2>
      <p class="request-line">
        <code>
          {request.method} {visible(request.url)}
        </code>
      </p>
      <Headers headers={request.headers} label="Headers of the request" />
      <Body request={request} />
      {signature === null ? (
        <p class="note">Not signed: the webhook has no secret.</p>
      ) : (
        <div class="signature">
          <h3>How it is signed</h3>
          <p>
            <code>
              {signature.header}: {signature.value}
            </code>
          </p>
          <p>{signature.explanation}</p>
        </div>
      )}
      <details>
        <summary>As curl</summary>
        <pre tabIndex={0} class="bounded">
          {visible(curl)}
        </pre>
      </details>
    </section>
  )
}

function Body({ request }: { request: DeliveryDetail['request'] }) {
  const view = useSignal<'pretty' | 'exact'>('pretty')
  const pretty = prettyJson(request.body)
  const isPretty = view.value === 'pretty' && pretty !== undefined
  const tab = (name: 'pretty' | 'exact', text: string) => (
    <button type="button" class="small" aria-pressed={view.value === name} onClick={() => (view.value = name)}>
      {text}
    </button>
  )
  return (
    <div class="body">
      <div class="body-head">
        <h3>Body</h3>
        <span class="muted">{request.bodyBytes.toLocaleString('en-GB')} bytes</span>
        <span class="segments" role="group" aria-label="How the body is shown">
          {pretty !== undefined && tab('pretty', 'Readable')}
          {tab('exact', 'Exact bytes')}
        </span>
        <Copy text={isPretty ? pretty : request.body} label="Copy" />
      </div>
      <pre tabIndex={0} class={`bounded ${isPretty ? '' : 'exact'}`} aria-label="Body of the request">
        {visible(isPretty ? pretty : request.body)}
      </pre>
      <p class="note">
        {isPretty
          ? 'Indented for reading. The signature covers the exact bytes, not these.'
          : 'Character by character as it is sent; the signature covers these bytes.'}{' '}
        SHA-256 <code>{request.bodySha256}</code>
      </p>
    </div>
  )
}

/** Indented, or undefined for what is not JSON. */
function prettyJson(body: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return undefined
  }
}
