import { DeliveryPage } from './page.tsx'
import { DeliveryList } from './list.tsx'

/** All deliveries, or one of them. */
export function DeliveriesTab({ id }: { id: string | undefined }) {
  return id === undefined ? <DeliveryList /> : <DeliveryPage id={id} />
}
