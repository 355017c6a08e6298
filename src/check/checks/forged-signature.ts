import type { Need } from '../check.ts'
import { refused } from '../judge.ts'
import type { Kit } from '../kit.ts'
import { each } from '../plan.ts'

/** What all checks of forged signatures have in common. */
export const FORGED = {
  severity: 'MUST',
  sideEffect: 'S0',
  needs: ['secret'] as readonly Need[],
  accepted: '401 or 403; another 4xx is noted',
  controls: 'around',
  judge: refused,
} as const

/** One body under other signatures; each form gets the right one. */
export function forged(kit: Kit, forms: Readonly<Record<string, (right: string, body: string) => readonly string[]>>) {
  return each(
    Object.entries(forms).map(([name, signatures]) => {
      const payload = kit.base()
      return kit.probe({ name, payload, signatures: signatures(kit.signature(payload.text) ?? '', payload.text) })
    }),
  )
}

/** `sha256=` of a signature. */
export function prefixOf(right: string): string {
  return right.slice(0, right.indexOf('=') + 1)
}

/** The same signature with another last digit. */
export function otherLast(signature: string): string {
  return signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')
}
