import type { Route } from './route.ts'
import { DELIVERY_ROUTES } from './routes/deliveries.ts'
import { MEMBER_ROUTES } from './routes/members.ts'
import { PROGRAM_ROUTES } from './routes/program.ts'
import { WEBHOOK_ROUTES } from './routes/webhooks.ts'

/** Everything that can be asked for: the router and the document are made from it, so that they cannot differ. */
export const ROUTES: readonly Route[] = [...WEBHOOK_ROUTES, ...MEMBER_ROUTES, ...DELIVERY_ROUTES, ...PROGRAM_ROUTES]
