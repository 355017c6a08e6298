import { expect, test } from 'vitest'
import { emitterIn } from '../emitter-setting.ts'

// What happens first is written first: a member written over with how they were before would have the points of neither
// at the next start.
test.each(Array.from({ length: 12 }, (_, ticks) => ticks))(
  'an event and a step of its member, %i turns later, are written in the order in which they happened',
  async (ticks) => {
    const { emitter, store } = await emitterIn()
    const { id } = await emitter.startStory({ journey: 'onboarding' })
    const memberId = (await emitter.nextStep(id)).member?.id ?? ''
    const turn = Promise.resolve()
    const asked = emitter.memberEvent(memberId, { type: 'point-correction-plus' })
    for (let tick = 0; tick < ticks; tick += 1) await turn
    await Promise.all([emitter.nextStep(id), asked])

    const events = store.events({ limit: 100, memberId }).toReversed()
    expect(store.members().find(({ state }) => state.member.id === memberId)?.eventCount).toBe(events.length)
    const times = events.map(({ event }) => event.occurredAt)
    expect(times).toEqual(times.toSorted())
  },
)
