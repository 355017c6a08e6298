import { afterAll } from 'vitest'
import type { CheckReport, CheckResultReport } from '../../src/report/check-report.ts'
import { faultyReceiver } from '../receivers/faulty.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { AUTHORIZATION, SECRET, type CheckedReceiver } from '../receivers/receiver.ts'
import { runCli, type CliOptions, type CliResult } from '../support/run-cli.ts'

/** What the receivers of the tests ask for. */
export const CREDENTIALS = ['--secret', SECRET, '-H', AUTHORIZATION.join(': ')] as const

const running: CheckedReceiver[] = []

/** Ends every receiver that the tests of this file started. */
export function closeReceivers(): void {
  afterAll(async () => {
    await Promise.all(running.splice(0).map((receiver) => receiver.close()))
  })
}

/** A receiver without a fault. */
export async function sound(): Promise<CheckedReceiver> {
  return kept(await nodeReceiver())
}

/** The receiver with the fault of that name. */
export async function faulty(name: string): Promise<CheckedReceiver> {
  return kept(await faultyReceiver(name).start({ waitMs: 20, nowMs: Date.now() }))
}

function kept(receiver: CheckedReceiver): CheckedReceiver {
  running.push(receiver)
  return receiver
}

/** Runs `check` to its end. */
export function check(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return runCli(['check', ...args], options)
}

/** Runs `check` against a receiver, with its credentials. */
export function checkOf({ url }: { readonly url: string }, args: readonly string[], options?: CliOptions) {
  return check(['--to', url, ...CREDENTIALS, ...args], options)
}

/** The report of a run with `--format json`. */
export function jsonOf({ stdout }: CliResult): CheckReport {
  return JSON.parse(stdout) as CheckReport
}

/** What one check came to. */
export function found(result: CliResult, number: string): CheckResultReport {
  const report = jsonOf(result).checks.find((one) => one.number === number)
  if (report === undefined) throw new Error(`${number} is not in the report`)
  return report
}
