import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { ProcessPlan } from './plan.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const CACHE = here('../../../node_modules/.cache/qualifio-sim/')
const LONGEST_MS = 15_000

/** How a process ended, and what it said. */
export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** The ids of the events that were accepted. */
  readonly accepted: readonly string[]
  readonly isDone: boolean
  readonly stderr: string
}

/** An emitter at work in a process of its own. */
export interface Running {
  /** Resolves when it lives and sends, or has ended. */
  readonly ready: Promise<void>
  readonly ended: Promise<Ended>
  kill(): void
}

/** Starts emitters: `emit-process.ts`, bundled for Node. */
export interface EmitterProcess {
  start(plan: ProcessPlan, crashAt?: string): Running
  remove(): void
}

/** Bundles it, in a folder from which Node finds the packages that are not bundled. */
export async function emitterProcess(): Promise<EmitterProcess> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'crash-'))
  const build = await rolldown({ input: here('emit-process.ts'), platform: 'node', external: /^(node:|zod|libsql)/ })
  await build.write({
    dir: join(folder, 'dist'),
    format: 'esm',
    entryFileNames: 'emit.mjs',
    chunkFileNames: '[name]-[hash].mjs',
  })
  await build.close()
  // Where contract.ts and version.ts look for them.
  cpSync(here('../../../src/contract/wire/'), join(folder, 'dist/wire'), { recursive: true })
  cpSync(here('../../../package.json'), join(folder, 'package.json'))
  return {
    start: (plan, crashAt) => start(join(folder, 'dist/emit.mjs'), plan, crashAt),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function start(script: string, plan: ProcessPlan, crashAt: string | undefined): Running {
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], {
    env: crashAt === undefined ? {} : { QUALIFIO_SIM_CRASH_AT: crashAt },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  let isReady = (): void => {}
  const ready = new Promise<void>((resolve) => (isReady = resolve))
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      if (text.stdout.startsWith('ready\n') || text.stdout.includes('\nready\n')) isReady()
    })
  const ended = new Promise<Ended>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`still running after ${LONGEST_MS} ms: ${text.stdout.slice(-300)} ${text.stderr}`))
    }, LONGEST_MS)
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer)
      isReady()
      const { stdout, stderr } = text
      const accepted = [...stdout.matchAll(/^accepted (\S+)$/gm)].map(([, id]) => id ?? '')
      resolve({ exitCode, signal, accepted, isDone: /^done$/m.test(stdout), stderr })
    })
  })
  return { ready, ended, kill: () => void child.kill('SIGKILL') }
}
