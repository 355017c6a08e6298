import type * as dns from 'node:dns'
import { afterEach, expect, test, vi } from 'vitest'
import { buildRequest } from '../../src/delivery/request.ts'
import { createTransport } from '../../src/delivery/transport.ts'
import { answerOf, hostileServer } from '../support/hostile-server.ts'
import { systemClock } from '../support/system-clock.ts'

/** What the name resolves to, instead of asking a resolver. */
const resolved = vi.hoisted(() => ({ addresses: [] as { address: string; family: number }[] }))

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof dns>()),
  lookup: (_: string, __: unknown, callback: (error: null, addresses: unknown) => void) =>
    setImmediate(() => callback(null, resolved.addresses)),
}))

afterEach(() => {
  resolved.addresses = []
})

async function sendTo(port: number, deadlineMs: number) {
  const url = new URL(`http://receiver.example:${port}/`)
  const transport = createTransport({ url, connections: 1, timeoutMs: 2000, clock: systemClock })
  const result = await transport.send(buildRequest({ url, userAgent: 'x' }, '[]'))
  const acceptance = await transport.waitUntilAccepting(deadlineMs)
  await transport.close()
  return { result, acceptance }
}

test.each([
  [[{ address: '169.254.169.254', family: 4 }], '169.254.169.254'],
  [[{ address: 'fe80::1', family: 6 }], 'fe80::1'],
  [
    [
      { address: '::ffff:169.254.1.1', family: 6 },
      { address: '169.254.1.1', family: 4 },
    ],
    '::ffff:169.254.1.1, 169.254.1.1',
  ],
])(
  'a name that resolves to nothing else is refused, and what it resolved to is shown: %j',
  async (addresses, shown) => {
    resolved.addresses = addresses
    const failed = {
      kind: 'failed',
      code: 'unreachable',
      reason: `refused: link-local/metadata address: receiver.example resolves to ${shown}`,
    }
    const { result, acceptance } = await sendTo(80, 50)
    expect(result).toEqual(failed)
    expect(acceptance).toEqual(expect.objectContaining({ accepting: false, last: failed }))
  },
)

test('such an address among others is passed over', async () => {
  const receiver = await hostileServer((socket) => socket.write(answerOf(200)))
  resolved.addresses = [
    { address: '169.254.169.254', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ]
  const { result, acceptance } = await sendTo(receiver.port, 5000)
  await receiver.close()
  expect(result).toEqual(expect.objectContaining({ status: 200 }))
  expect(acceptance.accepting).toBe(true)
})
