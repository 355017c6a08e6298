import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, test } from 'vitest'
import { addCommand, type Invocation } from '../../src/cli/command.ts'
import { emitCommand } from '../../src/cli/commands/emit.ts'
import type { Context } from '../../src/cli/context.ts'
import { invoke } from '../../src/cli/invoke.ts'
import { UsageError } from '../../src/errors.ts'
import { runCli } from '../support/run-cli.ts'
import { systemClock } from '../support/system-clock.ts'
import { emit } from './emitting.ts'

/*
 * What a user gets wrong: one clear error with its place, exit code 2, nothing on standard output, nothing sent, and no
 * state where there was none.
 */

const root = mkdtempSync(join(tmpdir(), 'qualifio-sim-emit-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
function folder(files: Readonly<Record<string, string>> = {}): string {
  const cwd = join(root, String((count += 1)))
  mkdirSync(cwd)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), content)
  }
  return cwd
}

/** What the command says, called as the command line calls it, in this process: a hundred starts would take a minute. */
async function refused(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const cwd = folder(files)
  const context = {
    cwd,
    env: {},
    clock: systemClock,
    stdout: { write: () => expect.unreachable('something was written') },
    stderr: { write: () => {} },
    randomSeed: () => 1,
    interruptible: () => expect.unreachable('it was started'),
  } as unknown as Context
  let invocation: Invocation | undefined
  const program = addCommand(new Command(), emitCommand, (asked) => (invocation = asked)).exitOverride()
  program.parse(['--port', '0', ...args], { from: 'user' })
  const failed = await invoke(context, invocation as unknown as Invocation).then(
    () => expect.unreachable('it was taken'),
    (error: unknown) => error,
  )
  if (!(failed instanceof UsageError)) throw failed
  expect(failed.message).not.toContain('hunter2')
  expect(existsSync(join(cwd, '.qualifio-sim'))).toBe(false)
  return failed.message
}

const HOOK = `"name": "shop", "url": "http://localhost:3000/"`
/** A configuration file; the webhook's first key stands at 5:9, its third at 7:9. */
const file = (...lines: readonly string[]): string =>
  `{\n  "emit": {\n    "webhooks": [\n      {\n${lines.map((line) => `        ${line}`).join(',\n')}\n      }\n    ]\n  }\n}\n`
const shop = (...more: readonly string[]) => file('"name": "shop"', '"url": "http://localhost:3000/"', ...more)

