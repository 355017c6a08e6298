import { anyText, text, type OptionTable } from '../option.ts'
import { CHECK_FORMATS, checkingOptions } from './check.ts'
import { deliveryOptions } from './delivery.ts'
import { consoleOptions, lifeOptions, queueOptions, stateOptions } from './emit.ts'
import { endpointOptions, transportOptions } from './endpoint.ts'
import { faultOptions } from './fault.ts'
import { receiverOptions } from './listen.ts'
import { format, json, output, quiet, verbose } from './output.ts'
import { fixtureOptions, REPLAY_FORMATS } from './replay.ts'
import { contractOption, selectionOptions } from './selection.ts'
import { loadOptions, STRESS_FORMATS } from './stress.ts'

/** `generate`. */
export const generateOptions = {
  ...selectionOptions,
  ...endpointOptions,
  format: format(['json', 'ndjson', 'pretty', 'http', 'vegeta', 'k6']),
  json,
  output: {
    ...output,
    flags: '-o, --output <file|folder/>',
    description: 'write to a file, or one file per payload into a folder/',
  },
} as const satisfies OptionTable

/** `sign`. */
export const signOptions = {
  secret: { ...endpointOptions.secret, description: 'the secret that signs' },
  secretFile: endpointOptions.secretFile,
  signatureHeader: endpointOptions.signatureHeader,
  contract: contractOption,
  value: {
    kind: 'switch',
    flags: '--value',
    description: 'print the value alone, without the header name',
    group: 'Output',
  },
} as const satisfies OptionTable

/** `verify`. */
export const verifyOptions = {
  secret: {
    ...endpointOptions.secret,
    kind: 'list',
    description: 'a secret; several while one replaces the other (repeatable)',
  },
  secretFile: endpointOptions.secretFile,
  explain: {
    kind: 'switch',
    flags: '--explain',
    description: 'tell what was signed instead, and how to mend it',
    group: 'Output',
  },
  signature: {
    kind: 'value',
    flags: '--signature <value>',
    description: 'what the signature header held: sha256=…',
    group: 'Endpoint',
    parse: anyText,
  },
  contract: contractOption,
  quiet,
} as const satisfies OptionTable

/** `contract`. */
export const contractOptions = {
  contract: contractOption,
  format: format(['text', 'json', 'json-schema', 'openapi']),
  json,
  output,
} as const satisfies OptionTable

/** `contract new`. */
export const contractNewOptions = {
  from: {
    kind: 'value',
    flags: '--from <name|dir>',
    file: 'read',
    description: 'the contract to copy (assumed-1)',
    group: 'What is sent',
    parse: text('the name of a contract or a folder'),
  },
} as const satisfies OptionTable

/** `replay`. */
export const replayOptions = {
  ...fixtureOptions,
  contract: contractOption,
  seed: { ...selectionOptions.seed, description: 'chance of --shuffle, --fresh and reorder, 0 to 4294967295 (random)' },
  now: { ...selectionOptions.now, description: 'with --fresh: when the latest event of a payload occurs (the clock)' },
  ...endpointOptions,
  ...transportOptions,
  ...deliveryOptions,
  ...faultOptions,
  speed: { ...deliveryOptions.speed, description: 'waits n times shorter, max: none; timeouts stay as they are (max)' },
  concurrency: { ...deliveryOptions.concurrency, description: 'files under way at once, 1 to 50 (1)' },
  format: format(REPLAY_FORMATS),
  json,
  quiet,
  output,
} as const satisfies OptionTable

/** `listen`. */
export const listenOptions = {
  ...receiverOptions,
  secret: {
    ...endpointOptions.secret,
    kind: 'list',
    description: 'a secret that may have signed; several while one replaces the other (repeatable)',
  },
  secretFile: endpointOptions.secretFile,
  header: {
    ...endpointOptions.header,
    description: "a header that must be there, such as Qualifio's custom authorization header (repeatable)",
  },
  basic: endpointOptions.basic,
  bearer: endpointOptions.bearer,
  signatureHeader: endpointOptions.signatureHeader,
  contract: contractOption,
  seed: { ...selectionOptions.seed, description: 'chance of mixes, latencies and pseudonyms (random)' },
  format: format(['text', 'json', 'ndjson']),
  json,
  verbose,
  quiet,
  output,
} as const satisfies OptionTable

/** `check`. */
export const checkOptions = {
  ...checkingOptions,
  contract: contractOption,
  seed: selectionOptions.seed,
  now: { ...selectionOptions.now, description: 'when the checks say that events occur (the clock)' },
  ...endpointOptions,
  ...transportOptions,
  timeout: { ...transportOptions.timeout, description: 'how long an answer may take (15s)' },
  waitFor: deliveryOptions.waitFor,
  maxTime: deliveryOptions.maxTime,
  format: format(CHECK_FORMATS),
  json,
  verbose: { ...verbose, description: 'every request, every check that was not run, every event id' },
  quiet,
  output,
} as const satisfies OptionTable

/** `stress`. */
export const stressOptions = {
  ...loadOptions,
  contract: contractOption,
  seed: selectionOptions.seed,
  now: { ...selectionOptions.now, description: 'when events occur (the clock)' },
  localHost: checkingOptions.localHost,
  ...endpointOptions,
  ...transportOptions,
  retries: deliveryOptions.retries,
  retrySchedule: deliveryOptions.retrySchedule,
  speed: { ...deliveryOptions.speed, description: 'waits n times shorter, max: none; timeouts stay as they are (60)' },
  waitFor: deliveryOptions.waitFor,
  maxTime: deliveryOptions.maxTime,
  format: format(STRESS_FORMATS),
  json,
  quiet,
  output,
} as const satisfies OptionTable

/** `emit`. */
export const emitOptions = {
  ...lifeOptions,
  contract: contractOption,
  ...endpointOptions,
  to: { ...endpointOptions.to, description: 'a webhook for your endpoint, with the credentials below' },
  header: { ...endpointOptions.header, description: "Qualifio's custom authorization header, for --to" },
  ...transportOptions,
  retries: deliveryOptions.retries,
  retrySchedule: deliveryOptions.retrySchedule,
  speed: deliveryOptions.speed,
  concurrency: { ...deliveryOptions.concurrency, description: 'requests under way at once per webhook, 1 to 50 (10)' },
  ...queueOptions,
  ...stateOptions,
  ...consoleOptions,
  format: format(['text', 'ndjson']),
  quiet,
} as const satisfies OptionTable
