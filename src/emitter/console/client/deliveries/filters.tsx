import { EVENT_TYPES, type EventType } from '../../../../contract/event-types.ts'
import type { MemberDetail } from '../../../view/views.ts'
import { webhooks } from '../live.ts'
import { Choice } from '../parts.tsx'
import { place, setQuery } from '../places.ts'
import { useResource } from '../resource.ts'
import { STATES, typeLabel } from '../words.ts'
import type { Wanted } from './rows.ts'

/** What the address asks for. */
export function wantedNow(): Wanted {
  const { state, webhook, type, member } = place.value.query
  return { state, webhook, type, member }
}

/** Which deliveries to show. Another choice starts at the newest again. */
export function Filters() {
  const wanted = wantedNow()
  const choose = (name: keyof Wanted) => (value: string) =>
    setQuery({ [name]: value === '' ? undefined : value, cursor: undefined })
  const known = (webhooks.value ?? []).map(({ id, name }) => [id, name] as const)
  const isGone = wanted.webhook !== undefined && !known.some(([id]) => id === wanted.webhook)
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="State"
        value={wanted.state ?? ''}
        options={[['', 'All'], ...Object.keys(STATES).map((state) => [state, state] as const)]}
        onChange={choose('state')}
      />
      <Choice
        label="Webhook"
        value={wanted.webhook ?? ''}
        options={[['', 'All'], ...known, ...(isGone ? [[wanted.webhook ?? '', 'deleted webhook'] as const] : [])]}
        onChange={choose('webhook')}
      />
      <Choice
        label="Event"
        value={wanted.type ?? ''}
        options={[
          ['', 'All'],
          ...(Object.keys(EVENT_TYPES) as EventType[]).map((type) => [type, typeLabel(type)] as const),
        ]}
        onChange={choose('type')}
      />
      {wanted.member !== undefined && <MemberChip id={wanted.member} onRemove={() => choose('member')('')} />}
    </form>
  )
}

function MemberChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const member = useResource<MemberDetail>(`/api/members/${encodeURIComponent(id)}`)
  return (
    <button type="button" class="chip" onClick={onRemove} title={id}>
      <span>Member: {member.data.value?.name ?? id}</span> <span aria-hidden="true">✕</span>
      <span class="off-screen">: show those of all members</span>
    </button>
  )
}
