import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncomingMessage } from 'node:http'
import { checkHost } from '../../../src/emitter/api/gate.ts'
import { knownHosts } from '../../../src/emitter/api/hosts.ts'
import { UsageError } from '../../../src/errors.ts'
import { HOOK, HOOKS, JSON_TYPE, expectRefused, post } from './refused.ts'
import type { Refused } from './refused.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'

let running: RunningApi
beforeAll(async () => {
  running = await runningApi({ publicHosts: ['sim.example.com', 'outside:8080'] })
})
afterAll(() => running.api.close())

const REFUSED: readonly Refused[] = [
  [
    'a host of somebody else',
    '/api/program',
    { headers: { Host: 'evil.example' } },
    421,
    'misdirected',
    '--public-host evil.example.',
  ],
  [
    'a host on another port',
    '/',
    { headers: { Host: 'localhost:1' } },
    421,
    'misdirected',
    '--public-host localhost:1.',
  ],
  ['a host without its port', '/', { headers: { Host: 'localhost' } }, 421, 'misdirected', 'not known here'],
  ['a host with a command in it', '/', { headers: { Host: 'a;rm -rf' } }, 421, 'misdirected', '--public-host NAME.'],
  ['a public host on another port', '/', { headers: { Host: 'sim.example.com:1' } }, 421, 'misdirected', 'not known'],
  [
    'an origin of somebody else',
    HOOKS,
    { headers: { Origin: 'https://evil.example' } },
    403,
    'forbidden',
    'evil.example',
  ],
  [
    'an origin on another port',
    '/api/stream',
    { headers: { Origin: 'http://localhost:3000' } },
    403,
    'forbidden',
    'own console',
  ],
  [
    'a page without an origin',
    HOOKS,
    { ...post('{}'), headers: { ...JSON_TYPE, Origin: 'null' } },
    403,
    'forbidden',
    'null',
  ],
  [
    'a page of another site',
    `${HOOK}/ping`,
    { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' } },
    403,
    'forbidden',
    'another site',
  ],
  [
    'a page of another port',
    `${HOOK}/ping`,
    { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-site' } },
    403,
    'forbidden',
    'another site',
  ],
  [
    'a script tag of another site',
    HOOKS,
    { headers: { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' } },
    403,
    'forbidden',
    'another site',
  ],
]

test.each(REFUSED)('%s is refused', (...row) => expectRefused(running, row))

test.each([
  ['192.168.1.5', 'To use it, start emit with --public-host desk:4600.'],
  ['::ffff:127.0.0.1', 'Use localhost, or start emit with --public-host desk:4600.'],
])('a machine at %s that uses another name is told: %s', (remoteAddress, next) => {
  const headers = { host: 'desk:4600' }
  const request = { headers, rawHeaders: ['Host', headers.host], socket: { remoteAddress } } as IncomingMessage
  const hosts = knownHosts({ host: '0.0.0.0', port: 4600, publicHosts: [] })
  expect(() => checkHost(request, hosts)).toThrow(`"desk:4600" is a name that is not known here. ${next}`)
})

describe('names that are known', () => {
  test.each([
    ['localhost', (port: number) => `localhost:${port}`],
    ['an IPv4 loopback', (port: number) => `127.0.0.1:${port}`],
    ['an IPv6 loopback', (port: number) => `[::1]:${port}`],
    ['any case', (port: number) => `LocalHost:${port}`],
    ['a public host behind a proxy', () => 'sim.example.com'],
    ['a public host on our port', (port: number) => `sim.example.com:${port}`],
    ['a public host with a port of its own', () => 'outside:8080'],
  ])('%s', async (_, hostOf) => {
    const host = hostOf(running.api.port)
    const headers = { Host: host, 'Sec-Fetch-Site': 'same-origin' }
    for (const origin of [`http://${host}`, `https://${host}`])
      expect(
        (await running.ask(`${HOOK}/ping`, { method: 'POST', headers: { ...headers, Origin: origin } })).status,
      ).toBe(200)
  })

  test('a link from another site may be followed', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    expect((await running.ask('/', { headers })).status).toBe(200)
    expect((await running.ask('/api/openapi.json', { headers })).status).toBe(200)
  })

  test('a public host that is none is a mistake at the start', async () => {
    await expect(runningApi({ publicHosts: ['https://sim.example.com/'] })).rejects.toThrow(UsageError)
  })
})
