import type { ComponentChildren } from 'preact'
import type { EventType } from '../../../../contract/event-types.ts'
import type { EventView, MemberDetail } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { AnswersLine } from '../answers-line.tsx'
import { useAnswers } from '../answers.ts'
import { post } from '../api.ts'
import { useDraft } from '../draft.ts'
import { wholePoints } from '../numbers.ts'
import { ActionButton, Choice, Field, Problem } from '../parts.tsx'
import { numberText } from '../words.ts'

interface Shared {
  readonly member: MemberDetail
  readonly onDone: () => Promise<void>
}

/** Buttons that let something happen to a member; each says below what the receivers answered. */
export function MemberActions({ member, onDone }: Shared) {
  const shared = { member, onDone }
  const draft = useDraft(`member:${member.id}`, { give: '100', take: '50', reward: '' })
  const set = (name: 'give' | 'take' | 'reward') => (value: string) => draft.set({ [name]: value })
  const { give, take, reward } = draft.value
  const chosen = member.rewards.find(({ id }) => id === reward) ?? member.rewards[0]
  return (
    <section aria-label="Let something happen">
      <h2>Let something happen</h2>
      <div class="member-actions">
        <Cause {...shared} label="Visit" type="member_portal_visit" note="opens the member portal" />
        <Cause {...shared} label="Earn" type="earning" note="by one of the program's rules" />
        <Cause {...shared} label="Give a gift" type="free_gift" note="costs no points" />
        <Cause {...shared} label="Give points" type="point_correction_plus" points={give}>
          <Points label="Points to give" value={give} onInput={set('give')} />
        </Cause>
        <Cause {...shared} label="Take points back" type="point_correction_minus" points={take}>
          <Points label="Points to take" value={take} onInput={set('take')} />
        </Cause>
        <Cause
          {...shared}
          label="Spend on a reward"
          type="burning"
          {...(chosen === undefined ? { isOff: true } : { set: { 'data.reward.id': chosen.id } })}
        >
          {chosen === undefined ? (
            <p class="muted">There is no reward that {member.name} can pay now. Let them earn first.</p>
          ) : (
            <Choice
              label="Reward"
              value={chosen.id}
              options={member.rewards.map(({ id, name, cost, currency }) => [
                id,
                `${name} (${numberText(cost)} ${currency.name})`,
              ])}
              onChange={set('reward')}
            />
          )}
        </Cause>
      </div>
    </section>
  )
}

function Points({ label, value, onInput }: { label: string; value: string; onInput: (value: string) => void }) {
  return <Field label={label} value={value} onInput={onInput} inputMode="numeric" />
}

/** One button, what belongs to it, and what came of it. */
function Cause(
  how: Shared & {
    label: string
    type: EventType
    points?: string
    set?: Readonly<Record<string, unknown>>
    note?: string
    /** It cannot happen now: its button stays, with what the last press came to. */
    isOff?: boolean
    children?: ComponentChildren
  },
) {
  const action = useAction()
  const answers = useAnswers()
  const press = async () => {
    // What an earlier press came to says nothing of this one.
    answers.follow([])
    const set = how.points === undefined ? how.set : { 'data.points': wholePoints(how.points) }
    const path = `/api/members/${encodeURIComponent(how.member.id)}/events`
    const { events } = await post<{ events: readonly EventView[] }>(path, {
      type: how.type,
      ...(set !== undefined && { set }),
    })
    answers.follow(events)
    await how.onDone()
  }
  return (
    <form
      class="cause"
      onSubmit={(event) => {
        event.preventDefault()
        if (how.isOff !== true) void action.run(press)
      }}
    >
      {how.children}
      <ActionButton action={action} onPress={press} isOff={how.isOff === true}>
        {how.label}
      </ActionButton>
      {how.note !== undefined && <span class="muted">{how.note}</span>}
      <Problem text={action.problem.value} />
      <AnswersLine answers={answers} />
    </form>
  )
}