describe('the webhooks of the configuration file', () => {
  const rows: readonly [what: string, text: string, error: string | RegExp][] = [
    ['an unknown key', shop('"ulr": "x"'), 'qualifio-sim.json:7:9 "ulr": unknown key; did you mean "url"?'],
    [
      'an unknown key within the scope',
      shop('"scope": { "event": ["earning"] }'),
      'qualifio-sim.json:7:20 "event": unknown key; did you mean "events"?',
    ],
    [
      'a key that is like no other',
      shop('"__proto__": {}'),
      'qualifio-sim.json:7:9 "__proto__": unknown key; known are name, url, header, secret, rotation, scope, active.',
    ],
    ['a key twice', shop('"name": "x"'), 'qualifio-sim.json:7:9: the key "name" stands twice in this object.'],
    ['no name', file('"url": "http://localhost:3000/"'), 'qualifio-sim.json:4:7 name is missing; give a text.'],
    ['a wrong type', shop('"active": "yes"'), 'qualifio-sim.json:7:19 active must be true or false.'],
    [
      'a wrong type deeper',
      shop('"scope": { "events": "earning" }'),
      'qualifio-sim.json:7:30 scope.events must be a list.',
    ],
    [
      'another rotation',
      shop('"rotation": "slow"'),
      'qualifio-sim.json:7:21 rotation must be one of overlap, immediate.',
    ],
    ['an empty secret', shop('"secret": ""'), 'qualifio-sim.json:7:19 secret must be a text that is not empty.'],
    [
      'a variable that is not set',
      shop('"secret": "${SHOP_SECRET}"'),
      'qualifio-sim.json:7:19 secret: the environment variable SHOP_SECRET is not set.',
    ],
    [
      'a variable in a list',
      shop('"scope": { "events": ["earning", "${TYPE}"] }'),
      'qualifio-sim.json:7:42 events[1]: the environment variable TYPE is not set.',
    ],
    [
      'an unknown event',
      shop('"scope": { "events": ["earning", "burnin"] }'),
      /^qualifio-sim\.json:7:42 scope\.events\[1\]: unknown event "burnin"; did you mean burning\?/,
    ],
    [
      'an unknown program',
      shop('"scope": { "programs": ["boreal-clib"] }'),
      'qualifio-sim.json:7:33 scope.programs[0]: unknown program "boreal-clib"; did you mean boreal-club? There are: boreal-club, maree-rewards.',
    ],
    [
      'an empty list',
      shop('"scope": { "events": [] }'),
      'qualifio-sim.json:7:30 scope.events is empty, so nothing would ever go there; leave it out for all of them.',
    ],
    [
      'no URL at all',
      file('"name": "shop"', '"url": "localhost:3000/hook"'),
      'qualifio-sim.json:6:16 url: not an absolute URL; did you mean http://localhost:3000/hook?',
    ],
    [
      'a password in the URL',
      file('"name": "shop"', '"url": "http://me:hunter2@localhost/"'),
      'qualifio-sim.json:6:16 url http://…@localhost/: credentials in the URL are not sent; use the header Authorization.',
    ],
    [
      'a header that is reserved',
      shop('"header": { "name": "Host", "value": "hunter2" }'),
      'qualifio-sim.json:7:19 header "Host" is set by qualifio-sim; leave it out.',
    ],
    [
      'a header that cannot be sent',
      shop('"header": { "name": "x-a", "value": "hunter2\\r\\nx-b: c" }'),
      /^qualifio-sim\.json:7:19 header "x-a" has a control character/,
    ],
    [
      'a name twice',
      `{ "emit": { "webhooks": [{ ${HOOK} }, { ${HOOK} }] } }`,
      /^qualifio-sim\.json:1:\d+: "shop" stands at qualifio-sim\.json:1:26 too; each webhook has its own name\.$/,
    ],
    [
      'no list',
      `{ "emit": { "webhooks": { ${HOOK} } } }`,
      'qualifio-sim.json:1:25 "webhooks": expected a list of webhooks.',
    ],
    ['no object', '{ "emit": { "webhooks": ["x"] } }', 'qualifio-sim.json:1:26 webhooks[0] must be an object.'],
    [
      'a key that is nearly the list',
      '{ "emit": { "webhook": [] } }',
      'qualifio-sim.json:1:13 "webhook": unknown key; did you mean "webhooks"?',
    ],
    [
      'the list at the top',
      '{ "webhooks": [] }',
      'qualifio-sim.json:1:3 "webhooks" belongs in a section: { "emit": { "webhooks": … } }.',
    ],
    ['no JSON', '{ "emit": ', /^qualifio-sim\.json:1:\d+: /],
    [
      'the name of the embedded receiver',
      '{ "to": "embedded", "memory": true, "emit": { "webhooks": [{ "name": "embedded receiver", "url": "http://localhost:2/" }] } }',
      /^--to makes a webhook "embedded receiver", and qualifio-sim\.json has one of that name/,
    ],
    [
      'the name of the webhook of --to',
      '{ "to": "http://localhost:1/", "memory": true, "emit": { "webhooks": [{ "name": "command line", "url": "http://localhost:2/" }] } }',
      /^--to makes a webhook "command line", and qualifio-sim\.json has one of that name/,
    ],
  ]
  test.each(rows)('%s', async (_, text, error) => {
    const said = await refused([], { 'qualifio-sim.json': text })
    if (typeof error === 'string') expect(said.replace(/[^.?!)]$/, '$&.')).toBe(error)
    else expect(said).toMatch(error)
  })

  test.concurrent('the console’s own port', async () => {
    const text = file('"name": "shop"', '"url": "http://localhost:4711/"')
    const { stderr, exitCode } = await runCli(['emit', '--port', '4711'], {
      cwd: folder({ 'qualifio-sim.json': text }),
    })
    const why = "url: target is this process's own port (4711); use the port of your receiver."
    expect([exitCode, stderr]).toEqual([2, `qualifio-sim: qualifio-sim.json:6:16 ${why}\n`])
  })
})

