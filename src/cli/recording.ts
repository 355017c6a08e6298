import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Contract } from '../contract/contract.ts'
import type { Exchange } from '../receiver/exchange.ts'
import { createRecorder } from '../receiver/record.ts'
import { createScrub } from '../receiver/scrub.ts'
import type { Context } from './context.ts'
import { makeFolder, writePrivate } from './files.ts'

/** A folder that fills with fixtures. */
export interface Recording {
  /** Writes the fixture of an exchange, if it has one. */
  record(exchange: Exchange): void
  /** Fixtures written. */
  count(): number
}

/** What is recorded where. */
export interface RecordingOptions {
  readonly folder: string
  /** The contract's name or folder as the user gave it; absent for the default. */
  readonly contractName: string | undefined
  /** Whether personal data is replaced, and from which seed its pseudonyms come. */
  readonly scrub: { readonly seed: number } | undefined
}

/**
 * Opens a folder for `--record`; numbers go on where an earlier recording ended. Files are for their owner only (0600),
 * since they may hold personal data. What could not be recorded is said on stderr.
 * @throws UsageError when the folder cannot be made
 */
export function openRecording(
  context: Context,
  contract: Contract,
  { folder, contractName, scrub }: RecordingOptions,
): Recording {
  makeFolder(context, folder, '--record')
  const numbers = readdirSync(resolve(context.cwd, folder)).map((name) => Number(/^(\d{6,})-/.exec(name)?.[1] ?? 0))
  const record = createRecorder({
    contract: contractName,
    scrub: scrub === undefined ? undefined : createScrub(contract, scrub),
    firstNumber: Math.max(0, ...numbers) + 1,
  })
  let written = 0
  return {
    count: () => written,
    record(exchange) {
      const recording = record(exchange)
      if (recording === undefined) return
      if (recording.kind === 'left-out') {
        context.stderr.write(`not recorded: ${recording.problem}\n`)
        return
      }
      writePrivate(context, join(folder, recording.fileName), recording.text)
      written += 1
      for (const note of recording.notes) context.stderr.write(`${recording.fileName}: ${note}\n`)
    },
  }
}
