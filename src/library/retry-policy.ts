import type { Contract } from '../contract/contract.ts'
import { parseRetrySchedule, retryPolicy as policyOf } from '../delivery/retry-policy.ts'
import type { RetryPolicy, RetrySchedule } from '../delivery/retry-policy.ts'
import { inLibraryWords } from './library-words.ts'
import { checkOptions, wholeOption, type OptionCheck } from './option-check.ts'

/** The waits: of the contract, none, Svix's, a text such as `1s,5s,1m`, or a list of milliseconds. */
export type RetryWaits = RetrySchedule | `${number}${string}`

/** How often and after which waits: the options of `deliver`, by the same names. */
export interface RetryOptions {
  /** 0 to 100. 7 by default. */
  readonly retries?: number | undefined
  /** `default`, `instant` or `svix`; waits such as `1s,5s,1m`; or a list of milliseconds. `default` by default. */
  readonly retrySchedule?: RetryWaits | undefined
  /** A loaded contract, whose policy is the default. */
  readonly contract?: Pick<Contract, 'retryPolicy'> | undefined
}

/** How many retries. */
export const retriesOption: OptionCheck = wholeOption(0, 100)

/** The waits, as a text or in milliseconds. */
export const retryScheduleOption: OptionCheck = {
  expected: "'default', 'instant', 'svix', waits such as '1s,5s,1m', or a list of milliseconds such as [1000, 5000]",
  isRight: (value) =>
    typeof value === 'string' ||
    (Array.isArray(value) && value.length > 0 && value.every((delayMs) => Number.isFinite(delayMs) && delayMs >= 0)),
}

const CHECKS = {
  retries: retriesOption,
  retrySchedule: retryScheduleOption,
  contract: {
    expected: 'what loadContract gives',
    isRight: (value) => typeof value === 'object' && value !== null && 'retryPolicy' in value,
  },
} as const satisfies Record<keyof RetryOptions, OptionCheck>

/**
 * The waits of a delivery, for `decide`.
 * @throws UsageError for more than 100 retries, an unknown schedule, or more waits than retries
 */
export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  checkOptions('retryPolicy', options, CHECKS)
  const { retries, retrySchedule: given, contract } = options
  try {
    const schedule = typeof given === 'string' ? parseRetrySchedule(given, 'retrySchedule') : given
    return policyOf({ retries, schedule, contractDefault: contract?.retryPolicy })
  } catch (error) {
    throw inLibraryWords(error)
  }
}
