import type { SignedRequest } from './request.ts'
import type { Transport } from './transport.ts'

/**
 * A transport on which the answer to the first attempt of every delivery is lost: the receiver has processed it, the
 * sender cannot know, so it comes again. Deliveries are told apart by their request object.
 */
export function losingFirstAcks(transport: Pick<Transport, 'send' | 'sendUnheard'>): Pick<Transport, 'send'> {
  const lost = new WeakSet<SignedRequest>()
  return {
    send(request, signal, onConnected) {
      if (lost.has(request)) return transport.send(request, signal, onConnected)
      lost.add(request)
      return transport.sendUnheard(request, signal, onConnected)
    },
  }
}
