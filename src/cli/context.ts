import { appendFileSync } from 'node:fs'
import process from 'node:process'
import { Chalk, supportsColor, supportsColorStderr, type ChalkInstance } from 'chalk'
import type { Clock } from '../ports.ts'
import { systemClock } from '../system-clock.ts'
import { attempt, fileBehind } from './file-behind.ts'

/** One of the two output streams: text, whether a person is looking, and colour. */
export interface Output {
  /** Writes text as it is. After the reader has gone (`| head`) it does nothing. */
  write(text: string): void
  readonly isTerminal: boolean
  /** The reader has gone: what is written now is lost. */
  readonly closed: boolean
  /** Columns of the terminal, 80 where there is none. */
  readonly columns: number
  /** For libraries that draw on a terminal. */
  readonly stream: NodeJS.WritableStream
  readonly paint: ChalkInstance
}

/** For text that no terminal shows. */
export const PLAIN_PAINT: ChalkInstance = new Chalk({ level: 0 })

/** Everything impure that a command may touch. The only wiring of the process. */
export interface Context {
  /** What the user typed after the program's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly clock: Clock
  readonly stdout: Output
  readonly stderr: Output
  /**
   * Calls `flush` before every text for standard error: what is said of a result comes after it, also where both go to
   * one log (`2>&1`). Not where a person sees standard error alone, which would cost every redraw a flush.
   */
  beforeStderr(flush: () => void): void
  readonly stdinIsTerminal: boolean
  /** Standard input, piece by piece. */
  stdin(): AsyncIterable<Uint8Array>
  /** Reads standard input no further, so that one which never ends does not keep the process alive. */
  dropStdin(): void
  /** The exit code of the process, once everything has been written. */
  setExitCode(code: number): void
  /** A random seed, 0 to 4294967295. */
  randomSeed(): number
  /** A text that nobody can guess. */
  randomId(): string
  /**
   * Runs `work` with a signal that the first SIGINT, SIGTERM or SIGHUP aborts; the next one ends the process, unless
   * `work` takes a second signal: then it aborts that, and a third one ends the process.
   */
  interruptible<T>(
    work: (signal: AbortSignal, again: AbortSignal) => Promise<T>,
  ): Promise<{ result: T; interruptedBy?: InterruptSignal }>
}

/** The signals that interrupt a run. */
export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

/** Exit codes after a signal: 128 and its number. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Record<
  InterruptSignal,
  number
>

/** The context of the running process. */
export function processContext(): Context {
  const env = { ...process.env }
  // Certificates are verified whatever it says, so Node's own warning that they are not would be untrue.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  const flushes: (() => void)[] = []
  const flush = (): void => flushes.forEach((each) => each())
  return {
    argv: process.argv.slice(2),
    env,
    cwd: process.cwd(),
    clock: systemClock,
    stdout: output(process.stdout, { detectedLevel: supportsColor ? supportsColor.level : 0, onLost: resultLost }),
    stderr: output(process.stderr, {
      detectedLevel: supportsColorStderr ? supportsColorStderr.level : 0,
      ...(process.stderr.isTTY ? {} : { before: flush }),
    }),
    beforeStderr: (flush) => void flushes.push(flush),
    // A getter: opening standard input costs start-up time, and most commands never read it.
    get stdinIsTerminal() {
      return process.stdin.isTTY
    },
    stdin: () => process.stdin as AsyncIterable<Uint8Array>,
    dropStdin: () => void process.stdin.destroy(),
    setExitCode: (code) => {
      process.exitCode = code
      // A result that could not be written down is no result, whatever it says.
      process.once('exit', () => (process.exitCode = outputFailed ? 2 : code))
    },
    // A seed is no secret, and the first random bytes of node:crypto cost five milliseconds.
    randomSeed: () => Math.floor(Math.random() * 2 ** 32),
    // Web Crypto's global is loaded when it is first used.
    randomId: () => crypto.randomUUID() + crypto.randomUUID(),
    interruptible,
  }
}

/** Whether a result was lost on its way out. */
let outputFailed = false

function resultLost(code: string | undefined): void {
  outputFailed = true
  process.stderr.write(`qualifio-sim: standard output cannot be written (${code}); is the disk full?\n`)
}

/**
 * @param how `before` is called before every text; `onLost` once, when something cannot be written: what standard error
 *   loses, nobody can be told
 */
function output(
  stream: NodeJS.WriteStream,
  how: {
    readonly detectedLevel: 0 | 1 | 2 | 3
    readonly before?: () => void
    readonly onLost?: (code: string | undefined) => void
  },
): Output {
  const { detectedLevel, before, onLost } = how
  let open = true
  const failed = ({ code }: NodeJS.ErrnoException): void => {
    if (open && code !== 'EPIPE') onLost?.(code)
    open = false
  }
  stream.on('error', failed)
  const file = fileBehind(stream)
  return {
    write(text) {
      before?.()
      if (!open) return
      if (file === undefined) stream.write(text)
      else attempt(() => appendFileSync(file, text), failed)
    },
    stream,
    get closed() {
      return !open
    },
    isTerminal: stream.isTTY && process.env.TERM !== 'dumb',
    get columns() {
      return stream.columns ?? 80
    },
    paint: new Chalk({ level: colourLevel(stream.isTTY, detectedLevel) }),
  }
}

/** FORCE_COLOR first, then NO_COLOR (no-color.org: set and not empty), then a terminal that is not dumb and no CI. */
function colourLevel(isTerminal: boolean, detectedLevel: 0 | 1 | 2 | 3): 0 | 1 | 2 | 3 {
  const { FORCE_COLOR, NO_COLOR, TERM, CI } = process.env
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR === '0' || FORCE_COLOR === 'false' ? 0 : 1
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 0
  if (!isTerminal || TERM === 'dumb' || (CI !== undefined && CI !== '')) return 0
  return detectedLevel
}

async function interruptible<T>(
  work: (signal: AbortSignal, again: AbortSignal) => Promise<T>,
): Promise<{ result: T; interruptedBy?: InterruptSignal }> {
  const controllers = [new AbortController(), new AbortController()] as const
  const [first, second] = controllers
  const waiting: AbortController[] = work.length > 1 ? [...controllers] : [first]
  let interruptedBy: InterruptSignal | undefined
  const onSignal = (name: InterruptSignal): void => {
    const next = waiting.shift()
    // The partial report was asked for; whoever asks again wants out.
    if (next === undefined) process.exit(SIGNAL_EXIT_CODES[name])
    interruptedBy ??= name
    next.abort()
  }
  const names = Object.keys(SIGNAL_EXIT_CODES) as InterruptSignal[]
  for (const name of names) process.on(name, onSignal)
  try {
    const result = await work(first.signal, second.signal)
    return interruptedBy === undefined ? { result } : { result, interruptedBy }
  } finally {
    for (const name of names) process.off(name, onSignal)
  }
}
