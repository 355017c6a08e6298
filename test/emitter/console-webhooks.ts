import { randomUUID } from 'node:crypto'
import type { EventType } from '../../src/contract/event-types.ts'
import type { Emitter } from '../../src/emitter/emitter.ts'
import { Refusal } from '../../src/emitter/refusal.ts'
import type { WebhookView, WebhookWithSecret } from '../../src/emitter/view/views.ts'

/** How webhooks are made and changed in the played emitter. */
export function createWebhookDesk(known: {
  readonly webhooks: Map<string, WebhookView>
  readonly counted: (webhook: WebhookView) => WebhookView
  readonly webhook: (id: string) => WebhookView
}): Pick<Emitter, 'createWebhook' | 'changeWebhook'> {
  const { webhooks, counted, webhook } = known
  const refused = (at: string, text: string) => new Refusal('invalid', text, at)
  return {
    async createWebhook(input) {
      if (!URL.canParse(input.url)) throw refused('url', 'The URL is not absolute; did you mean http://…?')
      if ([...webhooks.values()].some(({ name }) => name === input.name))
        throw new Refusal('conflict', `There is a webhook "${input.name}" already.`, 'name')
      const { secret, header, scope: wanted, ...rest } = input
      const scope = { events: (wanted?.events ?? null) as EventType[] | null, programs: wanted?.programs ?? null }
      const made = {
        id: randomUUID(),
        header: header ? { name: header.name } : null,
        scope,
        hasSecret: typeof secret === 'string',
      }
      const before = {
        rotation: 'overlap',
        previousSecretUntil: null,
        active: true,
        blocked: null,
        managedBy: 'request',
      }
      const whole = { ...before, ...rest, ...made, createdAt: new Date().toISOString() } as WebhookView
      webhooks.set(whole.id, whole)
      return { ...counted(whole), ...(typeof secret === 'string' && { secret }) } satisfies WebhookWithSecret
    },
    async changeWebhook(id, { secret, header, scope, ...input }) {
      const changed = {
        ...webhook(id),
        ...input,
        ...(header !== undefined && { header }),
        ...(scope && { scope }),
        ...(secret !== undefined && { hasSecret: secret !== null }),
      } as WebhookView
      webhooks.set(id, changed)
      return { ...counted(changed), ...(typeof secret === 'string' && { secret }) }
    },
  }
}
