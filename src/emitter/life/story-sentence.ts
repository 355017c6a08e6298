import { isAccepted, isRedirect, type AttemptResult, type FailureCode } from '../../delivery/outcome.ts'
import { unreachable } from '../../errors.ts'
import type { DeliveryView, EventView, RouteView } from '../view/views.ts'

/*
 * What is told to people who read no status codes: what happened, and what came of it. Every answer is one sentence
 * after the webhook's name.
 */

/** What is known of a delivery, where it is more than an event's view says. */
export interface Standing extends Pick<DeliveryView, 'attempts' | 'createdAt' | 'finishedAt' | 'held'> {
  /** The wait before the next attempt, on this clock. */
  readonly nextDelayMs?: number | undefined
  /** How its webhook is now: nothing is sent to a blocked one, and nothing ever to one that was deleted. */
  readonly webhookIs?: 'open' | 'blocked' | 'deleted' | undefined
}

/**
 * What happened in one step of a story, and what came of it; settled when nothing of it is under way any more:
 * `Emma Peeters earned 100 Stars → shop confirmed in 0.2 s → Emma is now Silver → shop confirmed in 0.1 s`.
 * @param standingOf by the delivery's id, for `at the second try, after 11 s` and `next try in 4 s`
 */
export function storyStepSentence(
  events: readonly EventView[],
  standingOf: (deliveryId: number) => Standing | undefined = () => undefined,
): { readonly sentence: string; readonly isSettled: boolean } {
  const going = events.flatMap(({ routes }) => routes.filter(({ goes }) => goes))
  const parts = events.flatMap(({ sentence, member, routes }, index) => [
    index === 0 ? sentence : shortened(sentence, member.name),
    ...toldOf(routes, standingOf),
  ])
  return { sentence: parts.join(' → '), isSettled: going.every(isSettled) }
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

function toldOf(
  routes: readonly RouteView[],
  standingOf: (deliveryId: number) => Standing | undefined,
): readonly string[] {
  const going = routes.filter(({ goes }) => goes)
  if (going.length === 0) return [`nobody listens: ${whyNobody(routes)}`]
  return going.map(({ webhook, delivery }) => {
    const answer =
      delivery === undefined ? 'hears of it with the next batch' : answerText(delivery, standingOf(delivery.id))
    return `${webhook.name} ${answer}`
  })
}

function whyNobody(routes: readonly RouteView[]): string {
  const [only, ...others] = routes
  if (only === undefined) return 'there is no webhook yet'
  return others.length === 0 ? only.why : 'no webhook asks for it'
}

const isSettled = ({ delivery }: RouteView) =>
  delivery !== undefined && delivery.state !== 'queued' && delivery.state !== 'retrying'

function answerText(
  { state, lastResult, lastDurationMs }: NonNullable<RouteView['delivery']>,
  standing: Standing | undefined,
): string {
  switch (state) {
    case 'delivered':
      return confirmedText({ ...standing, lastDurationMs })
    case 'blocked':
      return lastResult === null
        ? `heard nothing of it${UNHEARD[standing?.webhookIs ?? 'open']}`
        : `never confirmed${standing === undefined ? '' : `, after ${tries(standing.attempts)}`}${UNCONFIRMED[standing?.webhookIs ?? 'open']}`
    case 'cancelled':
      return 'hears nothing of it any more: the webhook was deleted'
    case 'queued':
    case 'retrying':
      // A delivery that was confirmed may have been sent again.
      if (lastResult !== null && isAccepted(lastResult)) return 'is told once more'
      return lastResult === null
        ? standing?.held === 'webhook-inactive'
          ? 'hears of it when the webhook is active again'
          : 'has not answered yet'
        : `${failedText(lastResult)}; ${nextText(standing)}`
    default:
      return unreachable(state)
  }
}

/** What can be done about a delivery that never went out. */
const UNHEARD = {
  open: '; it can be sent again',
  blocked: ': nothing is sent there until it is unblocked',
  deleted: ': the webhook was deleted',
} as const
/** And about one that was not confirmed. */
const UNCONFIRMED = {
  open: '; it can be sent again',
  blocked: '; it can be sent again once the webhook is unblocked',
  deleted: '; the webhook was deleted',
} as const

/**
 * `confirmed in 0.2 s` when the first try did it, else `confirmed at the second try, after 11 s`: since its delivery
 * was made, for that is what had to be waited for.
 */
export function confirmedText({
  attempts = 1,
  createdAt,
  finishedAt = null,
  lastDurationMs,
}: Partial<Standing> & { readonly lastDurationMs: number | null }): string {
  if (attempts <= 1) return lastDurationMs === null ? 'confirmed' : `confirmed in ${seconds(lastDurationMs)}`
  const after =
    createdAt === undefined || finishedAt === null
      ? ''
      : `, after ${seconds(Math.max(0, Date.parse(finishedAt) - Date.parse(createdAt)))}`
  return `confirmed at the ${ORDINALS[attempts] ?? `${attempts}th`} try${after}`
}

const ORDINALS = ['', '', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

const tries = (count: number) => `${count} ${count === 1 ? 'try' : 'tries'}`

function failedText(result: AttemptResult): string {
  if (result.kind === 'failed') return FAILED[result.code]
  const { status } = result
  return isRedirect(status)
    ? `pointed to another address, which is not followed (answer ${status})`
    : `did not accept it (error ${status})`
}

const UNREACHED = 'could not be reached'
const BROKEN_OFF = 'broke off without an answer'

const FAILED: Readonly<Record<FailureCode, string>> = {
  dns: UNREACHED,
  refused: UNREACHED,
  unreachable: UNREACHED,
  'connect-timeout': UNREACHED,
  tls: UNREACHED,
  timeout: 'took too long to answer',
  reset: BROKEN_OFF,
  closed: BROKEN_OFF,
  protocol: 'gave an answer that nobody understands',
  aborted: 'was not heard to the end',
  'lost-ack': 'was not heard to the end',
}

function nextText(standing: Standing | undefined): string {
  if (standing?.held === 'webhook-inactive') return 'it is tried again when the webhook is active again'
  const { nextDelayMs } = standing ?? {}
  return nextDelayMs === undefined
    ? 'it is tried again'
    : nextDelayMs < 100
      ? 'it is tried again now'
      : `next try in ${seconds(nextDelayMs)}`
}

/** `0.02 s`, `0.2 s`, `4 s`, `10 h`: as exactly as somebody who listens wants it, and never more than it was. */
function seconds(ms: number): string {
  if (ms < 10) return 'less than 0.01 s'
  if (ms < 95) return `${(ms / 1000).toFixed(2)} s`
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  return ms < 7_200_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}
