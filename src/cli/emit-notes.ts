import { isLoopback } from '../delivery/address.ts'
import type { Api } from '../emitter/api/api.ts'
import { knownHosts } from '../emitter/api/hosts.ts'
import type { TakenOver } from '../emitter/desk/configured-webhooks.ts'
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

/** What becomes of a webhook of the console that the file or `--to` sets from now on; no value of it. */
export function takenOverText({ webhook, replaced, takenAway }: TakenOver): string | undefined {
  const { name, origin } = webhook
  const isOwn = origin === 'command-line'
  // --to says its address itself, and is what it says at every start.
  const others = replaced.filter((setting) => !isOwn || !['url', 'active'].includes(setting))
  if (isOwn && others.length === 0 && takenAway.length === 0) return undefined
  const by = isOwn ? '--to' : 'qualifio-sim.json'
  const parts = [
    ...(others.length === 0 ? [] : [`replaced: ${others.join(', ')}`]),
    ...(takenAway.length === 0 ? [] : [`taken away: ${takenAway.join(', ')}`]),
  ]
  const change = parts.length === 0 ? 'nothing of it changed' : parts.join('; ')
  return `"${printable(name)}", made in the console or over HTTP, is set by ${by} from now on; ${change}`
}

/** That a pace was given to a program that somebody had paused. */
export function pausedText({ pace }: EmitOptions, store: Pick<Store, 'settings'>): string | undefined {
  if (pace === undefined || pace === 0 || store.settings()?.paused !== true) return undefined
  return '--pace counts once the program goes on: this state was paused; resume it in the console, or PATCH /api/program with {"paused":false}'
}

/** Under which names others reach it, where others can; undefined where only this machine can. */
export function namesText({ host, publicHost }: EmitOptions, { port }: Pick<Api, 'port'>): string | undefined {
  if (host === undefined || isLoopback(host)) return undefined
  const { names } = knownHosts({ host, port, publicHosts: publicHost })
  const answered = `it answers requests for ${names.join(', ')} only`
  if (publicHost.length > 0) return answered
  return `${answered}; pass --public-host NAME for the name or address that other machines use`
}

/** The last line of a run: how much is left to deliver, and what becomes of it. */
export function stoppedText(left: number, { memory }: Pick<EmitOptions, 'memory'>): string {
  if (left === 0) return 'stopped\n'
  const [what, go, are] = left === 1 ? ['delivery', 'goes', 'is'] : ['deliveries', 'go', 'are']
  return `stopped; ${left} ${what} ${memory ? `${are} gone with it` : `${go} on at the next start`}\n`
}