describe('the options', () => {
  const rows: readonly [args: readonly string[], error: RegExp][] = [
    [['--host', '0.0.0.0'], /^--host 0\.0\.0\.0: others could use the console, so it needs --token TEXT/],
    [['--host', '0.0.0.0', '--token', 'short'], /^--token: the token must have 8 to 512 characters\.$/],
    [['--host', '0.0.0.0', '--token', ''], /^--token is empty; is a variable unset\?$/],
    [['--token', 'with a space'], /^--token: the token has white space/],
    [['--host', ''], /^--host is empty/],
    [['--secret', 'hunter2'], /^credentials without an endpoint: pass --to as well/],
    [['-H', 'x-auth: hunter2'], /^credentials without an endpoint/],
    [['--basic', 'me:hunter2'], /^credentials without an endpoint/],
    [
      ['--to', 'http://127.0.0.1:9/', '-H', 'x-a: 1', '-H', 'x-b: 2'],
      /^--header: a webhook has one authorization header and no others/,
    ],
    [
      ['--to', 'http://127.0.0.1:9/', '-H', 'User-Agent: x'],
      /^--header: a webhook has one authorization header and no others/,
    ],
    [
      ['--to', 'http://127.0.0.1:9/', '-H', 'x-a: 1', '--basic', 'me:hunter2'],
      /^--header: a webhook has one authorization header/,
    ],
    [['--to', 'http://127.0.0.1:9/', '--secret', ''], /^the secret is empty \(--secret\)/],
    [['--to', 'http://127.0.0.1:9/', '--signature-header', 'bad name'], /^--signature-header is not a header name/],
    [['--signature-header', 'bad name'], /^--signature-header is not a header name/],
    [['--to', 'localhost:3000'], /^--to: not an absolute URL; did you mean http:\/\/localhost:3000\?$/],
    [['--memory', '--state', 'here'], /^use only one of --state, --memory\.$/],
    [['--state', ''], /^--state is empty; it takes a folder\.$/],
    [['--state', '/proc/nowhere'], /^--state \/proc\/nowhere: /],
    [['--state', 'a-file'], /^--state a-file: it, or a part of its path, is a file; name a folder\.$/],
    [['--state', 'a-file/below'], /^--state a-file\/below: /],
    [['--state', 'with-folder'], /^--state with-folder: the emit\.db in it is a folder; name another folder\.$/],
    [['--state', 'no-database'], /^the emit\.db in no-database is no database/],
    [['--members', '3', '--members-from', 'people.csv'], /^use only one of --members, --members-from\.$/],
    [['--members', '0'], /^--members 0: must be an integer 1-100000\.$/],
    [['--members-from', 'missing.csv'], /^--members-from missing\.csv: no such file/],
    [['--program', 'boreal-clib'], /unknown program "boreal-clib"/],
    [['--program', 'boreal-club', '--program', 'boreal-club'], /^--program: the program boreal-club is given twice/],
    [['--locale', 'xx_YY'], /xx_YY/],
    [['--contract', 'assumed-2'], /did you mean assumed-1\?/],
    [['--batch-window', '0'], /^--batch-window 0: must be longer than nothing/],
    [['--batch-window', '99h'], /^--batch-window 99h: at most 1h; nothing would be sent for so long\.$/],
    [
      ['--batch-max', '5'],
      /^--batch-max: without --batch-window every event is sent alone; pass --batch-window 1s as well/,
    ],
    [['--batch-max', '0'], /^--batch-max 0: must be an integer 1-10000\.$/],
    [['--block-endpoint-after', '0'], /^--block-endpoint-after 0: must be an integer/],
    [['--concurrency', '51'], /^--concurrency 51: must be an integer 1-50\.$/],
    [['--speed', '0'], /^--speed 0: must be max, or a number above 0/],
    [['--keep', '0'], /^--keep 0: write a time such as 12h or 7d, from 1s to 3650d\.$/],
    [['--keep', '1w'], /^--keep 1w: write a time such as 12h or 7d, from 1s to 3650d\.$/],
    [['--keep', '4000d'], /^--keep 4000d: write a time/],
    [['--port', '65536'], /^--port is given twice; it takes one value\.$/],
    [['--format', 'json'], /^--format json: must be one of text, ndjson/],
    [['--public-host', 'a b'], /a b/],
    [['--cacert', 'missing.pem'], /^--cacert missing\.pem: no such file/],
  ]
  test.each(rows)('%j', async (args, error) => {
    const files = {
      'a-file': '',
      'with-folder/emit.db/x': '',
      'no-database/emit.db': 'x'.repeat(5000),
      'people.csv': '',
    }
    expect((await refused(args, files)).replace(/[^.?!)]$/, '$&.')).toMatch(error)
  })

  test.each(['2', '-1', 'fast', '1/d', '6000/s', '1e3/s', '', '/s'])('--pace %s', async (pace) => {
    const said = await refused([`--pace=${pace}`])
    expect(said).toMatch(/^--pace .*(write a rate such as 2\/s or 600\/m, or 0\.|at most 5000\/s; for load there is)/)
  })

  test.concurrent.each([
    [['--retires', '3'], "unknown option '--retires'; did you mean --retries?"],
    [['earning'], "too many arguments for 'emit'. Expected 0 arguments but got 1."],
    [
      ['--secret', 'hunter2'],
      'credentials without an endpoint: pass --to as well, or give each webhook its own in the console or in qualifio-sim.json.',
    ],
  ])('%j, at a terminal', async (args, error) => {
    const { exitCode, stdout, stderr } = await runCli(['emit', '--port', '0', ...args])
    expect([exitCode, stdout, stderr]).toEqual([2, '', `qualifio-sim: ${error}\n`])
  })

  test.concurrent('a state of another process, of other programs, and one that cannot be read', async () => {
    const cwd = folder({})
    const running = await emit(['--pace', '0', '--program', 'boreal-club'], { cwd })
    const error = async (...args: readonly string[]) => {
      const { exitCode, stderr } = await runCli(['emit', '--port', '0', ...args], { cwd })
      expect(exitCode).toBe(2)
      return stderr
    }
    expect(await error()).toBe(
      'qualifio-sim: the state in .qualifio-sim is in use by another qualifio-sim emit; stop it, or pass another --state.\n',
    )
    await running.stop()
    expect(await error('--program', 'maree-rewards')).toMatch(
      /^qualifio-sim: --program: this state was made with other programs.* \(boreal-club\); leave it out/,
    )
    writeFileSync(join(cwd, 'qualifio-sim.json'), shop('"scope": { "programs": ["maree-rewards"] }'))
    expect(await error()).toMatch(/qualifio-sim\.json:7:33 scope\.programs\[0\]: unknown program "maree-rewards"/)
    mkdirSync(join(cwd, 'loops'))
    symlinkSync('b', join(cwd, 'loops/a'))
    symlinkSync('a', join(cwd, 'loops/b'))
    expect(await error('--state', 'loops/a')).toMatch(/--state loops\/a: is a link that leads back to itself/)
  })
})
