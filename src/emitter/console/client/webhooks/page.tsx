import { useSignal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { DeliveryDetail, WebhookView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { patch, post, remove } from '../api.ts'
import { mergeWebhooks, readWebhooks, webhooks } from '../live.ts'
import { now } from '../now.ts'
import { ActionButton, Empty, Problem } from '../parts.tsx'
import { goTo, hrefOf } from '../places.ts'
import { durationText } from '../time.ts'
import { answerText, times } from '../words.ts'
import { BlockedNotice } from './blocked.tsx'
import { KnownWebhookForm } from './form.tsx'
import { Badges, Counts, shownUrl } from './list.tsx'
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
          <code class="wrap">{shownUrl(webhook)}</code>
        </p>
        <p class="facts">
          <Counts webhook={webhook} />
          <a href={hrefOf('deliveries', undefined, { webhook: id })}>Its deliveries</a>
        </p>
        <BlockedNotice webhook={webhook} name="It" />
        {webhook.previousSecretUntil !== null && <OldSecret untilMs={Date.parse(webhook.previousSecretUntil)} />}
        <Doings webhook={webhook} />
      </section>
      <FreshSecret webhookId={id} />
      <KnownWebhookForm key={webhook.id} webhook={webhook} />
    </>
  )
}

/** For how long the secret before the last change signs: nothing is said of it when it is over. */
function OldSecret({ untilMs }: { untilMs: number }) {
  const leftMs = untilMs - now.value
  if (leftMs <= 0) return null
  return (
    <p class="note">
      The secret was changed: the old one goes on signing for {durationText(leftMs, 'countdown')}, until{' '}
      {new Date(untilMs).toLocaleTimeString('en-GB')}.
    </p>
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
        {webhook.managedBy === 'request' && <Delete webhook={webhook} />}
      </div>
      {webhook.managedBy !== 'request' && <p class="note">{NOT_DELETED[webhook.managedBy]}</p>}
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

const NOT_DELETED = {
  file: 'It cannot be deleted here: qualifio-sim.json sets it. Take it out there first.',
  'command-line': 'It cannot be deleted here: the command line sets it. Start emit without it first.',
} as const

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
