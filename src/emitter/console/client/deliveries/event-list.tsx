import type { EventView, RouteView } from '../../../view/views.ts'
import { Time } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { visible } from './attempts.tsx'

const MOST = 50

/** Events in sentences, with a way to whom they happened, or to where they went. */
export function EventList({ events, show }: { events: readonly EventView[]; show: 'member' | 'routes' }) {
  return (
    <ol class="events">
      {events.slice(0, MOST).map((event) => (
        <li key={event.id}>
          <span class="tag">{event.label}</span>
          <span class="event-what">
            {show === 'member' ? (
              <a href={hrefOf('members', event.member.id)}>{visible(event.sentence)}</a>
            ) : (
              visible(event.sentence)
            )}{' '}
            {show === 'routes' && event.routes.map((route) => <Route key={route.webhook.id} route={route} />)}
            {show === 'routes' && event.why !== undefined && <span class="route not">{event.why}</span>}
          </span>
          <span class="row-time">
            <Time at={event.occurredAt} />
          </span>
        </li>
      ))}
      {events.length > MOST && <li class="muted">and {events.length - MOST} more</li>}
    </ol>
  )
}

function Route({ route: { delivery, webhook, goes, why } }: { route: RouteView }) {
  if (!goes)
    return (
      <span class="route not" title={why}>
        not to {webhook.name}
      </span>
    )
  if (delivery === undefined) return <span class="route queued">{webhook.name}: in the next batch</span>
  return (
    <a class={`route ${delivery.state}`} href={hrefOf('deliveries', delivery.id)} title={why}>
      {webhook.name} {delivery.state}
    </a>
  )
}
