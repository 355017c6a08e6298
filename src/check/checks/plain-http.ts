import { failed, passed } from '../judge.ts'
import { isAccepted } from '../../delivery/outcome.ts'
import { isOfClass, type Judge } from '../verdict.ts'

/**
 * For a twin over plain http: refused, or sent elsewhere. A 401 comes from the application itself, which asks for
 * credentials that the network would see.
 */
export const notServed: Judge = ({ results }) =>
  results.map((one) => {
    const { result } = one.exchange
    if (isAccepted(result) || (result.kind === 'responded' && result.status === 401))
      return {
        ...failed(one, 'no connection, 3xx, or a 4xx other than 401'),
        why: 'plain http shows the authorization and the body to the network',
      }
    return isOfClass(result, 4) ? { ...passed(one), why: 'the plain port answers, and refuses' } : passed(one)
  })
