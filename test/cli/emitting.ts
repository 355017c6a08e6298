import { startCli, type CliOptions, type StartedCli } from '../support/run-cli.ts'

/** An emitter at work. */
export interface Emitting extends StartedCli {
  /** The console's address, with what the start line adds. */
  readonly console: URL
  /** Asks its API. */
  api<T>(method: string, path: string, body?: object): Promise<T>
  /** Asks it to stop and waits until it has. */
  stop(signal?: NodeJS.Signals): StartedCli['result']
}

/** Starts `emit` on a free port and waits until it says where its console is. */
export async function emit(args: readonly string[] = [], options: CliOptions = {}): Promise<Emitting> {
  const cli = startCli(['emit', '--port', '0', ...args], options)
  const [, address = ''] = await cli.waitFor(/console {2}(\S+)\n[^]*\nwebhooks? /)
  const url = new URL(address)
  const token = /^#token=(.+)$/.exec(url.hash)?.[1]
  return {
    ...cli,
    console: url,
    async api<T>(method: string, path: string, body?: object): Promise<T> {
      const response = await fetch(new URL(`/api${path}`, url), {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${decodeURIComponent(token)}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    stop(signal = 'SIGTERM') {
      cli.kill(signal)
      return cli.result
    },
  }
}
