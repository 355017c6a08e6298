import type { Socket } from 'node:net'
import { faultyNode, type FaultyReceiver } from './faulty-receiver.ts'

const LIBRARIES = /^(go-http-client|java|curl|python-requests)\b|^$/i

/** Faults of headers and connections. */
export const FAULTY_TRANSPORTS: readonly FaultyReceiver[] = [
  faultyNode('header-case', 'Looks the signature up by its name exactly as documented, in upper and lower case.', {
    fails: ['TRN-03'],
    change: () => ({
      around: (next) => async (request) => {
        const isSpelledSo = request.rawHeaders.includes('X-Qualifio-Signature')
        if (!isSpelledSo) delete request.headers['x-qualifio-signature']
        return next(request)
      },
    }),
  }),
  faultyNode('needs-content-length', 'Refuses a body whose length is not told beforehand.', {
    fails: ['TRN-04'],
    change: () => ({
      around: (next) => async (request) =>
        request.headers['transfer-encoding'] === undefined ? next(request) : { status: 411 },
    }),
  }),
  faultyNode('blocks-user-agents', 'Stands behind a firewall that blocks programs by their user agent.', {
    fails: ['TRN-09'],
    change: () => ({
      around: (next) => async (request) =>
        LIBRARIES.test(request.headers['user-agent'] ?? '') ? { status: 403 } : next(request),
    }),
  }),
  faultyNode('forgets-idle-connections', 'Keeps a connection open, and resets it when it is used after being idle.', {
    fails: ['TRN-07'],
    change({ waitMs = 5000 }) {
      const lastUsedMs = new WeakMap<Socket, number>()
      return {
        around(next, _, server) {
          // It never closes an idle connection itself, so that the sender takes it for alive.
          server.keepAliveTimeout = 0
          return async (request) => {
            const { socket } = request
            const nowMs = performance.now()
            if (nowMs - (lastUsedMs.get(socket) ?? nowMs) >= waitMs) socket.resetAndDestroy()
            const answer = await next(request)
            lastUsedMs.set(socket, performance.now())
            return answer
          }
        },
      }
    },
  }),
]
