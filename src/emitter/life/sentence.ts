import type { EventOf, LoyaltyEvent } from '../../contract/event.ts'
import { unreachable } from '../../errors.ts'

/** What happened, for people: `Emma Peeters earned 100 Stars (Weekly quiz)`, without its full stop. */
export function eventSentence(event: LoyaltyEvent): string {
  return `${event.member.firstName} ${event.member.lastName} ${predicateOf(event)}`
}

function predicateOf(event: LoyaltyEvent): string {
  switch (event.type) {
    case 'profile_creation':
      return `joined ${event.program.name}`
    case 'member_portal_visit':
      return VISITS[event.data.page]
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

const VISITS = {
  home: 'visited the portal',
  rewards: 'looked at the rewards in the portal',
  earn: 'looked in the portal at ways to earn points',
  history: 'looked at their history in the portal',
  profile: 'looked at their profile in the portal',
} as const satisfies Readonly<Record<EventOf<'member_portal_visit'>['data']['page'], string>>

const NUMBER = new Intl.NumberFormat('en-GB')

/** `1,200 Stars`. */
function amount(data: {
  readonly points: number
  readonly balance: { readonly currency: { readonly name: string } }
}): string {
  return `${NUMBER.format(data.points)} ${data.balance.currency.name}`
}
