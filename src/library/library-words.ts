import { UsageError } from '../errors.ts'

/** What the library calls the flags of the command line. */
const OPTION_OF_FLAG: Readonly<Record<string, string>> = {
  '--no-validate': "validate: 'off'",
  '--members-from': 'membersFrom',
  '--retry-schedule': 'retrySchedule',
  '--header': 'headers',
  '--basic': 'an Authorization header',
  '--timeout': 'timeoutMs',
  ...Object.fromEntries(
    [
      'count',
      'batch',
      'members',
      'seed',
      'now',
      'locale',
      'program',
      'contract',
      'journey',
      'set',
      'retries',
      'to',
      'respond',
      'host',
      'port',
      'path',
    ].map((name) => [`--${name}`, name]),
  ),
}

/**
 * An error as a caller of the library must read it: the core names the flags of the command line, which
 * has most of its readers, and the library's options have other names.
 */
export function inLibraryWords(error: unknown): unknown {
  if (!(error instanceof UsageError)) return error
  const message = error.message.replace(/(?<![\w-])--[a-z][a-z-]*(?![\w-])/g, (flag) => OPTION_OF_FLAG[flag] ?? flag)
  return message === error.message ? error : new UsageError(message, { cause: error })
}
