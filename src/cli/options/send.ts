import type { OptionTable } from '../option.ts'
import { deliveryOptions } from './delivery.ts'
import { endpointOptions, transportOptions } from './endpoint.ts'
import { faultOptions } from './fault.ts'
import { format, json, output, quiet, verbose } from './output.ts'
import { selectionOptions } from './selection.ts'

/** `send`. */
export const sendOptions = {
  ...selectionOptions,
  ...endpointOptions,
  ...transportOptions,
  ...deliveryOptions,
  maxTime: {
    ...deliveryOptions.maxTime,
    description: 'end the whole run after this long, with what there is; exit code 1 if that is not all',
  },
  ...faultOptions,
  format: {
    ...format(['text', 'json', 'ndjson', 'curl']),
    description:
      'text, json, ndjson or curl, which prints what sends the same and sends it too, unless --dry-run (text)',
  },
  json,
  dryRun: { kind: 'switch', flags: '--dry-run', description: 'everything but the network', group: 'Output' },
  verbose,
  quiet,
  output,
} as const satisfies OptionTable
