import type { DeliveryState } from '../../../records.ts'
import type { StoryStep } from '../../../view/views.ts'

/** A part of what is told: what happened, or what came of it at one webhook. */
export interface ToldPart {
  readonly text: string
  /** What came of it, for colour and shape; undefined for what happened, and where nobody listens. */
  readonly state?: DeliveryState
  /** The delivery that it tells of; it has none while its batch is open. */
  readonly delivery?: number
}

const ARROW = ' → '

/**
 * The parts of a step's sentence, the answers with their deliveries. The sentence is told in the order of its events,
 * each with its webhooks; where it does not add up (an arrow in somebody's words) it is told without them.
 */
export function toldParts({ sentence, events }: Pick<StoryStep, 'sentence' | 'events'>): readonly ToldPart[] {
  const texts = (sentence ?? '').split(ARROW)
  const meanings = events.flatMap(({ routes }): readonly Omit<ToldPart, 'text'>[] => {
    const going = routes.filter(({ goes }) => goes)
    const answers = going.map(({ delivery }) =>
      delivery === undefined ? { state: 'queued' as const } : { state: delivery.state, delivery: delivery.id },
    )
    return [{}, ...(answers.length === 0 ? [{}] : answers)]
  })
  if (meanings.length !== texts.length) return texts.map((text) => ({ text }))
  return texts.map((text, index) => ({ text, ...meanings[index] }))
}
