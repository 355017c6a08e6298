import { useSignal } from '@preact/signals'
import { useAction } from '../action.ts'
import type { ResentView } from '../../../view/views.ts'
import { post } from '../api.ts'
import { webhooks } from '../live.ts'
import { ActionButton, Problem } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { numberText, times } from '../words.ts'

/** Sends all blocked deliveries again, or those of one webhook. */
export function ResendBlocked({ webhookId }: { webhookId?: string | undefined }) {
  const action = useAction()
  const answer = useSignal<ResentView | undefined>(undefined)
  const known = (webhooks.value ?? []).filter(({ id }) => webhookId === undefined || id === webhookId)
  const count = known.reduce((sum, { counts }) => sum + counts.blocked, 0)
  const resend = async () => {
    answer.value = undefined
    const body = webhookId === undefined ? {} : { webhook: webhookId }
    answer.value = await post<ResentView>('/api/deliveries/resend-blocked', body)
  }
  return (
    <div class="bulk">
      <div role="status" class="said">
        {answer.value !== undefined && <Resent answer={answer.value} />}
      </div>
      {count > 0 && (
        <ActionButton action={action} onPress={resend}>
          Resend all blocked ({numberText(count)})
        </ActionButton>
      )}
      <Problem text={action.problem.value} />
    </div>
  )
}

/** How many were sent again, and why others were not, as long as that holds. */
function Resent({ answer: { resent, leftOut } }: { answer: ResentView }) {
  const isBlocked = (id: string) => webhooks.value?.some((webhook) => webhook.id === id && webhook.blocked !== null)
  return (
    <>
      {resent === 0 ? 'Nothing was sent again' : `${times(resent, 'delivery')} sent again`}
      {leftOut
        .filter(({ webhook }) => isBlocked(webhook))
        .map(({ webhook, name, deliveries }) => (
          <span key={webhook} class="left-out">
            {numberText(deliveries)} left out: <a href={hrefOf('webhooks', webhook)}>{name}</a> is blocked; unblock it
            first
          </span>
        ))}
    </>
  )
}
