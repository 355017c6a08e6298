import { createHash } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { checked, type CheckedOptions } from './checked.ts'
import { NOW_MS } from './found.ts'

interface Recorder {
  readonly url: string
  /** A hash of what each connection brought, since it was last asked. */
  take(): readonly string[]
  close(): Promise<void>
}

/** Passes bytes on to a receiver, and keeps what each connection brought, to the last byte. */
async function recorder(targetPort: number): Promise<Recorder> {
  let connections: Buffer[][] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const came: Buffer[] = []
    connections.push(came)
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    for (const one of [socket, target]) sockets.add(one)
    socket.on('data', (bytes) => came.push(bytes))
    socket.pipe(target)
    target.pipe(socket)
    socket.on('error', () => target.destroy()).on('close', () => target.destroy())
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    take() {
      const taken = connections.map((came) => {
        const bytes = Buffer.concat(came)
        const [line] = bytes.toString('latin1').split('\r\n')
        return `${line} ${bytes.length} ${createHash('sha256').update(bytes).digest('hex')}`
      })
      connections = []
      return taken.toSorted()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

let receiver: Awaited<ReturnType<typeof nodeReceiver>>
let recording: Recorder
beforeAll(async () => {
  receiver = await nodeReceiver()
  recording = await recorder(Number(new URL(receiver.url).port))
})
afterAll(async () => {
  await recording.close()
  await receiver.close()
})

async function sentBy(options: CheckedOptions): Promise<readonly string[]> {
  const { run } = await checked(
    { url: recording.url, applied: receiver.applied },
    { nowMs: NOW_MS, oracle: 'none', ...options },
  )
  expect(run.end).toBeUndefined()
  return recording.take()
}

test('two runs with one seed send the same bytes; another seed sends others', async () => {
  const first = await sentBy({})
  expect(first.length).toBeGreaterThan(150)
  expect(await sentBy({})).toEqual(first)
  const other = await sentBy({ seed: 2, checks: CATALOG.filter(({ id }) => id.startsWith('contract/')) })
  const withEvents = other.filter((line) => Number(line.split(' ')[3]) > 500)
  expect(withEvents.length).toBeGreaterThan(10)
  expect(withEvents.filter((line) => first.includes(line))).toEqual([])
})

test('what a check sends does not depend on which others run, nor on their order', async () => {
  const checks = CATALOG.filter(({ number }) => /^(CON|AUT|DLV-0[13]|ROB-0|TRN-0[3459])/.test(number))
  const all = await sentBy({ checks })
  expect(await sentBy({ checks: checks.toReversed() })).toEqual(all)
  const preflight = await sentBy({ checks: [] })
  const alone = []
  for (const check of checks) {
    const sent = [...(await sentBy({ checks: [check] }))]
    for (const line of preflight) sent.splice(sent.indexOf(line), 1)
    alone.push(...sent)
  }
  expect([...preflight, ...alone].toSorted()).toEqual(all)
})

test('the first control with an event comes again at the end of the run, byte for byte', async () => {
  const repeated = (lines: readonly string[]) => lines.filter((line, index) => lines.indexOf(line) < index)
  const checks = CATALOG.filter(({ number }) => number === 'DLV-09')
  const [again, ...others] = repeated(await sentBy({ checks }))
  expect(others).toEqual([])
  // An event, and not the empty array of the zero-event test.
  expect(Number(again?.split(' ')[3])).toBeGreaterThan(500)
  expect(repeated(await sentBy({ checks: [] }))).toEqual([])
})
