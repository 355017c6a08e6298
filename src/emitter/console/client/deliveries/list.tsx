import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { DeliveryView, ListView } from '../../../view/views.ts'
import { program, useChanges, webhooks } from '../live.ts'
import { Empty, Loading } from '../parts.tsx'
import { goTo, hrefOf, place, setQuery } from '../places.ts'
import { useResource } from '../resource.ts'
import { BlockedNotices } from '../webhooks/blocked.tsx'
import { times } from '../words.ts'
import { ResendBlocked } from './bulk.tsx'
import { Filters, wantedNow } from './filters.tsx'
import { DeliveryRow } from './row.tsx'
import { MOST_ROWS, takeIn, type Rows } from './rows.ts'

/** The deliveries, the newest first, as they come. */
export function DeliveryList() {
  const wanted = wantedNow()
  const { cursor } = place.value.query
  const query = new URLSearchParams({ limit: String(MOST_ROWS) })
  for (const [name, value] of Object.entries({ ...wanted, cursor })) if (value !== undefined) query.set(name, value)
  const list = useResource<ListView<DeliveryView>>(`/api/deliveries?${query}`)
  const rows = useSignal<Rows>({ shown: [], waiting: new Set() })
  const table = useRef<HTMLDivElement>(null)

  const read = list.data.value
  useEffect(() => {
    if (read !== undefined) rows.value = { shown: read.items, waiting: new Set() }
  }, [read])

  const isReading = () => {
    const box = table.current
    return cursor !== undefined || scrollY > 60 || (box !== null && box.matches(':hover, :focus-within'))
  }
  useChanges({
    deliveries(items, more) {
      rows.value = takeIn(rows.value, items, { wanted, isReading: isReading() })
      // Only the server knows the others, and what follows where rows left the page.
      const hasLeft = read !== undefined && read.cursor !== null && rows.value.shown.length < read.items.length
      if ((more || hasLeft || wanted.member !== undefined) && !isReading()) list.reloadSoon()
    },
    missed: () => void list.reload(),
  })
  const showNew = () => {
    scrollTo(0, 0)
    if (cursor === undefined) void list.reload()
    else setQuery({ cursor: undefined })
  }

  const { shown, waiting } = rows.value
  /** New rows have pushed others out, so that the page that was read ends further down: read where this one ends. */
  const older = async () => {
    await list.reload()
    const next = list.data.value?.cursor
    if (typeof next === 'string') goTo(hrefOf('deliveries', undefined, { ...wanted, cursor: next }))
  }
  const isMoved = cursor === undefined && shown.at(-1)?.id !== read?.items.at(-1)?.id
  return (
    <>
      <div class="title">
        <h1>Deliveries</h1>
        <ResendBlocked webhookId={wanted.webhook} />
      </div>
      <BlockedNotices />
      <Filters />
      {waiting.size > 0 && (
        <button type="button" class="pill" onClick={showNew}>
          ↑ {waiting.size >= MOST_ROWS ? `${MOST_ROWS}+` : waiting.size} new
        </button>
      )}
      {read === undefined ? (
        <Loading problem={list.problem.value} />
      ) : shown.length === 0 ? (
        <Nothing isFiltered={Object.values(wanted).some((value) => value !== undefined)} />
      ) : (
        <div class="rows" ref={table}>
          <ol class="deliveries" aria-label={times(shown.length, 'delivery')}>
            {shown.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} />
            ))}
          </ol>
        </div>
      )}
      <nav class="pages" aria-label="Pages">
        {cursor !== undefined && <a href={hrefOf('deliveries', undefined, { ...wanted })}>← Newest</a>}
        {read !== undefined && read.cursor !== null && (
          <a
            href={hrefOf('deliveries', undefined, { ...wanted, cursor: read.cursor })}
            onClick={(event) => {
              if (!isMoved) return
              event.preventDefault()
              void older()
            }}
          >
            Older →
          </a>
        )}
      </nav>
    </>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <Empty title="No delivery is like this.">
        <p>
          <a href={hrefOf('deliveries')}>Show all deliveries</a>
        </p>
      </Empty>
    )
  if (webhooks.value?.length === 0)
    return (
      <Empty title="Nothing is delivered yet: there is no webhook.">
        <p>A webhook says where events are sent. Make the first one, then let something happen.</p>
        <a class="button primary" href={hrefOf('webhooks', 'new')}>
          New webhook
        </a>
      </Empty>
    )
  return (
    <Empty title="Nothing is delivered yet.">
      <p>
        {program.value?.paused === true
          ? 'The program is paused. Resume it, or let something happen to a member yourself.'
          : 'Let something happen to a member, or let the members live by themselves.'}
      </p>
      <p class="actions">
        <a class="button primary" href={hrefOf('members')}>
          Choose a member
        </a>
        <a class="button" href={hrefOf('program')}>
          Set the pace
        </a>
      </p>
    </Empty>
  )
}
