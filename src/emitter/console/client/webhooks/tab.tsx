import { webhooks } from '../live.ts'
import { Loading } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { NewWebhookForm } from './form.tsx'
import { WebhookList } from './list.tsx'
import { WebhookPage } from './page.tsx'

/** All webhooks, one of them, or a new one. */
export function WebhooksTab({ id }: { id: string | undefined }) {
  const known = webhooks.value
  if (known === undefined) return <Loading problem={undefined} />
  if (id === undefined) return <WebhookList webhooks={known} />
  return (
    <>
      <p class="back">
        <a href={hrefOf('webhooks')}>← Webhooks</a>
      </p>
      {id === 'new' ? <NewWebhookForm /> : <WebhookPage id={id} />}
    </>
  )
}
