import type { LoyaltyEvent } from '../../contract/event.ts'
import { FAILURES } from '../../delivery/failure.ts'
import { unreachable } from '../../errors.ts'
import type { DeliveryView, EventView, RouteView } from '../view/views.ts'

/** What happened, for people: `Emma Peeters earned 100 Stars (Weekly quiz)`, without its full stop. */
export function eventSentence(event: LoyaltyEvent): string {
  return `${event.member.firstName} ${event.member.lastName} ${predicateOf(event)}`
}

function predicateOf(event: LoyaltyEvent): string {
  switch (event.type) {
    case 'profile_creation':
      return `joined ${event.program.name}`
    case 'member_portal_visit':
      return `visited the portal (${event.data.page})`
    case 'change_in_level':
      return `is now ${event.data.newLevel.name} (was ${event.data.previousLevel.name})`
    case 'earning':
      return `earned ${amount(event.data)} (${event.data.rule.name})`
    case 'burning':
      return `spent ${amount(event.data)} on "${event.data.reward.name}"`
    case 'point_correction_plus':
      return `was given ${amount(event.data)} by ${event.data.correctedBy.name}: "${event.data.reason}"`
    case 'point_correction_minus':
      return `lost ${amount(event.data)} to a correction by ${event.data.correctedBy.name}: "${event.data.reason}"`
    case 'free_gift':
      return `was given "${event.data.reward.name}" by ${event.data.givenBy.name}`
    default:
      return unreachable(event)
  }
}

/** `100 Stars`. */
function amount(data: {
  readonly points: number
  readonly balance: { readonly currency: { readonly name: string } }
}): string {
  return `${data.points} ${data.balance.currency.name}`
}

/** What became of a delivery at a webhook, as far as it is known. */
export type Answer =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'confirmed'; readonly durationMs: number | null }
  /** Refused, or not answered; `retry` is the next one of `retries`, after a wait. */
  | { readonly kind: 'failed'; readonly how: string; readonly next?: NextRetry | undefined }
  | { readonly kind: 'gave-up'; readonly requests: number | undefined }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'cancelled' }

/** The retry that comes next. */
export interface NextRetry {
  readonly retry: number
  readonly retries: number
  readonly delayMs?: number | undefined
}

/** One event of a story, and what its webhooks answered: nobody listens where there are none. */
export interface StoryPart {
  readonly sentence: string
  readonly answers: readonly { readonly webhook: string; readonly answer: Answer }[]
  /** Why no webhook got it. */
  readonly nobody?: string | undefined
}

/** `Emma Peeters earned 100 Stars → shop confirmed in 0.2 s → Emma is now Silver → shop confirmed in 0.1 s`. */
export function storySentence(parts: readonly StoryPart[]): string {
  return parts
    .flatMap(({ sentence, answers, nobody = 'no webhook has it in its scope' }) => [
      sentence,
      ...(answers.length === 0
        ? [`nobody listens: ${nobody}`]
        : answers.map(({ webhook, answer }) => `${webhook} ${answerText(answer)}`)),
    ])
    .join(' → ')
}

function answerText(answer: Answer): string {
  switch (answer.kind) {
    case 'waiting':
      return 'waiting'
    case 'confirmed':
      return answer.durationMs === null ? 'confirmed' : `confirmed in ${seconds(answer.durationMs)}`
    case 'failed':
      return `${answer.how} (${answer.next === undefined ? 'it will be tried again' : retryText(answer.next)})`
    case 'gave-up':
      return `never confirmed: blocked${answer.requests === undefined ? '' : ` after ${requests(answer.requests)}`}`
    case 'not-sent':
      return 'got nothing: the webhook is blocked'
    case 'cancelled':
      return 'cancelled: the webhook was deleted'
    default:
      return unreachable(answer)
  }
}

const requests = (count: number) => `${count} ${count === 1 ? 'request' : 'requests'}`

function retryText({ retry, retries, delayMs }: NextRetry): string {
  return `retry ${retry}/${retries}${delayMs === undefined ? '' : ` in ${seconds(delayMs)}`}`
}

/** `0.02 s`, `0.2 s`, `4 s`, `5 min`, `10 h`: as exactly as somebody who listens wants it. */
function seconds(ms: number): string {
  if (ms < 95) return `${Math.max(0.01, ms / 1000).toFixed(2)} s`
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}

/** What a delivery's retries are, where more is known than an event's view says. */
export interface Standing extends Pick<DeliveryView, 'attempts' | 'retry' | 'retries'> {
  /** The wait before the next attempt, on this clock. */
  readonly nextDelayMs?: number | undefined
}

/**
 * What happened in one step of a story, and what came of it; settled when nothing of it is under way any more.
 * @param standingOf by the delivery's id, for `(retry 2/7 in 4 s)` and `after 8 requests`
 */
export function storyStepSentence(
  events: readonly EventView[],
  standingOf: (deliveryId: number) => Standing | undefined = () => undefined,
): { readonly sentence: string; readonly isSettled: boolean } {
  const parts = events.map(({ sentence, member, routes }, index): StoryPart => ({
    sentence: index === 0 ? sentence : shortened(sentence, member.name),
    answers: routes
      .filter(({ goes }) => goes)
      .map((route) => ({ webhook: route.webhook.name, answer: answerOf(route, standingOf) })),
    nobody: whyNobody(routes),
  }))
  const answers = parts.flatMap((part) => part.answers)
  const isSettled = answers.every(({ answer }) => answer.kind !== 'waiting' && answer.kind !== 'failed')
  return { sentence: storySentence(parts), isSettled }
}

/** Who was named in full is called by the first name, and where they came from is known: `Emma is now Silver`. */
function shortened(sentence: string, name: string): string {
  const [first = name] = name.split(' ')
  return sentence.startsWith(`${name} is now `)
    ? `${first}${sentence.slice(name.length).replace(/ \(was .*\)$/, '')}`
    : sentence.startsWith(name)
      ? `${first}${sentence.slice(name.length)}`
      : sentence
}

function whyNobody(routes: readonly RouteView[]): string | undefined {
  const [only, ...others] = routes
  if (only === undefined) return 'there is no webhook yet'
  return others.length === 0 ? only.why : undefined
}

function answerOf({ delivery }: RouteView, standingOf: (deliveryId: number) => Standing | undefined): Answer {
  if (delivery === undefined) return { kind: 'waiting' }
  const { state, lastResult, lastDurationMs } = delivery
  const standing = standingOf(delivery.id)
  switch (state) {
    case 'delivered':
      return { kind: 'confirmed', durationMs: lastDurationMs }
    case 'blocked':
      return lastResult === null ? { kind: 'not-sent' } : { kind: 'gave-up', requests: standing?.attempts }
    case 'cancelled':
      return { kind: 'cancelled' }
    case 'queued':
    case 'retrying': {
      if (lastResult === null) return { kind: 'waiting' }
      const how =
        lastResult.kind === 'responded'
          ? `refused with ${lastResult.status}`
          : `gave no answer: ${FAILURES[lastResult.code].meaning}`
      const next = standing && { retry: standing.retry + 1, retries: standing.retries, delayMs: standing.nextDelayMs }
      return { kind: 'failed', how, next }
    }
    default:
      return unreachable(state)
  }
}
