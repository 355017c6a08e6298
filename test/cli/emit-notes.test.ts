import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emit } from './emitting.ts'
import { folderOf, startEndpoints, type Endpoints } from './endpoints.ts'

/* What is said beside the deliveries: who lives there, what is noted, what is left at the end. */

let endpoints: Endpoints
beforeAll(async () => {
  endpoints = await startEndpoints()
})
afterAll(() => endpoints.close())

const QUIET = ['--pace', '0', '--memory'] as const

test.concurrent('what is left in memory when it stops is gone, and said to be', async () => {
  const endpoint = endpoints.open(() => 503)
  const emitting = await emit(['--to', endpoint.url, ...QUIET])
  await emitting.api('POST', '/events', { type: 'member-portal-visit' })
  await emitting.api('POST', '/events', { type: 'member-portal-visit' })
  await emitting.waitFor(/#1 [^]*#2 /)
  expect((await emitting.stop()).stderr).toMatch(/\nstopped; 2 deliveries are gone with it\n$/)
})

test.concurrent('programs without members are not named, and one event is one', async () => {
  const cwd = folderOf({ 'people.csv': 'externalId,firstName,lastName\ne-1,Emma,Peeters\n' })
  const emitting = await emit(['--members-from', 'people.csv', '--pace', '1/s', '--memory'], { cwd })
  expect(emitting.stderr()).toMatch(/^members {2}1 in Boréal Club, seed \d+, kept in memory only\npace {5}1 event\/s;/m)
  await emitting.stop()
})

test.concurrent.each<[where: string, files: Record<string, string>, env: Record<string, string>]>([
  ['the environment', {}, { QUALIFIO_SIM_SECRET: 'hidden' }],
  ['.env', { '.env': 'QUALIFIO_SIM_BEARER=hidden\n' }, {}],
  ['the file', { 'qualifio-sim.json': '{ "header": "x-auth: hidden" }' }, {}],
])('credentials of %s without --to are noted: send may need them', async (_, files, env) => {
  const emitting = await emit([...QUIET], { cwd: folderOf(files), env })
  const { exitCode, stderr } = await emitting.stop()
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/^note: the credentials are for --to, which is not given; webhooks have their own\n/)
  expect(stderr).not.toContain('hidden')
})

test.concurrent(
  'a webhook of the console that the file takes over is noted, with what it loses and no value of it',
  async () => {
    const { url } = endpoints.open()
    const cwd = folderOf({})
    const first = await emit(['--pace', '0'], { cwd })
    const header = { name: 'x-auth', value: 'hidden' }
    await first.api('POST', '/webhooks', {
      name: 'shop',
      url: 'http://localhost:2/?key=hidden',
      secret: 'hidden',
      header,
    })
    await first.stop()
    writeFileSync(join(cwd, 'qualifio-sim.json'), JSON.stringify({ emit: { webhooks: [{ name: 'shop', url }] } }))
    const second = await (await emit([], { cwd })).stop()
    expect(second.stderr.match(/^note: .*$/gm)).toEqual([
      'note: "shop", made in the console or over HTTP, is set by qualifio-sim.json from now on; replaced: url; taken away: header, secret',
    ])
    expect(second.stderr).not.toContain('hidden')
    expect((await (await emit([], { cwd })).stop()).stderr).not.toContain('note:')
  },
)

test.concurrent('a pace for a state that was paused is noted, and a speed below 1 waits longer', async () => {
  const cwd = folderOf({})
  const first = await emit(['--pace', '0'], { cwd })
  await first.api('PATCH', '/program', { paused: true })
  await first.stop()
  const { stderr } = await (await emit(['--pace', '5/s', '--speed', '0.5'], { cwd })).stop()
  expect(stderr).toMatch(
    /^note: --pace counts once the program goes on: this state was paused; resume it in the console/,
  )
  expect(stderr).toContain('\npace     paused; retries wait 2 times longer; Ctrl-C ends\n')
})

test.concurrent('who listens to other machines is told under which names', async () => {
  const open = ['--host', '0.0.0.0', '--token', 'change-me-please', ...QUIET]
  const said = async (...more: readonly string[]) => {
    const emitting = await emit([...open, ...more])
    const { stderr } = await emitting.stop()
    return stderr.replaceAll(emitting.console.port, 'PORT')
  }
  const names = 'note: it answers requests for localhost:PORT, 127.0.0.1:PORT, [::1]:PORT'
  expect(await said()).toContain(
    `${names} only; pass --public-host NAME for the name or address that other machines use\n`,
  )
  expect(await said('--public-host', 'desk')).toContain(`${names}, desk, desk:PORT only\n`)
})

test.concurrent('a ping under way when it is asked to stop is answered with 503', async () => {
  const endpoint = endpoints.open(() => 'hang')
  const emitting = await emit(['--to', endpoint.url, ...QUIET])
  const [webhook] = (await emitting.api<{ items: { id: string }[] }>('GET', '/webhooks')).items
  const ping = emitting.api('POST', `/webhooks/${webhook?.id}/ping`)
  ping.catch(() => undefined)
  await endpoint.came(1)
  await emitting.stop()
  await expect(ping).rejects.toThrow(/^503 .*"code":"stopping"/)
})

test.concurrent('a webhook that nobody sets any more is noted, once', async () => {
  const endpoint = endpoints.open()
  const file = { emit: { pace: 0, webhooks: [{ name: 'crm', url: endpoint.url }] } }
  const cwd = folderOf({ 'qualifio-sim.json': JSON.stringify(file) })
  const said = async (...args: readonly string[]) => await (await emit(args, { cwd })).stop()
  expect((await said('--to', endpoint.url)).stderr).not.toContain('note:')
  writeFileSync(join(cwd, 'qualifio-sim.json'), '{}')
  expect((await said()).stderr.match(/^note: .*$/gm)).toEqual([
    'note: "crm" is no longer in qualifio-sim.json; it stays as it was, change or delete it in the console',
    'note: "command line" is no longer set by --to; it rests, activate or delete it in the console',
  ])
  expect((await said()).stderr).not.toContain('note:')
})
