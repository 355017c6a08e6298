import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { DeliveryDetail, WebhookView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { patch, post, remove } from '../api.ts'
import { mergeWebhooks, readWebhooks, webhooks } from '../live.ts'
import { ActionButton, Empty, Problem, Time } from '../parts.tsx'
import { goTo, hrefOf } from '../places.ts'
import { answerText, times } from '../words.ts'
import { WebhookForm } from './form.tsx'
import { Badges, Counts } from './list.tsx'
import { FreshSecret } from './secret.tsx'

/** One webhook: how it fares, what can be done with it, and its form. */
export function WebhookPage({ id }: { id: string }) {
  const webhook = webhooks.value?.find((item) => item.id === id)
  if (webhook === undefined)
    return (
      <Empty title="There is no such webhook.">
        <a href={hrefOf('webhooks')}>Show all webhooks</a>
      </Empty>
    )
  return (
    <>
      <section class={`summary ${webhook.blocked === null ? '' : 'edge-blocked'}`}>
        <div class="title">
          <h1>{webhook.name}</h1>
          <span>
            <Badges webhook={webhook} />
          </span>
        </div>
        <p>
          <code class="wrap">{webhook.url}</code>
        </p>
        <p class="facts">
          <Counts webhook={webhook} />
          <a href={hrefOf('deliveries', undefined, { webhook: id })}>Its deliveries</a>
        </p>
        <Blocked webhook={webhook} />
        {webhook.previousSecretUntil !== null && (
          <p class="note">
            The secret was changed: the old one goes on signing until <Time at={webhook.previousSecretUntil} />.
          </p>
        )}
        <Doings webhook={webhook} />
      </section>
      <FreshSecret webhookId={id} />
      <WebhookForm key={webhook.id} webhook={webhook} />
    </>
  )
}

function Blocked({ webhook }: { webhook: WebhookView }) {
  const action = useAction()
  if (webhook.blocked === null) return null
  const unblock = async () => mergeWebhooks([await post<WebhookView>(`/api/webhooks/${webhook.id}/unblock`)])
  return (
    <div class="warning">
      <p>
        Blocked <Time at={webhook.blocked.at} />, after {times(webhook.blocked.afterDeliveries, 'blocked delivery')} in
        a row. Nothing is sent until it is unblocked; what was blocked meanwhile can then be resent.
      </p>
      <ActionButton action={action} onPress={unblock} class="primary">
        Unblock
      </ActionButton>
      <Problem text={action.problem.value} />
    </div>
  )
}

function Doings({ webhook }: { webhook: WebhookView }) {
  const ping = useAction()
  const active = useAction()
  const answer = useSignal<DeliveryDetail | undefined>(undefined)
  const send = async () => {
    answer.value = undefined
    answer.value = await post<DeliveryDetail>(`/api/webhooks/${webhook.id}/ping`)
  }
  const toggle = async () =>
    mergeWebhooks([await patch<WebhookView>(`/api/webhooks/${webhook.id}`, { active: !webhook.active })])
  const { value } = answer
  return (
    <>
      <div class="actions">
        <ActionButton action={ping} onPress={send}>
          Ping
        </ActionButton>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={webhook.active}
          aria-busy={active.isBusy.value}
          onClick={() => void active.run(toggle)}
        >
          Active
        </button>
        <Delete webhook={webhook} />
      </div>
      <div role="status">
        {ping.isBusy.value && <p class="muted">An empty payload is on its way…</p>}
        {value !== undefined && (
          <p class="answers">
            <a class={`route ${value.state}`} href={hrefOf('deliveries', value.id)}>
              {webhook.name}{' '}
              {value.lastResult === null ? 'has not answered yet' : answerText(value.lastResult, value.lastDurationMs)}
            </a>
            {value.lastResult?.kind === 'failed' && <span class="note">{value.lastResult.reason}</span>}
          </p>
        )}
      </div>
      <Problem text={ping.problem.value ?? active.problem.value} />
    </>
  )
}

function Delete({ webhook }: { webhook: WebhookView }) {
  const asked = useSignal<'never' | 'now' | 'before'>('never')
  const action = useAction()
  const under = webhook.counts.queued + webhook.counts.retrying
  const deleteIt = async () => {
    await remove(`/api/webhooks/${webhook.id}`)
    await readWebhooks()
    goTo(hrefOf('webhooks'))
  }
  if (asked.value !== 'now')
    return (
      <FocusedButton
        key="ask"
        label="Delete…"
        class="quiet"
        isFocused={asked.value === 'before'}
        onPress={() => (asked.value = 'now')}
      />
    )
  return (
    <span class="confirm" role="group" aria-label="Delete the webhook?">
      <span>
        Delete “{webhook.name}”?{under > 0 && ` ${times(under, 'delivery')} under way will be cancelled.`}
        {webhook.managedBy === 'file' && ' It comes back at the next start, because a file sets it.'}
      </span>
      <ActionButton action={action} onPress={deleteIt} class="danger">
        Delete
      </ActionButton>
      <FocusedButton key="keep" label="Keep" class="" isFocused onPress={() => (asked.value = 'before')} />
      <Problem text={action.problem.value} />
    </span>
  )
}

/** A button that takes the focus when it comes: the one that had it is gone. */
function FocusedButton(how: { label: string; class: string; isFocused: boolean; onPress: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    if (how.isFocused) button.current?.focus()
  }, [])
  return (
    <button type="button" class={how.class} ref={button} onClick={how.onPress}>
      {how.label}
    </button>
  )
}
