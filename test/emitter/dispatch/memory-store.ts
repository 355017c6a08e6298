import type { AttemptRecord, DeliveryState, BlockedBy, Webhook } from '../../../src/emitter/records.ts'
import type { Store, Unfinished } from '../../../src/emitter/storage.ts'

/** A delivery as the memory store keeps it. */
export interface MemoryDelivery {
  readonly id: number
  readonly webhookId: string
  readonly kind: 'events' | 'ping'
  readonly memberIds: readonly string[]
  readonly body: string
  state: DeliveryState
  blockedBy: BlockedBy | null
  dueAtMs: number
  round: number
  retriesDone: number
  readonly attempts: AttemptRecord[]
}

interface Content {
  readonly deliveries: Map<number, MemoryDelivery>
  readonly webhooks: Map<string, Webhook>
}

type Used =
  | 'durable'
  | 'beginAttempt'
  | 'endAttempt'
  | 'request'
  | 'putWebhook'
  | 'blockUnfinished'
  | 'unfinished'
  | 'resend'
  | 'deleteWebhook'

/** The parts of a store that the dispatch has to do with, in memory: what is not durable is lost in a crash. */
export interface MemoryStore extends Pick<Store, Used> {
  readonly deliveries: ReadonlyMap<number, MemoryDelivery>
  readonly webhooksById: ReadonlyMap<string, Webhook>
  /** Every write and every commit, in order. */
  readonly log: string[]
  addDelivery(delivery: Partial<MemoryDelivery> & Pick<MemoryDelivery, 'webhookId'>): Unfinished
  /** What was durable when the process ended. */
  afterCrash(): MemoryStore
  /** Is this attempt's intent safe? */
  isDurable(deliveryId: number, number: number): boolean
  /** Commits do not end before this is called. */
  holdCommits(): () => void
}

const isUnfinished = ({ state }: MemoryDelivery) => state === 'queued' || state === 'retrying'

/** A store with these webhooks. */
export function memoryStore(webhooks: readonly Webhook[], from?: Content): MemoryStore {
  const content: Content = from ?? { deliveries: new Map(), webhooks: new Map(webhooks.map((each) => [each.id, each])) }
  let committed = structuredClone(content)
  let held: Promise<void> | undefined
  const log: string[] = []

  const known = (id: number): MemoryDelivery => {
    const delivery = content.deliveries.get(id)
    if (delivery === undefined) throw new Error(`no delivery ${id}`)
    return delivery
  }
  const unfinishedOf = (delivery: MemoryDelivery): Unfinished => {
    const { id, webhookId, kind, memberIds, dueAtMs, round, retriesDone, attempts } = delivery
    const isUnknown = attempts.length > 0 && attempts.at(-1)?.result === null
    return { id, webhookId, kind, memberIds, dueAtMs, round, retriesDone, attemptCount: attempts.length, isUnknown }
  }

  return {
    log,
    deliveries: content.deliveries,
    webhooksById: content.webhooks,
    async durable() {
      await held
      committed = structuredClone(content)
      log.push('durable')
    },
    addDelivery(delivery) {
      const id = content.deliveries.size + 1
      const empty = { kind: 'events', memberIds: [], body: '[]', state: 'queued', blockedBy: null, dueAtMs: 0 } as const
      const added = { ...empty, round: 1, retriesDone: 0, attempts: [], ...delivery, id }
      content.deliveries.set(id, added)
      return unfinishedOf(added)
    },
    unfinished: () => [...content.deliveries.values()].filter(isUnfinished).map(unfinishedOf),
    request(id) {
      const { body } = known(id)
      return {
        body: Buffer.from(body),
        contentType: 'application/json',
        signature: { header: 'X-Sig', value: `of ${id}` },
      }
    },
    beginAttempt(attempt) {
      const { deliveryId, number, retry, possibleDuplicate } = attempt
      log.push(`begin ${deliveryId}.${number} retry ${retry}${possibleDuplicate ? ' duplicate?' : ''}`)
      const delivery = known(deliveryId)
      if (!isUnfinished(delivery)) throw new Error(`delivery ${deliveryId} is ${delivery.state}, and is sent`)
      if (number !== delivery.attempts.length + 1)
        throw new Error(`attempt ${number} after ${delivery.attempts.length}`)
      delivery.attempts.push({ ...attempt, durationMs: null, result: null })
    },
    endAttempt({ deliveryId, number }, { result, durationMs, aftermath }) {
      log.push(`end ${deliveryId}.${number} ${aftermath.state}`)
      const delivery = known(deliveryId)
      const attempt = delivery.attempts[number - 1]
      if (attempt === undefined || attempt.result !== null) throw new Error(`no attempt ${deliveryId}.${number}`)
      delivery.attempts[number - 1] = { ...attempt, result, durationMs }
      if (delivery.state === 'cancelled' || attempt.round !== delivery.round) return
      delivery.state = aftermath.state
      delivery.blockedBy = aftermath.state === 'blocked' ? aftermath.by : null
      if (aftermath.state !== 'retrying') return
      delivery.retriesDone += 1
      delivery.dueAtMs = aftermath.dueAtMs
    },
    putWebhook(webhook) {
      log.push(`webhook ${webhook.name} ${webhook.blockedInARow}${webhook.blockedAtMs === null ? '' : ' blocked'}`)
      content.webhooks.set(webhook.id, webhook)
    },
    blockUnfinished(webhookId) {
      const blocked = [...content.deliveries.values()].filter(
        (each) => each.webhookId === webhookId && isUnfinished(each),
      )
      for (const delivery of blocked) Object.assign(delivery, { state: 'blocked', blockedBy: 'webhook' })
      log.push(`block ${blocked.map(({ id }) => id).join()}`)
      return blocked.map(({ id }) => id)
    },
    deleteWebhook(id) {
      content.webhooks.delete(id)
      for (const each of content.deliveries.values())
        if (each.webhookId === id && isUnfinished(each)) each.state = 'cancelled'
    },
    resend(id, { dueAtMs }) {
      const delivery = known(id)
      Object.assign(delivery, { state: 'queued', blockedBy: null, dueAtMs, round: delivery.round + 1, retriesDone: 0 })
    },
    afterCrash: () => memoryStore([], structuredClone(committed)),
    isDurable: (deliveryId, number) => (committed.deliveries.get(deliveryId)?.attempts.length ?? 0) >= number,
    holdCommits() {
      let release = () => {}
      held = new Promise((resolve) => (release = resolve))
      return () => {
        held = undefined
        release()
      }
    },
  }
}
