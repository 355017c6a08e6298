import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ListView, MemberView } from '../../../view/views.ts'
import { later } from '../browser.ts'
import { useChanges } from '../live.ts'
import { Empty, Field, Loading, Time } from '../parts.tsx'
import { hrefOf, place, setQuery } from '../places.ts'
import { useResource } from '../resource.ts'
import { numberText } from '../words.ts'

/** The members, by name, and a place to search. */
export function MemberList() {
  const { query = '', cursor } = place.value.query
  const written = useSignal(query)
  const cancel = useRef(() => {})
  const words = new URLSearchParams({ limit: '50' })
  if (query !== '') words.set('query', query)
  if (cursor !== undefined) words.set('cursor', cursor)
  const list = useResource<ListView<MemberView>>(`/api/members?${words}`)
  useChanges({
    events(items) {
      const shown = new Set(list.data.value?.items.map(({ id }) => id))
      if (shown.size === 0 || items.some(({ member }) => shown.has(member.id))) list.reloadSoon()
    },
    missed: () => void list.reload(),
  })
  useEffect(() => () => cancel.current(), [])
  const search = (text: string) => {
    written.value = text
    cancel.current()
    cancel.current = later(200, () => setQuery({ query: text.trim(), cursor: undefined }))
  }
  const read = list.data.value
  return (
    <>
      <h1>Members</h1>
      <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
        <Field label="Search by name, e-mail or id" type="search" value={written.value} onInput={search} />
      </form>
      {read === undefined ? (
        <Loading problem={list.problem.value} />
      ) : read.items.length === 0 ? (
        <Nobody query={query} />
      ) : (
        <ul class="members">
          {read.items.map((member) => (
            <MemberRow key={member.id} member={member} />
          ))}
        </ul>
      )}
      <nav class="pages" aria-label="Pages">
        {cursor !== undefined && <a href={hrefOf('members', undefined, { query })}>← First</a>}
        {read !== undefined && read.cursor !== null && (
          <a href={hrefOf('members', undefined, { query, cursor: read.cursor })}>More →</a>
        )}
      </nav>
    </>
  )
}

function MemberRow({ member }: { member: MemberView }) {
  const { id, name, email, level, balances, program, lastEventAt } = member
  return (
    <li>
      <a class="row member-row" href={hrefOf('members', id)}>
        <span class="member-name">
          {name} <span class="muted">{email}</span>
        </span>
        <span class="member-level">
          {level.name} <span class="muted">{program.name}</span>
        </span>
        <span class="member-balances">
          {balances.map(({ currency, current }) => (
            <span key={currency.id}>
              <b>{numberText(current)}</b> <span class="muted">{currency.name}</span>
            </span>
          ))}
        </span>
        <span class="row-time">{lastEventAt === null ? 'no event yet' : <Time at={lastEventAt} />}</span>
      </a>
    </li>
  )
}

function Nobody({ query }: { query: string }) {
  if (query !== '') return <Empty title={`Nobody is found for “${query}”.`} />
  return (
    <Empty title="There are no members yet.">
      <p>
        Start <code>qualifio-sim emit</code> with <code>--members 200</code>, or tell a story: it brings its own member.
      </p>
      <a class="button primary" href={hrefOf('story')}>
        Tell a story
      </a>
    </Empty>
  )
}
