import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BIN, ENV, run, withReceiver } from './processes.mjs'

const COUNT = 20_000
const CONCURRENCY = 50
const pool = fileURLToPath(new URL('undici-alone.mjs', import.meta.url))

/** Deliveries per second and memory, beside undici's pool alone with a fixed body on the same receiver. */
export async function measureDelivery(say) {
  return await withReceiver(async (address) => {
    say('undici alone')
    const { stdout } = await run([pool, address, String(COUNT), String(CONCURRENCY)], { stdout: 'pipe' })
    const alonePerSecond = Number(stdout)
    say('send')
    const { perSecond, peakMb } = await send(address)
    const rate = (number) => `${Math.round(number).toLocaleString('en')}/s`
    return [
      [`undici's pool alone, fixed body, ${CONCURRENCY} at a time`, rate(alonePerSecond), ''],
      [
        `\`send random --count ${COUNT} --concurrency ${CONCURRENCY} --format ndjson\``,
        `${rate(perSecond)} = ${(perSecond / alonePerSecond).toFixed(2)} × undici alone`,
        'at least 0.5 ×',
      ],
      ['its resident memory at most', peakMb === 0 ? 'unknown on this system' : `${peakMb} MB`, 'under 200 MB'],
    ]
  })
}

async function send(address) {
  const args = ['send', 'random', '--count', String(COUNT), '--concurrency', String(CONCURRENCY)]
  const child = spawn(
    process.execPath,
    [BIN, ...args, '--format', 'ndjson', '--to', address, '--secret', 'my-secret'],
    {
      env: ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const exited = once(child, 'exit')
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  let peakMb = 0
  const watch = setInterval(() => (peakMb = highWaterMb(child.pid) ?? peakMb), 50)
  let startedMs
  let endedMs
  let delivered = 0
  for await (const line of createInterface({ input: child.stdout })) {
    startedMs ??= performance.now()
    if (line.includes('"type":"delivery"')) delivered += 1
    endedMs = performance.now()
  }
  const [exitCode] = await exited
  clearInterval(watch)
  if (exitCode !== 0 || delivered !== COUNT) {
    throw new Error(`send: exit code ${exitCode}, ${delivered} of ${COUNT} delivered\n${errors}`)
  }
  return { perSecond: COUNT / ((endedMs - startedMs) / 1000), peakMb }
}

/** The kernel's own high-water mark, where there is one (Linux). */
function highWaterMb(pid) {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.round((Number(kilobytes) * 1024) / 1e6)
  } catch {
    return undefined
  }
}
