import { AUTHENTICITY_CHECKS } from './checks/authenticity.ts'
import { CONTRACT_CHECKS } from './checks/contract.ts'
import { DELIVERY_CHECKS } from './checks/delivery.ts'
import { PERFORMANCE_CHECKS } from './checks/performance.ts'
import { ROBUSTNESS_CHECKS } from './checks/robustness.ts'
import { TRANSPORT_CHECKS } from './checks/transport.ts'
import type { Check, CheckRecord } from './check.ts'
import { SOURCES } from './sources.ts'

const RECORDS: readonly CheckRecord[] = [
  ...CONTRACT_CHECKS,
  ...AUTHENTICITY_CHECKS,
  ...DELIVERY_CHECKS,
  ...ROBUSTNESS_CHECKS,
  ...PERFORMANCE_CHECKS,
  ...TRANSPORT_CHECKS,
]

/** All checks, in the order of the catalogue. */
export const CATALOG: readonly Check[] = RECORDS.map((record) => ({ ...record, sources: SOURCES[record.number] ?? [] }))
