import type { MemberDetail } from '../../../view/views.ts'
import { EventList } from '../deliveries/event-list.tsx'
import { useChanges } from '../live.ts'
import { Empty, Loading } from '../parts.tsx'
import { hrefOf, listHref } from '../places.ts'
import { useResource } from '../resource.ts'
import { dateText } from '../time.ts'
import { numberText } from '../words.ts'
import { MemberActions } from './actions.tsx'
import { levelText } from './level.ts'

/** One member: what they have, what happened to them, and buttons that let something happen. */
export function MemberPage({ id }: { id: string }) {
  const detail = useResource<MemberDetail>(`/api/members/${encodeURIComponent(id)}`)
  useChanges({
    events(items, more) {
      if (more || items.some(({ member }) => member.id === id)) detail.reloadSoon()
    },
    missed: () => void detail.reload(),
  })
  const member = detail.data.value
  return (
    <>
      <p class="back">
        <a href={listHref('members')}>← Members</a>
      </p>
      {detail.isMissing.value && member === undefined ? (
        <Empty title="There is no such member.">
          <a href={hrefOf('members')}>Show all members</a>
        </Empty>
      ) : member === undefined ? (
        <Loading problem={detail.problem.value} />
      ) : (
        <>
          <Summary member={member} />
          <MemberActions member={member} onDone={detail.reload} />
          <section>
            <div class="title">
              <h2>History</h2>
              <a href={hrefOf('deliveries', undefined, { member: id })}>Deliveries of this member</a>
            </div>
            {member.history.length === 0 ? (
              <Empty title="Nothing happened to this member yet.">
                <p>Press one of the buttons above.</p>
              </Empty>
            ) : (
              <EventList events={member.history} show="routes" />
            )}
          </section>
        </>
      )}
    </>
  )
}

function Summary({ member }: { member: MemberDetail }) {
  const { name, email, externalId, language, country, program, enrolledAt, balances } = member
  return (
    <section class="summary">
      <h1>{name}</h1>
      <p class="facts">
        <span>{email}</span>
        <span>{externalId}</span>
        <span>
          {language}, {country}
        </span>
        <span>
          member of {program.name} since <time dateTime={enrolledAt}>{dateText(enrolledAt)}</time>
        </span>
      </p>
      <dl class="cards">
        {balances.map(({ currency, current, lifetime }) => (
          <div key={currency.id}>
            <dt>{currency.name}</dt>
            <dd>
              <strong>{numberText(current)}</strong>
              <span>
                {numberText(lifetime)} ever earned{current > lifetime && '*'}
              </span>
            </dd>
          </div>
        ))}
        <div>
          <dt>Level</dt>
          <dd>
            <strong>{member.level.name}</strong>
            <Progress member={member} />
          </dd>
        </div>
      </dl>
      {balances.some(({ current, lifetime }) => current > lifetime) && (
        <p class="note">* What the program's rules gave. Corrections and gifts do not count as earned.</p>
      )}
    </section>
  )
}

function Progress({ member }: { member: MemberDetail }) {
  const { nextLevel, qualifyingPoints } = member
  const text = levelText(member)
  if (nextLevel === null) return <span>{text}</span>
  const total = qualifyingPoints + nextLevel.missingPoints
  return (
    <>
      <progress max={Math.max(1, total)} value={qualifyingPoints} aria-label={text} />
      <span>{text}</span>
    </>
  )
}
