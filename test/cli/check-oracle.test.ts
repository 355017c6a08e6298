import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CheckedReceiver } from '../receivers/receiver.ts'
import { checkOf, closeReceivers, faulty, found, jsonOf, sound } from './checking.ts'
import { folderOf, startEndpoints, type Answer, type Endpoints } from './endpoints.ts'

closeReceivers()
let endpoints: Endpoints
let receiver: CheckedReceiver
beforeAll(async () => {
  endpoints = await startEndpoints()
  receiver = await sound()
})
afterAll(() => endpoints.close())

const ARGS = ['--only', 'DLV-01,AUT-01', '--format', 'json', '--oracle-timeout', '600ms'] as const
const duplicates = (args: readonly string[], cwd = folderOf({})) => checkOf(receiver, [...ARGS, ...args], { cwd })
/** A command that runs a script of JavaScript; the event id is argv[2]. */
const script = (code: string): { readonly cwd: string; readonly command: string } => ({
  cwd: folderOf({ 'oracle.cjs': code }),
  command: `"${process.execPath}" oracle.cjs`,
})

describe('an oracle that answers', () => {
  test.concurrent('lets a sound receiver pass what is not verifiable without it', async () => {
    const without = await duplicates([]).catch((error: Error) => error)
    expect(without).toMatchObject({ exitCode: 2 })
    const none = await checkOf(receiver, ['--only', 'DLV-01,AUT-01', '--format', 'json'])
    expect(found(none, 'DLV-01')).toMatchObject({ verdict: 'INCONCLUSIVE', reason: /not verifiable: .*--oracle-url/ })
    const result = await duplicates(['--oracle-url', receiver.oracleUrl])
    expect(found(result, 'DLV-01').verdict).toBe('PASS')
    expect(result.exitCode).toBe(0)
  })

  test.concurrent('finds what was applied twice', async () => {
    const twice = await faulty('not-idempotent')
    const result = await checkOf(twice, [...ARGS, '--oracle-url', twice.oracleUrl])
    expect(found(result, 'DLV-01')).toMatchObject({ verdict: 'FAIL', cause: 'not-idempotent' })
    expect(found(result, 'DLV-01').findings).toContainEqual(expect.objectContaining({ actual: 'applied 2 times' }))
    expect(result.exitCode).toBe(1)
  })

  test.concurrent.each<[says: string, args: readonly string[], body: string]>([
    ['a number', [], ' 1\n'],
    ['JSON with a pointer', ['--oracle-pointer', '/data/count'], '{"data":{"count":1}}'],
    ['a key with a slash', ['--oracle-pointer', '/a~1b'], '{"a/b":1}'],
  ])('may say it as %s, by URL or by command', async (_, args, body) => {
    // Before anything is sent, the count is 0.
    const none = body.replace(/1(?=[\s}]*$)/, '0')
    const { cwd, command } = script(`const { existsSync, writeFileSync } = require('node:fs')
const asked = existsSync(process.argv[2])
writeFileSync(process.argv[2], '')
process.stdout.write(asked ? ${JSON.stringify(body)} : ${JSON.stringify(none)})`)
    const oracle = endpoints.open((nth) => ({ status: 200, body: nth === 0 ? none : body }))
    const [byUrl, byCommand] = await Promise.all([
      duplicates(['--oracle-url', `${oracle.url}?id={eventId}`, ...args]),
      duplicates(['--oracle-cmd', command, ...args], cwd),
    ])
    expect([found(byUrl, 'DLV-01').verdict, found(byCommand, 'DLV-01').verdict]).toEqual(['PASS', 'PASS'])
  })

  test.concurrent('is asked without the secrets of the endpoint', async () => {
    const oracle = endpoints.open(() => ({ status: 200, body: '1' }))
    await duplicates(['--oracle-url', `${oracle.url}?id={eventId}`])
    expect(oracle.got.length).toBeGreaterThan(0)
    for (const { headers } of oracle.got) {
      expect(headers).not.toHaveProperty('x-test-authorization-header')
      expect(headers).not.toHaveProperty('x-qualifio-signature')
    }
  })
})

