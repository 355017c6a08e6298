import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A program with a folder of its own, which goes with it. */
export interface RunningProgram {
  readonly port: number
  readonly folder: string
  close(): Promise<void>
}

/** How to start a program, once its port and folder are known. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const STARTS = 3

/** Starts a program that listens on a loopback port, which it cannot choose itself; returns once it accepts. */
export async function startProgram(plan: (port: number, folder: string) => Command): Promise<RunningProgram> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(plan)
    } catch (error) {
      // Somebody may have taken the port in between.
      if (start === STARTS) throw error
    }
  }
}

async function startOnce(plan: (port: number, folder: string) => Command): Promise<RunningProgram> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-receiver-'))
  const { command, args, env } = plan(port, folder)
  // A process group of its own: workers must end with the one that forked them.
  const child = spawn(command, args, { detached: true, stdio: 'ignore', env: { PATH: process.env['PATH'], ...env } })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let hasEnded = false
  void ended.then(() => (hasEnded = true))

  function kill(): void {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  process.once('exit', kill)

  async function close(): Promise<void> {
    process.off('exit', kill)
    kill()
    await ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }

  for (let tries = 0; !(await accepts(port)); tries++) {
    if (tries > 500 || hasEnded) {
      await close()
      throw new Error(`${command} does not accept connections`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { port, folder, close }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
