import type { CheckRecord } from '../check.ts'
import { refused } from '../judge.ts'
import type { Kit, ProbeSpec } from '../kit.ts'
import { each } from '../plan.ts'

/** The custom authorization header counts even where the signature is right. */
export const AUTHORIZATION_CHECKS: readonly CheckRecord[] = [
  {
    id: 'authenticity/authorization',
    number: 'AUT-12',
    title: 'Authorization missing or wrong',
    severity: 'MUST',
    sideEffect: 'S0',
    requirement:
      'A request without the authorization header, or with a wrong value, is refused although its signature is right.',
    needs: ['authorization'],
    differs: 'the authorization header',
    accepted: '401 or 403; another 4xx is noted',
    cause: 'authorization-not-checked',
    controls: 'around',
    plan: (kit) => {
      const forms: readonly (readonly [string, NonNullable<ProbeSpec['authorization']>])[] = [
        ['no authorization', 'missing'],
        ['wrong authorization', 'wrong'],
        ...(isBasic(kit) ? [['right user, wrong password', 'wrong-password'] as const] : []),
      ]
      return each(forms.map(([name, authorization]) => kit.probe({ name, authorization })))
    },
    judge: refused,
  },
]

function isBasic({ endpoint }: Kit): boolean {
  return endpoint.headers?.some(([, value]) => /^basic\s/i.test(value)) === true
}
