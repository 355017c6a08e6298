import { FAULTY_ANSWERS } from './faulty-answers.ts'
import { FAULTY_BODIES } from './faulty-bodies.ts'
import { FAULTY_EVENTS } from './faulty-events.ts'
import type { FaultyReceiver } from './faulty-receiver.ts'
import { FAULTY_SIGNATURES } from './faulty-signature.ts'
import { FAULTY_TRANSPORTS } from './faulty-transport.ts'

/** Every faulty receiver. */
export const FAULTY: readonly FaultyReceiver[] = [
  ...FAULTY_SIGNATURES,
  ...FAULTY_EVENTS,
  ...FAULTY_BODIES,
  ...FAULTY_ANSWERS,
  ...FAULTY_TRANSPORTS,
]

/** One of them. @throws Error when none has the name */
export function faultyReceiver(name: string): FaultyReceiver {
  const found = FAULTY.find((receiver) => receiver.name === name)
  if (found === undefined) throw new Error(`no faulty receiver is called ${name}`)
  return found
}
