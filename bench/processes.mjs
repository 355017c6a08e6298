import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const BIN = fileURLToPath(new URL('../bin/qualifio-sim.js', import.meta.url))
/** Nothing of the surrounding environment counts: no NODE_OPTIONS, no NODE_EXTRA_CA_CERTS, no settings of ours. */
export const ENV = { PATH: process.env.PATH, HOME: process.env.HOME }

/** Starts a receiver in a process of its own, calls `work` with its address, and ends it. */
export async function withReceiver(work) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('receiver.mjs', import.meta.url))], {
    env: ENV,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const [port] = await once(child.stdout, 'data')
    return await work(`http://127.0.0.1:${String(port).trim()}`)
  } finally {
    // The receiver ends with its standard input, so also when this process is killed.
    child.stdin.end()
    await once(child, 'exit')
  }
}

/** Runs a program of this folder, or the command line, to its end; throws when it fails. */
export async function run(args, { stdout = 'ignore' } = {}) {
  const startedMs = performance.now()
  const child = spawn(process.execPath, args, { env: ENV, stdio: ['ignore', stdout, 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  let text = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  const [exitCode] = await once(child, 'close')
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: node ${args.join(' ')}\n${errors}`)
  return { ms: performance.now() - startedMs, stdout: text }
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** The kernel's own high-water mark, where there is one (Linux). */
export function highWaterMb(pid) {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Math.round((Number(kilobytes) * 1024) / 1e6)
  } catch {
    return undefined
  }
}
