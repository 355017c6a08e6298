import type { Check, Need } from './check.ts'

/** What a run has that checks may need. */
export type Means = Readonly<Record<Need, boolean>>

const MISSING: Readonly<Record<Need, string>> = {
  secret: 'no --secret: a signature is optional at Qualifio',
  authorization: 'no authorization header (-H, --basic, --bearer)',
  'other-secret': 'needs --previous-secret or --retired-secret',
  'event-identity': 'the contract has no event identity, so duplicates cannot be recognised',
  'not-plain-local': 'a local target without TLS, or with --insecure, has no certificate to judge',
  'http-twin': 'no http:// twin of the target is known',
}

/** What a check needs and does not have, as a sentence; undefined when it has all. */
export function unmet(check: Check, means: Means): string | undefined {
  const need = check.needs.find((one) => !means[one])
  return need === undefined ? undefined : MISSING[need]
}
