import { setMaxListeners } from 'node:events'
import type { AttemptResult } from '../../delivery/outcome.ts'
import type { Transport } from '../../delivery/transport.ts'
import { outgoingTo } from './outgoing.ts'
import type { Webhook } from '../records.ts'
import type { StoredRequest } from '../storage.ts'

/** The connections to one webhook. */
export interface LaneRoute {
  /** One request to the webhook as it is set up now. The result is without secrets. */
  readonly send: (stored: StoredRequest) => Promise<AttemptResult>
  /** The webhook was changed. Connections to another address are closed once nothing is under way on them. */
  readonly webhookIs: (webhook: Webhook) => void
  /** Nothing more is sent: closes once nothing is under way. */
  readonly leave: () => void
  /** Stops what is under way, and closes. */
  readonly abort: () => Promise<void>
}

/** What makes connections. */
export interface RouteOptions {
  readonly userAgent: string
  readonly transportFor: (url: URL) => Transport
}

interface Way {
  readonly url: string
  readonly transport: Transport
  underWay: number
  isLeft: boolean
}

/** A route without connections: they are made when the first request is sent. */
export function laneRoute(webhook: Webhook, { userAgent, transportFor }: RouteOptions): LaneRoute {
  let outgoing = outgoingTo(webhook, userAgent)
  let way: Way | undefined
  const ways = new Set<Way>()
  // One for each webhook: removing a listener of a signal looks through all of its listeners.
  const stopping = new AbortController()
  // As many as there are requests under way: no leak.
  setMaxListeners(0, stopping.signal)

  function open(): Way {
    const made = { url: outgoing.url.href, transport: transportFor(outgoing.url), underWay: 0, isLeft: false }
    ways.add(made)
    return made
  }

  function leave(): void {
    if (way === undefined) return
    way.isLeft = true
    closeIfIdle(way)
    way = undefined
  }

  function closeIfIdle(left: Way): void {
    if (!left.isLeft || left.underWay > 0 || !ways.delete(left)) return
    void left.transport.close()
  }

  return {
    async send(stored) {
      way ??= open()
      const taken = way
      const { request, redact } = outgoing
      taken.underWay += 1
      try {
        return redact(await taken.transport.send(request(stored), stopping.signal))
      } finally {
        taken.underWay -= 1
        closeIfIdle(taken)
      }
    },
    webhookIs(changed) {
      outgoing = outgoingTo(changed, userAgent)
      if (way?.url !== outgoing.url.href) leave()
    },
    leave,
    async abort() {
      stopping.abort()
      const open = [...ways]
      ways.clear()
      await Promise.all(open.map(({ transport }) => transport.close()))
    },
  }
}
