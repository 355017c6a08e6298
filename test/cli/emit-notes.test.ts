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
