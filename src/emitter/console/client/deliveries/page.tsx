import type { DeliveryDetail, DeliveryView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { post } from '../api.ts'
import { useChanges, webhooks } from '../live.ts'
import { ActionButton, Copy, Empty, Loading, Problem, State, Time } from '../parts.tsx'
import { hrefOf, listHref } from '../places.ts'
import { useResource } from '../resource.ts'
import { contentText, times } from '../words.ts'
import { Attempts } from './attempts.tsx'
import { EventList } from './event-list.tsx'
import { RequestView } from './request.tsx'
import { Marks, Standing } from './row.tsx'
import { Timeline } from './timeline.tsx'

/** One delivery with all there is to know of it. */
export function DeliveryPage({ id }: { id: string }) {
  const path = `/api/deliveries/${encodeURIComponent(id)}`
  const detail = useResource<DeliveryDetail>(path)
  useChanges({
    deliveries(items, more) {
      if (more || items.some((item) => String(item.id) === id)) detail.reloadSoon()
    },
    missed: () => void detail.reload(),
  })
  const delivery = detail.data.value
  return (
    <>
      <p class="back">
        <a href={listHref('deliveries')}>← Deliveries</a>
      </p>
      {detail.isMissing.value && delivery === undefined ? (
        <Empty title={`There is no delivery #${id}.`}>
          <p>A delivery that is finished is forgotten after some days.</p>
          <a href={hrefOf('deliveries')}>Show all deliveries</a>
        </Empty>
      ) : delivery === undefined ? (
        <Loading problem={detail.problem.value} />
      ) : (
        <Detail delivery={delivery} reload={detail.reload} />
      )}
    </>
  )
}

function Detail({ delivery, reload }: { delivery: DeliveryDetail; reload: () => Promise<void> }) {
  return (
    <>
      <section class={`summary edge-${delivery.state}`}>
        <div class="title">
          <h1>
            <span class="muted">#{delivery.id}</span> {contentText(delivery)}
          </h1>
          <State state={delivery.state} />
        </div>
        <p class="lead" role="status">
          <WebhookLink delivery={delivery} /> <Standing delivery={delivery} />. <Marks delivery={delivery} />
        </p>
        <p class="facts">
          <span>
            made <Time at={delivery.createdAt} />
          </span>
          {delivery.finishedAt !== null && (
            <span>
              finished <Time at={delivery.finishedAt} />
            </span>
          )}
          <span>{times(delivery.attempts, 'attempt')}</span>
          {delivery.resends > 0 && <span>{times(delivery.resends, 'resend')}, with the same bytes</span>}
        </p>
        <Actions delivery={delivery} reload={reload} />
      </section>
      <section>
        <h2>Attempts against the schedule</h2>
        <Timeline delivery={delivery} />
        <Attempts delivery={delivery} />
      </section>
      {delivery.events.length > 0 && (
        <section>
          <h2>{times(delivery.events.length, 'event')}</h2>
          <EventList events={delivery.events} show="member" />
        </section>
      )}
      <RequestView delivery={delivery} />
    </>
  )
}

function Actions({ delivery, reload }: { delivery: DeliveryDetail; reload: () => Promise<void> }) {
  const action = useAction()
  const webhook = webhooks.value?.find(({ id }) => id === delivery.webhook.id)
  const isFinished = delivery.state === 'delivered' || delivery.state === 'blocked'
  const resend = async () => {
    await post<DeliveryView>(`/api/deliveries/${delivery.id}/resend`)
    await reload()
  }
  return (
    <>
      <div class="actions">
        {isFinished && delivery.kind === 'events' && (
          <ActionButton action={action} onPress={resend} class={delivery.state === 'blocked' ? 'primary' : ''}>
            Resend
          </ActionButton>
        )}
        <Copy text={delivery.curl} label="Copy as curl" size="usual" />
        {webhook !== undefined && webhook.blocked !== null && (
          <a class="button" href={hrefOf('webhooks', webhook.id)}>
            {webhook.name} is blocked: unblock it
          </a>
        )}
      </div>
      <Problem text={action.problem.value} />
    </>
  )
}

function WebhookLink({ delivery }: { delivery: DeliveryView }) {
  const isThere = webhooks.value?.some(({ id }) => id === delivery.webhook.id) ?? false
  if (!isThere) return <span>{delivery.webhook.name} (deleted)</span>
  return <a href={hrefOf('webhooks', delivery.webhook.id)}>{delivery.webhook.name}</a>
}
