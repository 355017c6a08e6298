import type { Webhook } from '../emitter/records.ts'
import type { Store } from '../emitter/storage.ts'
import { printable } from '../delivery/printable.ts'
import type { Context } from './context.ts'
import type { EmitOptions } from './emit-run.ts'

/** Says something that is worth knowing and no mistake; with `--quiet` nothing. */
export function note({ stderr }: Pick<Context, 'stderr'>, { quiet }: Pick<EmitOptions, 'quiet'>, text: string): void {
  if (!quiet) stderr.write(`note: ${text}\n`)
}

/** What counts at the first start only, and was given at a later one; undefined when nothing was. */
export function keptText({ members, membersFrom, seed }: EmitOptions, store: Pick<Store, 'seed'>): string | undefined {
  const unused = [
    ...(members === undefined ? [] : ['--members']),
    ...(membersFrom === undefined ? [] : ['--members-from']),
    ...(seed === undefined || seed === store.seed ? [] : ['--seed']),
  ]
  if (unused.length === 0) return undefined
  return `${unused.join(', ')} ${unused.length === 1 ? 'counts' : 'count'} at the first start only; the members of this state stay`
}

/** What becomes of a webhook that was set by the file or by `--to` until the start before. */
export function releasedText({ name, origin }: Pick<Webhook, 'name' | 'origin'>): string {
  const shown = `"${printable(name)}"`
  return origin === 'file'
    ? `${shown} is no longer in qualifio-sim.json; it stays as it was, change or delete it in the console`
    : `${shown} is no longer set by --to; it rests, activate or delete it in the console`
}

/** The last line of a run: how much is left to deliver, and what becomes of it. */
export function stoppedText(left: number, { memory }: Pick<EmitOptions, 'memory'>): string {
  if (left === 0) return 'stopped\n'
  const [what, go, are] = left === 1 ? ['delivery', 'goes', 'is'] : ['deliveries', 'go', 'are']
  return `stopped; ${left} ${what} ${memory ? `${are} gone with it` : `${go} on at the next start`}\n`
}
