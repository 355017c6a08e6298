import { request } from 'node:https'
import { describe, expect, test } from 'vitest'
import { peer } from '../support/peer.ts'
import { makeCertificates } from '../support/tls.ts'
import { AUTHORIZATION, signatureOf } from './receiver.ts'
import { secureReceiver } from './secure.ts'
import { anEvent, counted, post } from './sending.ts'

const openssl = peer('openssl', 'apt-get install openssl')

describe.skipIf(openssl === undefined)('a receiver over TLS', () => {
  test.each([
    ['redirects', 301, 0],
    ['serves', 204, 1],
  ] as const)('is sound over https, and its plain twin %s', async (twin, status, times) => {
    const { ca, good } = makeCertificates(openssl as string)
    const receiver = await secureReceiver(good, { twin })
    try {
      expect(await postSecurely(receiver.url, JSON.stringify([anEvent('secure')]), ca)).toBe(204)
      expect(await counted(receiver, 'secure')).toBe(1)
      expect(await post(receiver.twinUrl, JSON.stringify([anEvent('plain')]))).toBe(status)
      expect(await counted(receiver, 'plain')).toBe(times)
    } finally {
      await receiver.close()
    }
  })
})

function postSecurely(url: string, body: string, ca: string): Promise<number | undefined> {
  const headers = {
    'content-type': 'application/json',
    [AUTHORIZATION[0]]: AUTHORIZATION[1],
    'x-qualifio-signature': signatureOf(body),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
