import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { StoryStep, StoryView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { ApiProblem, get, post } from '../api.ts'
import { every } from '../browser.ts'
import { visible } from '../deliveries/attempts.tsx'
import { Problem } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { journeyTitle } from './journeys.ts'
import { toldParts, type ToldPart } from './told.ts'

/** One story: what happened so far, in sentences, and one big button. */
export function StoryBoard({ story, onChange }: { story: StoryView; onChange: (story: StoryView) => void }) {
  const action = useAction()
  const isElsewhere = useSignal(false)
  const button = useRef<HTMLButtonElement>(null)
  const next = story.steps.find(({ sentence }) => sentence === null)
  const isOpen = story.steps.some(({ sentence, isSettled }) => sentence !== null && !isSettled)
  useEffect(() => {
    if (!isOpen) return undefined
    // In case the stream left its answer out.
    return every(2000, () => {
      get<{ items: readonly StoryView[] }>('/api/stories')
        .then(({ items }) => {
          const now = items.find(({ id }) => id === story.id)
          return now === undefined ? undefined : onChange(now)
        })
        .catch(() => {})
    })
  }, [isOpen, story.id])
  useEffect(() => {
    button.current?.scrollIntoView({ block: 'nearest' })
  }, [story.steps.filter(({ sentence }) => sentence !== null).length])
  const step = async () => {
    isElsewhere.value = false
    const number = story.steps.findIndex((one) => one === next) + 1
    try {
      onChange(await post<StoryView>(`/api/stories/${story.id}/next`, { step: number }))
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.story === undefined) throw error
      onChange(error.story)
      isElsewhere.value = true
    }
  }
  return (
    <section class="story">
      <p class="eyebrow">{journeyTitle(story.journey)}</p>
      <h1>
        {story.member === null ? 'Somebody new' : <a href={hrefOf('members', story.member.id)}>{story.member.name}</a>}
        <span class="muted"> in {story.program.name}</span>
      </h1>
      <ol class="steps" aria-live="polite">
        {story.steps.map((told, index) => (
          <Step key={index} step={told} isNext={told === next} />
        ))}
      </ol>
      {story.isFinished || next === undefined ? (
        <p class="the-end">That is the end of the story.</p>
      ) : (
        <button
          type="button"
          ref={button}
          class="primary next-step"
          aria-busy={action.isBusy.value}
          onClick={() => void action.run(step)}
        >
          Next step
          <span>{next.label}</span>
        </button>
      )}
      <div role="status">
        {isElsewhere.value && (
          <p class="note">That step was taken meanwhile, in another window: this is the story now.</p>
        )}
      </div>
      <Problem text={action.problem.value} />
    </section>
  )
}

function Step({ step, isNext }: { step: StoryStep; isNext: boolean }) {
  if (step.sentence === null)
    return (
      <li class={isNext ? 'to-come next' : 'to-come'}>
        <p class="told">{step.label}</p>
      </li>
    )
  const [first, ...rest] = toldParts(step)
  return (
    <li class={step.isSettled ? 'taken' : 'taken open'}>
      <p class="told">{visible(first?.text ?? '')}</p>
      {rest.map((part, index) => (
        <p key={index} class="told-then">
          <span aria-hidden="true">→</span>
          <Told part={part} />
        </p>
      ))}
      {!step.isSettled && <p class="told-then waiting">…</p>}
    </li>
  )
}

/** A number and its unit stay on one line. */
const unbroken = (text: string) => visible(text).replaceAll(/(\d) (s|min|h)\b/g, '$1\u00a0$2')

/** What came of it: in the colour and shape of its outcome, and a way to the delivery. */
function Told({ part: { text, state, delivery } }: { part: ToldPart }) {
  if (state === undefined) return <>{unbroken(text)}</>
  if (delivery === undefined) return <span class={`route ${state}`}>{unbroken(text)}</span>
  return (
    <a class={`route ${state}`} href={hrefOf('deliveries', delivery)}>
      {unbroken(text)}
    </a>
  )
}
