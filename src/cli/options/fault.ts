import { parseFaultCount } from '../../delivery/fault.ts'
import type { OptionTable } from '../option.ts'

/** What goes wrong on the way, for `send` and `replay`. */
export const faultOptions = {
  fault: {
    kind: 'list',
    flags: '--fault <fault>',
    description:
      'on every delivery: duplicate:2 (one after the other), duplicate-concurrent:5 (at once), lost-ack, reorder (repeatable)',
    group: 'Delivery',
    parse: parseFaultCount,
  },
} as const satisfies OptionTable
