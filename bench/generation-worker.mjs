import { generatePayloads } from '../dist/index.js'

const [events] = process.argv.slice(2)
const COUNT = 500_000
const residentMb = () => Math.round(process.memoryUsage.rss() / 1e6)

const payloads = await generatePayloads({ events, count: COUNT, seed: 1, now: new Date('2026-01-01T00:00:00Z') })
let done = 0
let bytes = 0
let earlyMb
let startedMs
for (const { body } of payloads) {
  bytes += body.length
  done += 1
  // The first ones pay for the compiler.
  if (done === 20_000) startedMs = performance.now()
  if (done === 100_000) earlyMb = residentMb()
}
const perSecond = (done - 20_000) / ((performance.now() - startedMs) / 1000)
if (done !== COUNT) throw new Error(`${done} payloads instead of ${COUNT}`)
console.log(JSON.stringify({ perSecond, bytes, earlyMb, lateMb: residentMb() }))
