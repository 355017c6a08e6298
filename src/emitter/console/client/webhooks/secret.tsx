import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Copy } from '../parts.tsx'

/** A secret that was just set: in memory only, until its page is left. */
export const freshSecret = signal<{ readonly webhookId: string; readonly secret: string } | undefined>(undefined)

/** Shows a secret once, after it was set. */
export function FreshSecret({ webhookId }: { webhookId: string }) {
  useEffect(() => () => void (freshSecret.value = undefined), [])
  const fresh = freshSecret.value
  return (
    <div role="status">
      {fresh?.webhookId === webhookId && (
        <section class="fresh-secret">
          <h2>Your secret</h2>
          <p>Copy it now into your receiver: it is not shown again.</p>
          <p class="actions">
            <code class="wrap">{fresh.secret}</code>
            <Copy text={fresh.secret} label="Copy the secret" />
            <button type="button" class="small" onClick={() => (freshSecret.value = undefined)}>
              Hide
            </button>
          </p>
        </section>
      )}
    </div>
  )
}
