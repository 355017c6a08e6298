import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ListView, StoryView } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { post } from '../api.ts'
import { program, useChanges, webhooks } from '../live.ts'
import { ActionButton, Choice, Empty, Loading, Problem, Time } from '../parts.tsx'
import { goTo, hrefOf } from '../places.ts'
import { useResource } from '../resource.ts'
import { StoryBoard } from './board.tsx'
import { journeyText, journeyTitle } from './journeys.ts'

/** A journey, step by step, for people who do not read JSON. The latest, unless the address names another. */
export function StoryTab({ id }: { id: string | undefined }) {
  const list = useResource<ListView<StoryView>>('/api/stories')
  useChanges({
    deliveries(items, more) {
      if (more || items.some(({ id }) => told(id))) list.reloadSoon()
    },
    // Somebody else may take a step, too.
    events(items, more) {
      if (more || items.some(({ id, origin }) => origin === 'story' || waits(id))) list.reloadSoon()
    },
    missed: () => void list.reload(),
  })
  // What can be done about what was not sent depends on it.
  const lanes = webhooks.value?.map(({ id, active, blocked }) => `${id} ${active} ${blocked === null}`).join()
  useEffect(() => {
    if (lanes !== undefined && list.data.value !== undefined) list.reloadSoon()
  }, [lanes])
  const stories = list.data.value?.items
  const story = id === undefined ? undefined : stories?.find((item) => String(item.id) === id)
  const events = story?.steps.flatMap((step) => step.events) ?? []
  // Also of one that is settled: it may be sent again.
  const told = (delivery: number) =>
    events.some(({ routes }) => routes.some((route) => route.delivery?.id === delivery))
  const waits = (event: string) =>
    events.some(({ id, routes }) => id === event && routes.some(({ goes, delivery }) => goes && delivery === undefined))
  const put = (changed: StoryView) => {
    const others = (stories ?? []).filter((item) => item.id !== changed.id)
    list.put({ items: [changed, ...others].toSorted((a, b) => b.id - a.id), cursor: null })
  }
  if (stories === undefined) return <Loading problem={list.problem.value} />
  return (
    <>
      {story !== undefined ? (
        <StoryBoard story={story} onChange={put} />
      ) : (
        <Start
          problem={id === undefined ? undefined : `There is no story ${id}.`}
          onStart={(made) => (put(made), goTo(hrefOf('story', made.id)))}
        />
      )}
      <Past stories={stories.filter((item) => item !== story)} hasStart={story === undefined} />
    </>
  )
}

function Start({ onStart, problem }: { onStart: (story: StoryView) => void; problem: string | undefined }) {
  const action = useAction()
  const where = useSignal('')
  const { journeys = [], programs = [] } = program.value ?? {}
  const start = (journey: string) => async () =>
    onStart(await post<StoryView>('/api/stories', { journey, ...(where.value !== '' && { program: where.value }) }))
  return (
    <section class="story-start">
      <h1>Tell a story</h1>
      <p class="lead">A member walks through the program, one step at a time, and your endpoint hears of each.</p>
      <Problem text={problem ?? action.problem.value} />
      {programs.length > 1 && (
        <Choice
          label="In which program"
          value={where.value}
          options={[['', 'Any'], ...programs.map(({ id, name }) => [id, name] as const)]}
          onChange={(value) => (where.value = value)}
        />
      )}
      <ul class="journeys">
        {journeys.map((journey) => (
          <li key={journey}>
            <ActionButton action={action} onPress={start(journey)} class="journey">
              <strong>{journeyTitle(journey)}</strong>
              <span>{journeyText(journey)}</span>
            </ActionButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Past({ stories, hasStart }: { stories: readonly StoryView[]; hasStart: boolean }) {
  if (stories.length === 0 && hasStart) return <Empty title="No story was told yet. Choose one above." />
  return (
    <section class={stories.length === 0 ? 'past bare' : 'past'}>
      <div class="title">
        {stories.length > 0 && <h2>Past stories</h2>}
        {!hasStart && (
          <a class="button" href={hrefOf('story')}>
            Tell another
          </a>
        )}
      </div>
      <ol class="stories">
        {stories.slice(0, 30).map((story) => (
          <li key={story.id}>
            <a class="row story-row" href={hrefOf('story', story.id)}>
              <span>
                <strong>{story.member?.name ?? 'Somebody new'}</strong>{' '}
                <span class="muted">{journeyTitle(story.journey)}</span>
              </span>
              <span class="muted">
                {story.isFinished ? 'told to the end' : `${taken(story)} of ${story.steps.length} steps`}
              </span>
              <span class="row-time">
                <Time at={story.createdAt} />
              </span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  )
}

function taken({ steps }: StoryView): number {
  return steps.filter(({ sentence }) => sentence !== null).length
}