describe('a command', () => {
  test.concurrent('is run without a shell: its characters are plain, the id is the last argument', async () => {
    const { cwd } = script(`require('node:fs').writeFileSync('argv.json', JSON.stringify(process.argv.slice(2)))
console.log(1)`)
    const odd = `$(touch made) ; touch made | touch made && \`touch made\` > made 'a b' "c'd" $HOME * ~`
    const result = await duplicates(['--oracle-cmd', `"${process.execPath}" oracle.cjs ${odd}`], cwd)
    const argv = JSON.parse(readFileSync(join(cwd, 'argv.json'), 'utf8')) as string[]
    expect(argv.slice(0, -1)).toEqual([
      '$(touch',
      'made)',
      ';',
      'touch',
      'made',
      '|',
      'touch',
      'made',
      '&&',
      '`touch',
      'made`',
      '>',
      'made',
      'a b',
      "c'd",
      '$HOME',
      '*',
      '~',
    ])
    expect(jsonOf(result).eventIds).toContain(argv.at(-1))
    expect(existsSync(join(cwd, 'made'))).toBe(false)
  })
})

describe('an oracle that knows nothing makes the check INCONCLUSIVE, and the rest decides', () => {
  test.concurrent.each<[what: string, code: string, says: RegExp]>([
    ['ends with 1', 'process.exit(1)', /the oracle ended with exit code 1/],
    ['prints text', 'console.log("not found")', /the oracle said no number: not found/],
    ['prints nothing', '', /the oracle said nothing/],
    ['prints a negative number', 'console.log(-1)', /the oracle said -1, which counts nothing/],
    ['prints half a number', 'console.log(1.5)', /the oracle said 1\.5, which counts nothing/],
    ['prints a number as text', `console.log('"1"')`, /the oracle said no number/],
    ['prints an object', `console.log('{"count":1}')`, /--oracle-pointer \/count/],
    ['hangs', 'setInterval(() => 1, 1000)', /the oracle took over 600 ms/],
    ['does not listen to SIGTERM', `process.on('SIGTERM', () => 1); setInterval(() => 1, 1000)`, /took over 600 ms/],
    ['prints without end', `for (;;) console.log('1'.repeat(9999))`, /the oracle/],
    [
      'takes over the terminal',
      String.raw`console.log('\x1b]0;owned\x07\x1b[31mred')`,
      /the oracle said no number: red/,
    ],
  ])('a command that %s', async (_, code, says) => {
    const { cwd, command } = script(code)
    const result = await duplicates(['--oracle-cmd', command], cwd)
    expect(found(result, 'DLV-01').verdict).toBe('INCONCLUSIVE')
    expect(found(result, 'DLV-01').reason).toMatch(says)
    expect(found(result, 'AUT-01').verdict).toBe('PASS')
    expect(result.exitCode).toBe(0)
  })

  test.concurrent('a command that is not there', async () => {
    const result = await duplicates(['--oracle-cmd', './no-such-oracle'])
    expect(found(result, 'DLV-01').reason).toMatch(/the oracle could not be run \(ENOENT\)/)
    expect(result.exitCode).toBe(0)
  })

  test.concurrent.each<[what: string, answer: () => Answer, says: RegExp]>([
    ['answers 404', () => 404, /the oracle answered 404/],
    ['answers a page', () => ({ status: 200, body: '<html>' }), /the oracle said no number: <html>/],
    ['redirects', () => ({ status: 302, headers: { location: '/' } }), /the oracle answered 302/],
    ['hangs', () => 'hang', /the oracle did not answer/],
  ])('a URL that %s', async (_, answer, says) => {
    const oracle = endpoints.open(answer)
    const result = await duplicates(['--oracle-url', `${oracle.url}?id={eventId}`])
    expect(found(result, 'DLV-01').verdict).toBe('INCONCLUSIVE')
    expect(found(result, 'DLV-01').reason).toMatch(says)
    expect(result.exitCode).toBe(0)
  })

  test.concurrent('when nobody listens there', async () => {
    const result = await duplicates(['--oracle-url', 'http://127.0.0.1:9/{eventId}'])
    expect(found(result, 'DLV-01').reason).toMatch(/the oracle did not answer/)
  })

  test.concurrent('when its JSON holds nothing at the pointer', async () => {
    const oracle = endpoints.open(() => ({ status: 200, body: '{"n":1}' }))
    const result = await duplicates(['--oracle-url', `${oracle.url}?id={eventId}`, '--oracle-pointer', '/count'])
    expect(found(result, 'DLV-01').reason).toMatch(/the oracle's JSON has nothing at \/count/)
  })
})
