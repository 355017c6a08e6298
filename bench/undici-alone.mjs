// The yardstick: undici's pool with one fixed body, as many at a time, nothing signed and nothing reported. Prints the
// rate of its loop; whoever started it times the whole process.
import { Pool } from 'undici'

const [address, count, concurrency] = process.argv.slice(2)
const pool = new Pool(address, { connections: Number(concurrency), pipelining: 1 })
const body = Buffer.from(JSON.stringify([{ id: '1', type: 'earning', text: 'x'.repeat(600) }]))
let left = Number(count)

const startedMs = performance.now()
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    while (left > 0) {
      left -= 1
      const answer = await pool.request({
        path: '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      await answer.body.dump()
    }
  }),
)
console.log(Number(count) / ((performance.now() - startedMs) / 1000))
await pool.close()
