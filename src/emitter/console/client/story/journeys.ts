/** The journeys of the tool, told to people; others have their name only. */
const TEXTS: Readonly<Record<string, readonly [title: string, text: string]>> = {
  onboarding: ['Onboarding', 'Somebody joins, looks around and earns their first points.'],
  'earn-to-level-up': ['Earning a level', 'A new member earns points until they reach the next level.'],
  'burn-and-correct': ['Spending, and a correction', 'A member buys a reward; a manager corrects the balance.'],
  'level-down': ['Losing a level', 'A level runs out; the member comes back and earns again.'],
  gift: ['A gift', 'A member visits and is given a present.'],
}

/** `Earning a level`. */
export function journeyTitle(name: string): string {
  return TEXTS[name]?.[0] ?? name.replaceAll('-', ' ')
}

/** What happens in it, in a sentence. */
export function journeyText(name: string): string {
  return TEXTS[name]?.[1] ?? ''
}
