import type { ServerResponse } from 'node:http'
import type { Clock } from '../../ports.ts'
import type { Emitter } from '../emitter.ts'
import type { ProgramView } from '../view/views.ts'
import { Problem } from './problem.ts'

/** The clients of `GET /api/stream`. */
export interface Streams {
  /** @throws Problem when too many are open */
  open(response: ServerResponse): void
  /** Ends them all. */
  close(): void
}

const MOST_STREAMS = 100
const HEARTBEAT_MS = 15_000
/** Who has not read this much is dropped, and may come again. */
const MOST_UNREAD_BYTES = 1024 * 1024
/** What a browser waits before it comes again. */
const RECONNECT_MS = 2000

/** Tells every client what the emitter tells, each message written as text once. */
export function createStreams({ emitter, clock }: { readonly emitter: Emitter; readonly clock: Clock }): Streams {
  const clients = new Set<ServerResponse>()
  let quiet: (() => void) | undefined
  let isClosed = false

  function tell(text: string): void {
    for (const client of clients) {
      client.write(text)
      if (client.writableLength > MOST_UNREAD_BYTES) client.destroy()
    }
  }

  function listen(): () => void {
    const unsubscribe = emitter.subscribe(({ name, data }) => tell(eventText(name, data)))
    let cancel = clock.after(HEARTBEAT_MS, beat)
    function beat(): void {
      tell(': still here\n\n')
      cancel = clock.after(HEARTBEAT_MS, beat)
    }
    return () => {
      unsubscribe()
      cancel()
    }
  }

  return {
    open(response) {
      if (clients.size >= MOST_STREAMS) {
        throw new Problem(
          'too-many-streams',
          `${MOST_STREAMS} streams are open already; close a console that nobody looks at.`,
          { headers: { 'Retry-After': '5' } },
        )
      }
      // Before anything is written: what goes wrong here is still answered with a problem.
      const hello: ProgramView = emitter.program()
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
      response.write(`retry: ${RECONNECT_MS}\n${eventText('hello', hello)}`)
      if (isClosed) {
        response.end()
        return
      }
      clients.add(response)
      quiet ??= listen()
      response.once('close', () => {
        clients.delete(response)
        if (clients.size > 0) return
        quiet?.()
        quiet = undefined
      })
    },
    close() {
      isClosed = true
      for (const client of clients) client.end()
    },
  }
}

/** JSON has no line break of its own, so that it is one `data` line. */
function eventText(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
