import { useMemo } from 'preact/hooks'
import type { DeliveryView } from '../../../view/views.ts'
import { State, Time } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { now } from '../now.ts'
import { contentText, standingText } from '../words.ts'

/** One delivery in the list; drawn again only when it changed. */
export function DeliveryRow({ delivery }: { delivery: DeliveryView }) {
  return useMemo(
    () => (
      <li>
        <a class="row" href={hrefOf('deliveries', delivery.id)}>
          <span class="row-id">#{delivery.id}</span>
          <State state={delivery.state} />
          <span class="row-what">
            <span class="row-content">{contentText(delivery)}</span>
            {delivery.member !== null && <span class="muted"> {delivery.member.name}</span>}
          </span>
          <span class="row-webhook">{delivery.webhook.name}</span>
          <span class="row-standing">
            <Standing delivery={delivery} />
            <Marks delivery={delivery} />
          </span>
          <span class="row-time">
            <Time at={delivery.createdAt} />
          </span>
        </a>
      </li>
    ),
    [delivery],
  )
}

/** Where it stands, with the time to its next attempt counted down. */
export function Standing({ delivery }: { delivery: DeliveryView }) {
  const { nextAttemptAt } = delivery
  return <>{standingText(delivery, nextAttemptAt === null ? undefined : Date.parse(nextAttemptAt) - now.value)}</>
}

/** What is special about it. */
export function Marks({ delivery }: { delivery: DeliveryView }) {
  return (
    <>
      {delivery.resends > 0 && <span class="mark">resent{delivery.resends > 1 ? ` ${delivery.resends}×` : ''}</span>}
      {delivery.possibleDuplicate && (
        <span class="mark warn" title="An attempt ended with the process: the receiver may have got it twice.">
          maybe twice
        </span>
      )}
    </>
  )
}
