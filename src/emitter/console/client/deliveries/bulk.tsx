import { useSignal } from '@preact/signals'
import { useAction } from '../action.ts'
import { post } from '../api.ts'
import { webhooks } from '../live.ts'
import { ActionButton, Problem } from '../parts.tsx'
import { numberText, times } from '../words.ts'

/** Sends all blocked deliveries again, or those of one webhook. */
export function ResendBlocked({ webhookId }: { webhookId?: string | undefined }) {
  const action = useAction()
  const said = useSignal('')
  const known = (webhooks.value ?? []).filter(({ id }) => webhookId === undefined || id === webhookId)
  const count = known.reduce((sum, { counts }) => sum + counts.blocked, 0)
  const resend = async () => {
    said.value = ''
    const body = webhookId === undefined ? {} : { webhook: webhookId }
    const { resent } = await post<{ resent: number }>('/api/deliveries/resend-blocked', body)
    said.value = `${times(resent, 'delivery')} sent again`
  }
  return (
    <div class="bulk">
      <span role="status" class="said">
        {said.value}
      </span>
      {count > 0 && (
        <ActionButton action={action} onPress={resend}>
          Resend all blocked ({numberText(count)})
        </ActionButton>
      )}
      <Problem text={action.problem.value} />
    </div>
  )
}
