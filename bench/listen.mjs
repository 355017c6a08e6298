import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { generatePayloads } from '../dist/index.js'
import { BIN, ENV, highWaterMb } from './processes.mjs'

const COUNT = 60_000
const CONNECTIONS = 50
const REPLAYED = 20_000

/** Requests per second that `listen` verifies, and what an NDJSON replay to it comes to. */
export async function measureListen(say) {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-bench-'))
  try {
    const payloads = await generatePayloads({ events: 'random', count: REPLAYED })
    const file = join(folder, 'payloads.ndjson')
    writeFileSync(file, [...payloads].map(({ body }) => `${body}\n`).join(''))
    return [...(await underLoad(say)), ...(await ofReplay(say, file))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function underLoad(say) {
  say('listen under load')
  const { child, address } = await listen()
  const client = new Worker(new URL('listen-client.mjs', import.meta.url), {
    workerData: { address, count: COUNT, connections: CONNECTIONS, secret: 'my-secret' },
  })
  const [{ perSecond }] = await once(client, 'message')
  const peakMb = highWaterMb(child.pid) ?? 0
  child.kill('SIGTERM')
  await once(child, 'close')
  return [
    [
      `\`listen --secret …\`, ${COUNT.toLocaleString('en')} signed requests, ${CONNECTIONS} connections`,
      `${Math.round(perSecond).toLocaleString('en')}/s`,
      'at least 15,000/s',
    ],
    ['its resident memory at most', peakMb === 0 ? 'unknown on this system' : `${peakMb} MB`, 'flat'],
  ]
}

async function ofReplay(say, file) {
  say('replay')
  const { child, address } = await listen()
  const startedMs = performance.now()
  const replay = spawn(process.execPath, [BIN, 'replay', file, '--to', address, '--secret', 'my-secret', '--quiet'], {
    env: ENV,
    stdio: 'ignore',
  })
  let peakMb = 0
  const watch = setInterval(() => (peakMb = highWaterMb(replay.pid) ?? peakMb), 50)
  const [exitCode] = await once(replay, 'close')
  clearInterval(watch)
  const perSecond = REPLAYED / ((performance.now() - startedMs) / 1000)
  child.kill('SIGTERM')
  await once(child, 'close')
  if (exitCode !== 0) throw new Error(`replay: exit code ${exitCode}`)
  return [
    [
      `\`replay\` of ${REPLAYED.toLocaleString('en')} lines of NDJSON to it, one in flight, read twice`,
      `${Math.round(perSecond).toLocaleString('en')}/s`,
      '',
    ],
    ['its resident memory at most', peakMb === 0 ? 'unknown on this system' : `${peakMb} MB`, 'flat'],
  ]
}

async function listen() {
  const child = spawn(
    process.execPath,
    [BIN, 'listen', '--port', '0', '--secret', 'my-secret', '--format', 'ndjson', '--output', '/dev/null'],
    {
      env: ENV,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const [text] = await once(child.stderr, 'data')
  return { child, address: /http:\/\/\S+/.exec(String(text))[0] }
}
