/** What a receiver here reads of an event, as the shipped contract `assumed-1` writes it; it ignores the rest. */
export interface ReceivedEvent {
  readonly id: string
  readonly type: string
  readonly occurredAt: string
  readonly member: { readonly id: string }
  readonly data: Readonly<Record<string, unknown>>
}

/** The types that a receiver here has a handler for. */
export const KNOWN_TYPES: readonly string[] = [
  'profile_creation',
  'member_portal_visit',
  'change_in_level',
  'earning',
  'burning',
  'point_correction_plus',
  'point_correction_minus',
  'free_gift',
]

/** Whether an element is an event that can be handled; what is not is set aside. */
export function isEvent(element: unknown): element is ReceivedEvent {
  if (!isRecord(element) || !isRecord(element['member']) || !isRecord(element['data'])) return false
  const texts = [element['id'], element['type'], element['occurredAt'], element['member']['id']]
  return texts.every((text) => typeof text === 'string' && text !== '')
}

/** Whether a value is an object and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
