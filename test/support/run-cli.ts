import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The launcher of the built command line. */
export const BIN = fileURLToPath(new URL('../../bin/qualifio-sim.js', import.meta.url))
const BUILT = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url))

/** How to start the command line. */
export interface CliOptions {
  /** What standard input holds, by default nothing; `{ open: true }` leaves it open for `StartedCli.child.stdin`. */
  readonly stdin?: string | Uint8Array | { readonly open: true }
  /** Added to an environment that holds nothing but PATH and an empty HOME; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The working directory, by default an empty folder. */
  readonly cwd?: string
  /** After this the process is killed and the result is an error. 15 s by default. */
  readonly timeoutMs?: number
  /** Another Node, such as the one in QUALIFIO_SIM_TEST_NODE24. */
  readonly node?: string
  /** Arguments for Node itself. */
  readonly nodeArgs?: readonly string[]
  /** Sends the signal as soon as the text stands in the output (either stream). */
  readonly signalAfter?: { readonly text: string | RegExp; readonly signal: NodeJS.Signals }
}

/** How it ended. */
export interface CliResult {
  /** The exit code, or null when a signal ended the process. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly stdoutBytes: Buffer
}

/** A command line at work. */
export interface StartedCli {
  readonly child: ChildProcess
  /** What came so far. */
  stdout(): string
  stderr(): string
  /** Resolves with the match as soon as `text` stands in the output (either stream); rejects when it ends before that. */
  waitFor(text: string | RegExp): Promise<RegExpExecArray>
  kill(signal?: NodeJS.Signals): void
  readonly result: Promise<CliResult>
}

const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

let emptyFolder: string | undefined

/** A folder with nothing in it (no configuration, no .env), the same for the whole test process. */
function empty(): string {
  if (emptyFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-test-'))
    emptyFolder = folder
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  }
  return emptyFolder
}

/** Runs the built command line to its end. Rejects only when it takes longer than `timeoutMs`. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).result
}

/** Starts the built command line, for tests that read along or send signals. Await its `result`. */
export function startCli(args: readonly string[], options: CliOptions = {}): StartedCli {
  if (!existsSync(BUILT)) throw new Error('dist/ is missing: run `npm run build` first')
  const { stdin = '', timeoutMs = 15_000, signalAfter } = options
  const child = spawn(options.node ?? process.execPath, [...(options.nodeArgs ?? []), BIN, ...args], {
    cwd: options.cwd ?? empty(),
    env: { PATH: process.env['PATH'], HOME: empty(), ...options.env },
    stdio: 'pipe',
  })
  children.add(child)
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  const watchers = new Set<() => void>()
  const text = (name: 'stdout' | 'stderr'): string => Buffer.concat(chunks[name]).toString()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => {
      chunks[name].push(chunk)
      for (const watch of watchers) watch()
    })
  }
  // A program that ends without reading its input is no error of the test.
  child.stdin.on('error', () => undefined)
  if (typeof stdin === 'string' || stdin instanceof Uint8Array) child.stdin.end(stdin)

  const result = new Promise<CliResult>((resolve, reject) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer)
      children.delete(child)
      for (const watch of watchers) watch()
      if (late)
        reject(
          new Error(
            `still running after ${timeoutMs} ms\n--- stdout\n${text('stdout')}\n--- stderr\n${text('stderr')}`,
          ),
        )
      else {
        const stdoutBytes = Buffer.concat(chunks.stdout)
        resolve({ exitCode, signal, stdout: stdoutBytes.toString(), stderr: text('stderr'), stdoutBytes })
      }
    })
  })
  const waitFor = (wanted: string | RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = find(wanted, text('stdout')) ?? find(wanted, text('stderr'))
        if (match === null && children.has(child)) return
        watchers.delete(look)
        if (match !== null) resolve(match)
        else
          reject(
            new Error(`ended without ${String(wanted)}\n--- stdout\n${text('stdout')}\n--- stderr\n${text('stderr')}`),
          )
      }
      watchers.add(look)
      look()
    })
  if (signalAfter !== undefined) {
    // When the text never comes, the test sees it in the result.
    void waitFor(signalAfter.text).then(
      () => child.kill(signalAfter.signal),
      () => undefined,
    )
  }
  return {
    child,
    stdout: () => text('stdout'),
    stderr: () => text('stderr'),
    waitFor,
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    result,
  }
}

function find(wanted: string | RegExp, text: string): RegExpExecArray | null {
  const pattern = typeof wanted === 'string' ? new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')) : wanted
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(text)
}
