import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Certificate } from '../support/tls.ts'
import { serving } from './node-receiver.ts'
import { started, type CheckedReceiver } from './receiver.ts'
import { eventStore } from './store.ts'

/** A receiver over TLS, with its address over plain http beside it. */
export interface SecureReceiver extends CheckedReceiver {
  /** The same path over plain http. */
  readonly twinUrl: string
}

/**
 * A sound receiver with a certificate, which may be none to trust. Its twin over plain http sends everybody to https,
 * as it must, or serves as well, which is a fault. The oracle is asked at the twin, over plain http.
 */
export async function secureReceiver(
  { cert, key }: Certificate,
  { twin }: { readonly twin: 'redirects' | 'serves' },
): Promise<SecureReceiver> {
  const store = eventStore()
  const secure = await started(serving(createTlsServer({ cert, key }), store), store)
  const url = secure.url.replace('http:', 'https:')
  const plainServer = serving(createServer(), store, {
    around: (next) => async (request) =>
      twin === 'serves' ? next(request) : { status: 301, headers: { location: url } },
  })
  const plain = await started(plainServer, store)
  const { port } = plainServer.address() as AddressInfo
  return {
    ...plain,
    url,
    twinUrl: `http://127.0.0.1:${port}/webhooks`,
    close: async () => void (await Promise.all([secure.close(), plain.close()])),
  }
}
