import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BIN, ENV, highWaterMb, median, run, withReceiver } from './processes.mjs'

const COUNT = 20_000
const CONCURRENCY = 50
const RUNS = 5
const pool = fileURLToPath(new URL('undici-alone.mjs', import.meta.url))

/**
 * Deliveries per second and memory, beside undici's pool alone with a fixed body on the same receiver. Both are measured
 * as whole processes, from start to end: each pays for Node, for its own code and for its compilation. undici's loop by
 * itself, from the first request to the last, is told as well.
 */
export async function measureDelivery(say) {
  return await withReceiver(async (address) => {
    const alone = []
    const loops = []
    const sends = []
    // In turns, so that a busy machine slows both alike.
    for (let round = 1; round <= RUNS; round += 1) {
      say(`undici alone, then send: ${round} of ${RUNS}`)
      const { ms, stdout } = await run([pool, address, String(COUNT), String(CONCURRENCY)], { stdout: 'pipe' })
      alone.push(COUNT / (ms / 1000))
      loops.push(Number(stdout))
      sends.push(await send(address))
    }
    const perSecond = median(sends.map((one) => one.perSecond))
    const beside = (rates) => `${(perSecond / median(rates)).toFixed(2)} ×`
    const rate = (number) => `${Math.round(number).toLocaleString('en')}/s`
    const peakMb = Math.max(...sends.map((one) => one.peakMb))
    return [
      [`undici's pool alone, fixed body, ${CONCURRENCY} at a time: whole process`, rate(median(alone)), ''],
      ['the same: its loop only, without start-up', rate(median(loops)), ''],
      [
        `\`send random --count ${COUNT} --concurrency ${CONCURRENCY} --format ndjson\`: whole process`,
        `${rate(perSecond)} = ${beside(alone)} undici's whole process (${beside(loops)} its loop)`,
        'at least 0.5 ×',
      ],
      ['its resident memory at most', peakMb === 0 ? 'unknown on this system' : `${peakMb} MB`, 'under 200 MB'],
    ]
  })
}

/** One run, start-up and all, with its result in a file. */
async function send(address) {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-bench-'))
  const file = join(folder, 'result.ndjson')
  const output = openSync(file, 'w')
  try {
    const what = ['random', '--count', String(COUNT), '--concurrency', String(CONCURRENCY), '--format', 'ndjson']
    const startedMs = performance.now()
    const child = spawn(process.execPath, [BIN, 'send', ...what, '--to', address, '--secret', 'my-secret'], {
      env: ENV,
      stdio: ['ignore', output, 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', (chunk) => (errors += chunk))
    let peakMb = 0
    const watch = setInterval(() => (peakMb = highWaterMb(child.pid) ?? peakMb), 50)
    const [exitCode] = await once(child, 'close')
    const perSecond = COUNT / ((performance.now() - startedMs) / 1000)
    clearInterval(watch)
    const delivered = readFileSync(file, 'utf8').split('"type":"delivery"').length - 1
    if (exitCode !== 0 || delivered !== COUNT) {
      throw new Error(`send: exit code ${exitCode}, ${delivered} of ${COUNT} delivered\n${errors}`)
    }
    return { perSecond, peakMb }
  } finally {
    closeSync(output)
    rmSync(folder, { recursive: true, force: true })
  }
}
