// Signed, distinct requests from another thread, as many at a time as there are connections.
import { parentPort, workerData } from 'node:worker_threads'
import { Pool } from 'undici'
import { generatePayloads, sign } from '../dist/index.js'

const { address, count, connections, secret } = workerData
const url = new URL(address)
const requests = [...(await generatePayloads({ events: 'random', count }))].map(({ body }) => ({
  path: url.pathname,
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-qualifio-signature': sign(secret, body) },
  body,
}))
const pool = new Pool(url.origin, { connections, pipelining: 1 })
let next = 0
let accepted = 0
const startedMs = performance.now()
await Promise.all(
  Array.from({ length: connections }, async () => {
    while (next < requests.length) {
      const answer = await pool.request(requests[next++])
      await answer.body.dump()
      if (answer.statusCode === 204) accepted += 1
    }
  }),
)
const perSecond = count / ((performance.now() - startedMs) / 1000)
if (accepted !== count) throw new Error(`${accepted} of ${count} accepted`)
await pool.close()
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port, not a window
parentPort.postMessage({ perSecond })
