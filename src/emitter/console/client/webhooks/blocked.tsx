import { signal } from '@preact/signals'
import type { WebhookView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { post } from '../api.ts'
import { keep, kept } from '../browser.ts'
import { mergeWebhooks, webhooks } from '../live.ts'
import { ActionButton, Problem, Time } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { numberText, times } from '../words.ts'

const KEY = 'qualifio-sim:offered'

/** Webhooks that were unblocked here, whose blocked deliveries can be sent again; and what is said once they were. */
const offered = signal<ReadonlyMap<string, { readonly said?: string }>>(
  new Map(((kept(KEY) ?? []) as readonly string[]).map((id) => [id, {}])),
)

/** Says which webhooks are blocked, where deliveries are looked at; and offers what comes after it. */
export function BlockedNotices() {
  return (
    <>
      {(webhooks.value ?? []).map((webhook) => (
        <BlockedNotice key={webhook.id} webhook={webhook} name={<Name webhook={webhook} />} />
      ))}
    </>
  )
}

/** Says that a webhook is blocked, with the way out; and then offers to send again what was blocked. */
export function BlockedNotice({ webhook, name }: { webhook: WebhookView; name: preact.ComponentChild }) {
  const offer = offered.value.get(webhook.id)
  if (webhook.blocked !== null) return <Blocked webhook={webhook} name={name} blocked={webhook.blocked} />
  if (offer === undefined || (offer.said === undefined && webhook.counts.blocked === 0)) return null
  return <Offer webhook={webhook} name={name} said={offer.said} />
}

function Blocked(how: {
  webhook: WebhookView
  name: preact.ComponentChild
  blocked: NonNullable<WebhookView['blocked']>
}) {
  const { webhook, blocked } = how
  const action = useAction()
  const unblock = async () => {
    const now = await post<WebhookView>(`/api/webhooks/${webhook.id}/unblock`)
    if (now.counts.blocked > 0) tell(webhook.id, {})
    mergeWebhooks([now])
  }
  return (
    <div class="warning blocked-notice">
      <p>
        {how.name} is blocked after {times(blocked.afterDeliveries, 'blocked delivery')} in a row (
        <Time at={blocked.at} />
        ): nothing is sent there but pings. What is blocked meanwhile can be sent again afterwards.
      </p>
      <ActionButton action={action} onPress={unblock} class="primary">
        Unblock<span class="off-screen"> {webhook.name}</span>
      </ActionButton>
      <Problem text={action.problem.value} />
    </div>
  )
}

function Offer(how: { webhook: WebhookView; name: preact.ComponentChild; said: string | undefined }) {
  const { id, counts } = how.webhook
  const action = useAction()
  const resend = async () => {
    const { resent } = await post<{ resent: number }>('/api/deliveries/resend-blocked', { webhook: id })
    tell(id, { said: `${times(resent, 'delivery')} sent again.` })
  }
  return (
    <div class="offer" role="status">
      <p>
        {how.name} is unblocked. {how.said ?? `${times(counts.blocked, 'delivery')} to it stayed blocked.`}
      </p>
      <div class="actions">
        {how.said === undefined && (
          <ActionButton action={action} onPress={resend} class="primary">
            Resend {counts.blocked === 1 ? 'it' : `all ${numberText(counts.blocked)}`}
          </ActionButton>
        )}
        <button type="button" onClick={() => tell(id, undefined)}>
          {how.said === undefined ? 'Leave them' : 'Close'}
        </button>
      </div>
      <Problem text={action.problem.value} />
    </div>
  )
}

/** How many webhooks are blocked, on the tab. */
export function BlockedBadge() {
  const count = (webhooks.value ?? []).filter(({ blocked }) => blocked !== null).length
  if (count === 0) return null
  return (
    <span class="badge" title={`${times(count, 'webhook')} blocked`}>
      {count}
      <span class="off-screen"> blocked</span>
    </span>
  )
}

function Name({ webhook }: { webhook: WebhookView }) {
  return <a href={hrefOf('webhooks', webhook.id)}>{webhook.name}</a>
}

function tell(id: string, what: { readonly said?: string } | undefined): void {
  const now = new Map(offered.value)
  if (what === undefined) now.delete(id)
  else now.set(id, what)
  offered.value = now
  // What is still on offer survives a reload.
  keep(
    KEY,
    [...now].flatMap(([offer, { said }]) => (said === undefined ? [offer] : [])),
  )
}
