import type { OptionSpec } from '../option.ts'
import {
  checkOptions,
  contractNewOptions,
  contractOptions,
  emitOptions,
  generateOptions,
  listenOptions,
  replayOptions,
  signOptions,
  stressOptions,
  verifyOptions,
} from './commands.ts'
import { sendOptions } from './send.ts'

/** Every command's options, for the configuration file's sections and for unknown names. */
export const COMMAND_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  send: Object.values(sendOptions),
  generate: Object.values(generateOptions),
  replay: Object.values(replayOptions),
  listen: Object.values(listenOptions),
  check: Object.values(checkOptions),
  stress: Object.values(stressOptions),
  emit: Object.values(emitOptions),
  sign: Object.values(signOptions),
  verify: Object.values(verifyOptions),
  contract: [...Object.values(contractOptions), ...Object.values(contractNewOptions)],
}

/** All of them, with repetitions. */
export const EVERY_OPTION: readonly OptionSpec[] = Object.values(COMMAND_OPTIONS).flat()
