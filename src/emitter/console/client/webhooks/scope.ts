import { ALL_EVENT_TYPES, type EventType } from '../../../../contract/event-types.ts'
import type { Named, WebhookView } from '../../../view/views.ts'
import { times, typeLabel } from '../words.ts'

/** What a webhook wants; null is all, also what comes later. */
export type Scope = WebhookView['scope']

/** `all events of all programs`, `Earning and Burning of all programs`. */
export function scopeText({ events, programs }: Scope, known?: readonly Named[]): string {
  const what =
    events === null
      ? 'all events'
      : events.length > 2
        ? `${events.length} of ${ALL_EVENT_TYPES.length} events`
        : events.length === 0
          ? 'no event'
          : events.map(typeLabel).join(' and ')
  return `${what} of ${programsText(programs, known)}`
}

function programsText(programs: Scope['programs'], known: readonly Named[] = []): string {
  if (programs === null) return 'all programs'
  if (programs.length === 0) return 'no program'
  if (programs.length > 2) return times(programs.length, 'program')
  return programs.map((id) => known.find((program) => program.id === id)?.name ?? id).join(' and ')
}

/** The list without the entry, or with it; all of them are null, so that what comes later is in it too. */
export function toggled<T extends string>(list: readonly T[] | null, entry: T, all: readonly T[]): readonly T[] | null {
  const now = new Set(list ?? all)
  if (!now.delete(entry)) now.add(entry)
  const chosen = all.filter((item) => now.has(item))
  return chosen.length === all.length ? null : chosen
}

/** Whether the list has the entry. */
export function has<T extends string>(list: readonly T[] | null, entry: T): boolean {
  return list === null || list.includes(entry)
}

/** What is wrong with a scope: nothing would ever be sent. */
export function scopeProblem({ events, programs }: Scope): string | undefined {
  if (programs?.length === 0) return 'Tick at least one program: with none, nothing is ever sent.'
  if (events?.length === 0) return 'Tick at least one event: with none, nothing is ever sent.'
  return undefined
}

/** The eight, in Qualifio's order. */
export const EVENTS: readonly EventType[] = ALL_EVENT_TYPES
