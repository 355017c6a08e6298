import { afterEach, describe, expect, test } from 'vitest'
import { ROUTES } from '../../../src/emitter/api/table.ts'
import { runningApi } from './running-api.ts'
import type { RunningApi } from './running-api.ts'

const TOKEN = 'correct-horse'
let running: RunningApi
afterEach(() => running.api.close())

const start = async () => void (running = await runningApi({ token: TOKEN }))
const login = (token: string, headers: Record<string, string> = {}) =>
  running.ask('/api/login', {
    method: 'POST',
    json: { token },
    headers: { 'Content-Type': 'application/json', ...headers },
  })
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

async function cookie(): Promise<string> {
  const { headers } = await login(TOKEN)
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

test('without the token nothing is shown or changed but what is public', async () => {
  await start()
  for (const { method, path, isPublic } of ROUTES) {
    if (isPublic === true) continue
    const answered = await running.ask(path.replace('{id}', '1'), { method })
    expect([path, answered.status, answered.headers['www-authenticate']]).toEqual([
      path,
      401,
      'Bearer realm="qualifio-sim"',
    ])
  }
  expect((await running.ask('/api/no-such-thing')).status).toBe(401)
  expect((await running.ask('/api/health', { method: 'DELETE' })).status).toBe(401)
  expect(running.calls).toEqual([])
  expect((await running.ask('/')).status).toBe(200)
})

test('health tells without the token only that it runs', async () => {
  await start()
  expect((await running.ask('/api/health')).json()).toEqual({ status: 'ok' })
  expect((await running.ask('/api/health', bearer(TOKEN))).json()).toMatchObject({ unfinished: 1 })
})

test('the token as Bearer opens everything', async () => {
  await start()
  expect((await running.ask('/api/program', bearer(TOKEN))).status).toBe(200)
  expect((await running.ask('/api/program', { headers: { Authorization: `bearer  ${TOKEN}` } })).status).toBe(200)
  expect((await running.ask('/api/program', { headers: { Authorization: `Basic ${TOKEN}` } })).status).toBe(401)
})

describe('a session', () => {
  test('begins with the token, and stands for it until it is ended', async () => {
    await start()
    const { status, headers } = await login(TOKEN)
    expect(status).toBe(204)
    expect(headers['set-cookie']).toEqual([
      `qualifio_sim_${running.api.port}=session-1; HttpOnly; SameSite=Strict; Path=/`,
    ])
    const Cookie = `other=1; qualifio_sim_${running.api.port}=session-1`
    expect((await running.ask('/api/program', { headers: { Cookie } })).status).toBe(200)
    const ended = await running.ask('/api/logout', { method: 'POST', headers: { Cookie } })
    expect(ended.headers['set-cookie']?.[0]).toContain('Max-Age=0')
    expect((await running.ask('/api/program', { headers: { Cookie } })).status).toBe(401)
  })

  test('of somebody else is none', async () => {
    await start()
    await cookie()
    const Cookie = `qualifio_sim_${running.api.port}=session-2`
    expect((await running.ask('/api/program', { headers: { Cookie } })).status).toBe(401)
  })

  test('is kept from plain HTTP where the page came over TLS', async () => {
    running = await runningApi({ token: TOKEN, publicHosts: ['sim.example.com'] })
    const { headers } = await login(TOKEN, { Origin: 'https://sim.example.com', Host: 'sim.example.com' })
    expect(headers['set-cookie']?.[0]).toMatch(/; Secure$/)
  })

  test('ends when a hundred others began after it', async () => {
    await start()
    const first = await cookie()
    for (let count = 1; count < 100; count += 1) await cookie()
    expect((await running.ask('/api/program', { headers: { Cookie: first } })).status).toBe(200)
    await cookie()
    expect((await running.ask('/api/program', { headers: { Cookie: first } })).status).toBe(401)
  })
})

describe('a wrong token', () => {
  test('is answered a moment later, and sets no cookie', async () => {
    await start()
    const { status, headers, text } = await login('wrong')
    expect([status, headers['set-cookie'], running.clock.sleeps]).toEqual([401, undefined, [250]])
    expect(text).not.toContain(TOKEN)
    expect((await running.ask('/api/health', bearer('wrong'))).status).toBe(401)
  })

  test('can be tried ten times a minute, over both ways, and then not even the right one is looked at', async () => {
    await start()
    for (let count = 0; count < 5; count += 1) {
      expect((await login(`wrong ${count}`)).status).toBe(401)
      expect((await running.ask('/api/program', bearer(`wrong-${count}`))).status).toBe(401)
    }
    const limited = await login(TOKEN)
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '58'])
    expect((await running.ask('/api/program', bearer(TOKEN))).status).toBe(429)
    running.clock.advance(58_000)
    expect((await login(TOKEN)).status).toBe(204)
  })

  test('that a script repeats counts once', async () => {
    await start()
    for (let count = 0; count < 20; count += 1)
      expect((await running.ask('/api/program', bearer('old'))).status).toBe(401)
    expect((await running.ask('/api/program', bearer(TOKEN))).status).toBe(200)
  })

  test('does not end the sessions of others', async () => {
    await start()
    const Cookie = await cookie()
    for (let count = 0; count < 12; count += 1) await login(`wrong ${count}`)
    expect((await running.ask('/api/program', { headers: { Cookie } })).status).toBe(200)
  })
})
