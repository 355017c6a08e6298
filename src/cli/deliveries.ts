import type { DialectName } from '../contract/dialect.ts'
import { buildRequest, type Endpoint } from '../delivery/request.ts'
import { randomStream, uuidV4 } from '../program/random.ts'
import type { ReportedDelivery } from '../report/send-renderer.ts'
import type { PlannedSelection } from './selection.ts'

/** The deliveries of a selection, made as they are asked for: each payload rendered, signed, with an id. */
export function* deliveriesOf(
  plan: PlannedSelection,
  endpoint: Endpoint,
  dialect?: DialectName,
): Generator<ReportedDelivery> {
  let number = 0
  for (const events of plan.generation.payloads()) {
    number += 1
    yield {
      // A stream per delivery: its id does not depend on what else is sent, or in which order.
      id: uuidV4(randomStream(plan.seed, `delivery:${number}`)),
      number,
      events: events.map(({ id, type }) => ({ id, type })),
      request: buildRequest(endpoint, plan.write(events, dialect)),
    }
  }
}
