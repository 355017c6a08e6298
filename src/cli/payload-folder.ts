import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LoyaltyEvent } from '../contract/event.ts'
import { atomicFile } from './atomic-file.ts'
import type { Context } from './context.ts'
import { counted } from '../program/selection.ts'
import { makeFolder } from './files.ts'
import { refuseOverwrite, type InputFile } from './overwrite.ts'
import type { PlannedSelection } from './selection.ts'

/** The files of this and of earlier runs. */
const FILE_NAME = /^\d{4,}-[a-z0-9-]+\.json$/

/**
 * Writes one file per payload, `0001-earning.json`, and says how many; files that an earlier run left there too.
 * @throws UsageError for a folder that cannot be made, or that holds an input by such a name
 */
export async function writeFolder(
  context: Context,
  plan: PlannedSelection,
  {
    folder,
    inputs,
    textOf,
    signal,
  }: {
    readonly folder: string
    readonly inputs: readonly InputFile[]
    readonly textOf: (events: readonly LoyaltyEvent[]) => string
    readonly signal: AbortSignal
  },
): Promise<void> {
  makeFolder(context, folder)
  const older = new Set(readdirSync(resolve(context.cwd, folder)).filter((name) => FILE_NAME.test(name)))
  for (const name of older) refuseOverwrite(context, { option: '--output', path: join(folder, name) }, inputs)
  const digits = Math.max(4, String(plan.generation.payloadCount).length)
  let number = 0
  for (const events of plan.generation.payloads()) {
    if (signal.aborted) break
    number += 1
    const what = events.length === 1 ? (events[0]?.type ?? '') : `${events.length}-events`
    const name = `${String(number).padStart(digits, '0')}-${what}.json`
    const file = atomicFile(context, join(folder, name))
    file.append(textOf(events))
    file.commit()
    older.delete(name)
    if (number % 100 === 0) await turn(context)
  }
  context.stderr.write(`${filesText(number)} in ${folder}\n${olderText(folder, older)}`)
}

/** Lets signals come in, and the news that the reader has gone (`| head`). */
export function turn({ clock }: Context): Promise<void> {
  return new Promise((done) => clock.after(0, done))
}

function olderText(folder: string, older: ReadonlySet<string>): string {
  const [first] = [...older].toSorted()
  if (first === undefined) return ''
  const such = older.size === 1 ? '' : 'such as '
  return `warning: ${folder} has ${filesText(older.size)} of an earlier run as well (${such}${first}); delete ${older.size === 1 ? 'it' : 'them'}, or name a new folder\n`
}

const filesText = (count: number): string => counted(count, 'file', 'files')
