import type { Api } from '../emitter/api/api.ts'
import type { Emitter } from '../emitter/emitter.ts'
import { ALL_EVENT_TYPES } from '../contract/event-types.ts'
import { waitsAtSpeed } from '../delivery/duration.ts'
import { displayUrl } from '../delivery/display-url.ts'
import type { WebhookView } from '../emitter/view/views.ts'
import { printable } from '../delivery/printable.ts'
import type { EmitOptions } from './emit-run.ts'

/** What is said when it has started: where the console is, what lives there, where events go. */
export function emitStartText(
  emitter: Emitter,
  { api, options, state }: { readonly api: Api; readonly options: EmitOptions; readonly state: string },
): string {
  const { members, programs, pacePerSecond, paused, speed, seed } = emitter.program()
  const inhabited = programs.filter((program) => program.members > 0)
  const webhooks = emitter.webhooks()
  const where = options.memory ? 'kept in memory only' : `kept in ${state}`
  const pace = paused ? 'paused' : pacePerSecond === 0 ? 'events on demand only' : paceText(pacePerSecond)
  const waits = speed === 1 ? '' : speed === 'max' ? '; retries do not wait' : `; retries wait ${waitsAtSpeed(speed)}`
  const unfinished = emitter.health().unfinished
  const token = options.token === undefined ? '' : `#token=${encodeURIComponent(options.token)}`
  return [
    `console  ${api.url.href}${token}`,
    `members  ${members} in ${inhabited.map(({ name }) => name).join(' and ')}, seed ${seed}, ${where}`,
    `pace     ${pace}${waits}; Ctrl-C ends`,
    ...(unfinished > 0
      ? [`left     ${unfinished} ${unfinished === 1 ? 'delivery' : 'deliveries'} from before, going on`]
      : []),
    ...(webhooks.length === 0
      ? [
          'webhooks none yet: make one in the console, pass --to, or list them in qualifio-sim.json ("emit": {"webhooks": […]})',
        ]
      : webhooks.map((webhook) => `webhook  ${webhookText(webhook)}`)),
    '',
  ].join('\n')
}

function webhookText({ name, url, scope, active, blocked }: WebhookView): string {
  const events = scope.events === null ? 'all events' : `${scope.events.length} of ${ALL_EVENT_TYPES.length} events`
  const programs = scope.programs === null ? '' : ` of ${scope.programs.join(', ')}`
  const state = blocked !== null ? ', BLOCKED' : active ? '' : ', not active'
  return `${printable(name)} → ${displayUrl(new URL(url))} (${events}${programs}${state})`
}

function paceText(perSecond: number): string {
  const written = String(Math.round(perSecond * 1000) / 1000)
  return `${written} ${written === '1' ? 'event' : 'events'}/s`
}
