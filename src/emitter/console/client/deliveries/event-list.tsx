import type { EventView } from '../../../views.ts'
import { Time } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { visible } from './attempts.tsx'

const MOST = 50

/** Events in sentences. */
export function EventList({ events }: { events: readonly EventView[] }) {
  return (
    <ol class="events">
      {events.slice(0, MOST).map((event) => (
        <li key={event.id}>
          <span class="tag">{event.label}</span>
          <span>
            <a href={hrefOf('members', event.member.id)}>{visible(event.sentence)}</a>{' '}
            <span class="muted">
              <Time at={event.occurredAt} />
            </span>
          </span>
        </li>
      ))}
      {events.length > MOST && <li class="muted">and {events.length - MOST} more</li>}
    </ol>
  )
}
