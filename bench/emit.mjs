// `node bench/emit.mjs [seconds, 20]`: what the README quotes of `emit`. Build first: npm run build. Everything stays on
// this machine's loopback, and the state in a folder of its own under the temporary one.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/qualifio-sim.js', import.meta.url))
const seconds = Number(process.argv[2] ?? 20)
const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-bench-'))
const canPin = spawnSync('taskset', ['-V']).status === 0
const rows = []
const row = (what, result) => {
  rows.push([what, result])
  console.error(`… ${what}: ${result}`)
}

const get = async (url) => await (await fetch(url)).json()
const headers = { 'content-type': 'application/json' }
const post = async (url, body) => await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
const patch = async (url, body) => await fetch(url, { method: 'PATCH', headers, body: JSON.stringify(body) })
const megabytes = ({ pid }) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)

if (process.argv[2] === 'receive') receive()
else {
  try {
    await sustained()
    await largeStore()
    await oneHangs()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`)
}

/** A receiver that costs little: 204, or never an answer under /hang. Prints its port. */
function receive() {
  let count = 0
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/count') response.end(String(count))
    if (request.url !== '/w') return
    request.on('end', () => {
      count += 1
      response.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
}

async function startReceiver() {
  const child = pinned(0, [fileURLToPath(import.meta.url), 'receive'])
  const port = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(Number(text))))
  return { child, url: `http://127.0.0.1:${port}` }
}

/** Starts an emitter on its own core; resolves when its console answers. */
async function startEmitter(state, ...args) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const startedMs = performance.now()
  const child = pinned(1, [bin, 'emit', '--state', join(folder, state), '--port', String(port), '--quiet', ...args])
  child.stdout.resume()
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  for (;;) {
    try {
      await (await fetch(`${url}/api/health`)).text()
      return { child, url, startMs: performance.now() - startedMs }
    } catch {
      if (child.exitCode !== null) throw new Error(errors)
      await sleep(5)
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function pinned(core, args) {
  const command = canPin ? ['taskset', '-c', String(core), process.execPath] : [process.execPath]
  return spawn(command[0], [...command.slice(1), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function stop(child) {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
}

/** 1,000 events a second, and as many as go, with everything written down before it is sent. */
async function sustained() {
  const receiver = await startReceiver()
  for (const pace of [1000, 5000]) {
    const to = ['--to', `${receiver.url}/w`, '--secret', 'bench', '--concurrency', '50']
    const emitter = await startEmitter(`pace-${pace}`, ...to, '--pace', `${pace}/s`)
    await sleep(2000)
    const before = { count: Number(await (await fetch(`${receiver.url}/count`)).text()), ms: performance.now() }
    await sleep(seconds * 1000)
    const { unfinished } = await get(`${emitter.url}/api/health`)
    const count = Number(await (await fetch(`${receiver.url}/count`)).text()) - before.count
    const rate = Math.round(count / ((performance.now() - before.ms) / 1000))
    row(
      `\`--pace ${pace}/s --concurrency 50\` for ${seconds} s: delivered; not yet delivered at the end; memory`,
      `${rate}/s; ${unfinished}; ${megabytes(emitter.child)} MB`,
    )
    await stop(emitter.child)
  }
  await stop(receiver.child)
}

/** A store with 100,000 deliveries: lists, filters, start. */
async function largeStore() {
  const receiver = await startReceiver()
  const filling = await startEmitter('large', '--to', `${receiver.url}/w`, '--concurrency', '50', '--pace', '5000/s')
  const [{ id }] = (await get(`${filling.url}/api/webhooks`)).items
  for (let delivered = 0; delivered < 100_000; await sleep(500))
    delivered = (await get(`${filling.url}/api/webhooks/${id}`)).counts.delivered
  await stop(filling.child)
  const { child, url, startMs } = await startEmitter('large', '--pace', '0')
  row('start with 100,000 past deliveries, until the console answers', `${Math.round(startMs)} ms`)
  const queries = [
    '',
    'state=blocked',
    'state=delivered&type=change_in_level',
    'type=free_gift',
    `webhook=${id}&state=delivered`,
    'cursor=50000',
    'cursor=200&type=earning',
    'state=blocked&type=burning',
  ]
  const times = []
  for (let round = 0; round < 25; round++) {
    for (const query of queries) {
      const askedMs = performance.now()
      await (await fetch(`${url}/api/deliveries?limit=50&${query}`)).text()
      times.push(performance.now() - askedMs)
    }
  }
  times.sort((a, b) => a - b)
  const at = (share) => `${times[Math.ceil(times.length * share) - 1].toFixed(1)} ms`
  row(`list and filters there, ${times.length} requests: p50, p95, max`, `${at(0.5)}, ${at(0.95)}, ${at(1)}`)
  await stop(child)
  await stop(receiver.child)
}

/** Nine webhooks beside one that hangs: how long their deliveries take, with it and without it. */
async function oneHangs() {
  const receiver = await startReceiver()
  const emitter = await startEmitter('ten', '--pace', '0', '--timeout', '5s')
  for (let number = 0; number < 10; number++) {
    const path = number === 9 ? 'hang' : 'w'
    await post(`${emitter.url}/api/webhooks`, { name: `webhook ${number}`, url: `${receiver.url}/${path}` })
  }
  const webhooks = (await get(`${emitter.url}/api/webhooks`)).items
  const hanging = webhooks.find(({ url }) => url.endsWith('/hang'))
  for (const active of [true, false]) {
    await patch(`${emitter.url}/api/webhooks/${hanging.id}`, { active })
    await patch(`${emitter.url}/api/program`, { pacePerSecond: 50 })
    await sleep(8000)
    await patch(`${emitter.url}/api/program`, { pacePerSecond: 0 })
    await sleep(500)
    const waits = []
    for (const { id } of webhooks.filter((webhook) => webhook !== hanging)) {
      const { items } = await get(`${emitter.url}/api/deliveries?limit=200&webhook=${id}`)
      for (const { createdAt, finishedAt, state } of items)
        waits.push(state === 'delivered' ? Date.parse(finishedAt) - Date.parse(createdAt) : Infinity)
    }
    waits.sort((a, b) => a - b)
    const at = (share) => `${waits[Math.ceil(waits.length * share) - 1]} ms`
    row(
      `nine webhooks at 50 events/s, a tenth ${active ? 'hangs' : 'is switched off'}: from event to answer, p50, p99, max`,
      `${at(0.5)}, ${at(0.99)}, ${at(1)}`,
    )
  }
  await stop(emitter.child)
  await stop(receiver.child)
}
