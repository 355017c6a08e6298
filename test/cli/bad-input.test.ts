import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../../src/receiver/server.ts'
import { runCli } from '../support/run-cli.ts'
import { systemClock } from '../support/system-clock.ts'

/*
 * What a user gets wrong: one clear error on stderr, exit code 2, nothing on stdout, no stack, and
 * nothing sent. `TO` in an argument stands for a receiver that would accept everything.
 */

let receiver: Receiver
let requests = 0
let folder: string

beforeAll(async () => {
  receiver = await startReceiver({
    requirements: { secrets: [], headers: [] },
    clock: systemClock,
    onRequest: () => (requests += 1),
  })
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-bad-'))
  const files: Record<string, string | Uint8Array> = {
    'empty.secret': '',
    'newline-only.secret': '\n',
    'nul.secret': 'a\0b',
    'long.secret': 'x'.repeat(5000),
    'utf16.csv': Buffer.from('\ufeffexternalId\na', 'utf16le'),
    'latin1.csv': Buffer.from('externalId,firstName\na,Zo\u00eb', 'latin1'),
    'no-id.csv': 'email\na@example.com\n',
    'twice.csv': 'externalId\na\na\n',
    'broken-program.json': '{ "id": }',
    'not-a-program.json': '{ "id": "x" }',
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  mkdirSync(join(folder, 'a-folder'))
  symlinkSync('loop-b', join(folder, 'loop-a'))
  symlinkSync('loop-a', join(folder, 'loop-b'))
})

afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

type Case = readonly [args: readonly string[], expected: RegExp]
const send = (...args: readonly string[]): readonly string[] => ['send', 'earning', '--to', 'TO', ...args]
const to = (url: string): readonly string[] => ['send', 'earning', '--to', url]

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'the command line itself': [
    [[], /a command is needed/],
    [['sned'], /unknown command "sned"; did you mean send\?/],
    [send('--retires', '7'), /unknown option '--retires'; did you mean --retries\?/],
    [send('--retires=7'), /unknown option '--retires=7'/],
    [['sign', 'a', 'b'], /too many arguments/],
    [send('--seed', '1', '--seed', '2'), /--seed is given twice/],
    [send('--to', 'http://localhost:1/'), /--to is given twice/],
    [send('--json', '--format', 'ndjson'), /use only one of --json, --format/],
    [send('--verbose', '--quiet'), /use only one of --verbose, --quiet/],
    [send('--seed'), /argument missing/],
  ],
  'the target': [
    [to(''), /--to is required, e\.g\. --to http:\/\/localhost:3000\/webhooks/],
    [to('example.com/hook'), /not an absolute URL; did you mean https:\/\/example\.com\/hook\?/],
    [to('localhost:3000/hook'), /did you mean http:\/\/localhost:3000\/hook\?/],
    [to('file:///etc/passwd'), /unsupported scheme "file:"; use http or https/],
    [to('ftp://example.com/'), /unsupported scheme "ftp:"/],
    [to('ws://example.com/'), /unsupported scheme "ws:"/],
    [to('https://user:hunter2@example.com/'), /credentials in the URL are not sent; use --basic/],
    [to('http://local\nhost/'), /whitespace\/control characters at position 13/],
    [to('http://localhost\\hook'), /backslash at position 17/],
    [to('http://localhost/hook#top'), /fragment is never sent; remove it/],
    [to('http://localhost:0/'), /port must be 1-65535/],
    [to('http://localhost:65536/'), /port must be 1-65535/],
    [to('http://localhost:abc/'), /port must be 1-65535/],
    [to('http://169.254.169.254/'), /refused: link-local\/metadata address/],
    [to('http://2852039166/'), /refused: link-local\/metadata address/],
    [to('http://0xa9fea9fe/'), /refused: link-local\/metadata address/],
    [to('http://[::ffff:169.254.169.254]/'), /refused: link-local\/metadata address/],
    [to('http://[fe80::1]/'), /refused: link-local\/metadata address/],
    [to('http://a..b/'), /invalid host name/],
  ],
  'secrets, authorization and headers': [
    [send('--secret', ''), /the secret is empty .*forgeable/],
    [send('--secret-file', 'empty.secret'), /the secret is empty .*forgeable/],
    [send('--secret-file', 'newline-only.secret'), /the secret is empty .*forgeable/],
    [send('--secret-file', 'missing.secret'), /missing\.secret: no such file/],
    [send('--secret-file', 'a-folder'), /a-folder: is a folder/],
    [send('--secret-file', 'nul.secret'), /NUL/],
    [send('--secret-file', 'long.secret'), /over 4 KB/],
    [send('--secret', 'a', '--secret-file', 'empty.secret'), /use only one of --secret, --secret-file/],
    [send('-H', 'foo'), /expected "Name: value"/],
    [send('-H', 'x-a: 1\r\nx-b: 2'), /control character/],
    [send('-H', 'x a: 1'), /illegal character in its name/],
    [send('-H', 'x-a: caf\u00e9'), /outside ASCII/],
    [send('-H', `x-a: ${'x'.repeat(4097)}`), /over 4 KB/],
    [send('-H', 'Content-Length: 1'), /set by qualifio-sim/],
    [send('-H', 'content-type: text/plain'), /set by qualifio-sim/],
    [send('-H', 'X-Qualifio-Signature: sha256=00'), /set by qualifio-sim/],
    [send('-H', 'x-a: 1', '-H', 'X-A: 2'), /given twice/],
    [send('-H', 'Authorization: x', '--bearer', 'token'), /use only one/],
    [send('--basic', 'a:b', '--bearer', 'token'), /use only one of --basic, --bearer/],
    [send('--basic', 'no-colon'), /user:password/],
    [send('--bearer', 'two words'), /whitespace/],
    [send('--signature-header', 'bad name'), /not a header name/],
  ],
  'numbers, times and selections': [
    [send('--retries', '-1'), /--retries -1: must be an integer 0-100/],
    [send('--retries', '7.5'), /--retries 7\.5: must be an integer 0-100/],
    [send('--retries', 'abc'), /must be an integer 0-100/],
    [send('--retries', '1e9'), /must be an integer 0-100/],
    [send('--retries', '101'), /must be an integer 0-100/],
    [send('--retries', ''), /must be an integer 0-100/],
    [send('--timeout', '0'), /duration such as 500ms, 10s, 2m/],
    [send('--timeout', '10 x'), /duration such as 500ms, 10s, 2m/],
    [send('--timeout', '-5s'), /duration such as 500ms, 10s, 2m/],
    [send('--timeout', 'abc'), /duration such as 500ms, 10s, 2m/],
    [send('--timeout', '25d'), /at most 24d/],
    [send('--max-time', '0'), /duration/],
    [send('--seed', '1.5'), /must be an integer 0-4294967295/],
    [send('--seed', '4294967296'), /must be an integer 0-4294967295/],
    [send('--now', 'yesterday'), /must be a time with an offset/],
    [send('--now', '2026-02-30'), /must be a time with an offset/],
    [send('--now', '2026-01-31T12:00:00'), /must be a time with an offset/],
    [send('--concurrency', '0'), /must be an integer 1-50/],
    [send('--concurrency', '51'), /must be an integer 1-50/],
    [send('--count', '0'), /must be an integer 1-/],
    [send('--batch', '10001'), /must be max, or an integer 1-10000/],
    [send('--count', '10001', '--batch', 'max'), /10,?000/],
    [send('--speed', '0'), /must be max, or a number above 0/],
    [send('--retry-schedule', 'fibonacci'), /default, instant, svix/],
    [send('--retries', '1', '--retry-schedule', '1s,2s'), /2 waits but --retries is 1/],
    [send('--format', 'yaml'), /--format yaml: must be one of text, json, ndjson, curl/],
    [['send'], /which event\?/],
    [['send', 'earnings'], /unknown event "earnings"; did you mean earning\?/],
    [['send', 'rndom'], /did you mean random\?/],
    [['send', 'earning', 'random'], /"random" stands alone/],
    [['send', 'earning', 'EARNING'], /earning is named twice/],
    [['send', 'earning', '--journey', 'gift'], /either events or --journey/],
    [['send', '--journey', 'onbording'], /did you mean onboarding\?/],
    [send('--set', 'data.pionts:=5'), /did you mean data\.points\?/],
    [send('--set', 'data.points:=-5'), /data\.points/],
    [send('--set', 'data.points=many'), /data\.points/],
    [send('--set', 'data.points:={'), /data\.points:=\{/],
    [send('--set', 'nonsense'), /path=/],
    [send('--count', '2', '--set', 'id=00000000-0000-4000-8000-000000000000'), /more than one event|one event/],
    [send('--contract', 'assumed-2'), /did you mean assumed-1\?/],
    [send('--program', 'loop-a'), /unknown program "loop-a"/],
    [send('--program', 'nothing-like-it'), /unknown program "nothing-like-it"/],
    [send('--program', 'broken-program.json'), /broken-program\.json:1:9/],
    [send('--program', 'not-a-program.json'), /not-a-program\.json/],
    [send('--locale', 'xx_YY'), /xx_YY/],
    [['send', 'profile-creation', '--count', '3', '--members', '2', '--to', 'TO'], /--members/],
    [send('--members-from', 'missing.csv'), /missing\.csv: no such file/],
    [send('--members-from', 'utf16.csv'), /looks like UTF-16/],
    [send('--members-from', 'latin1.csv'), /not valid UTF-8/],
    [send('--members-from', 'no-id.csv'), /externalId/],
    [send('--members-from', 'twice.csv'), /twice\.csv:3/],
  ],
  'files and output': [
    [send('--output', 'missing-folder/report.json'), /the folder missing-folder does not exist/],
    [send('--output', 'a-folder'), /is a folder/],
    [send('--output', 'new-folder/'), /--output new-folder\/: is a folder; name a file/],
    [['contract', '--output', 'new-folder/'], /--output new-folder\/: is a folder; name a file/],
    [['generate', 'earning', '--count', '2', '--output', 'no-id.csv/'], /no-id\.csv\/: is a file; name a folder/],
    [['generate', 'earning', '--output', 'no-id.csv/below/'], /no-id\.csv\/below\/: a part of the path is a file/],
    [['generate', 'earning', '--count', '3', '--output', 'a-folder'], /a-folder: is a folder; .*write a-folder\/\./],
    [['generate', 'earning', '--format', 'ndjson', '--output', 'a-folder'], /a-folder: is a folder; name a file/],
    [['generate', 'earning', '--output', 'loop-a'], /--output loop-a: is a link that leads back to itself/],
    [['generate', 'earning', '--output', '/proc/nowhere/'], /--output \/proc\/nowhere\/: no such file or folder/],
    [send('--members-from', 'no-id.csv', '--output', './no-id.csv'), /is also an input/],
    [send('--cacert', 'missing.pem'), /missing\.pem: no such file/],
    [['generate', 'earning', '--secret', ''], /the secret is empty/],
    [['generate', 'earning', '--count', '2'], /--batch max, --format ndjson, or --output folder\//],
    [['generate', 'earning', '--format', 'http', '--output', 'requests/'], /is one file/],
    [['sign', 'missing.json', '--secret', 'a'], /missing\.json: no such file/],
    [['sign'], /--secret is required/],
    [['verify', '--secret', 'a'], /--signature is required/],
    [['verify', '--signature', 'sha256=00'], /--secret is required/],
    [['contract', 'erning'], /did you mean earning\?/],
  ],
}

for (const [name, cases] of Object.entries(CASES)) {
  describe(name, () => {
    test.concurrent.each(cases.map(([args, expected]) => ({ args, expected })))('$args', async ({ args, expected }) => {
      const url = receiver.url.href
      const result = await runCli(
        args.map((argument) => (argument === 'TO' ? url : argument)),
        { cwd: folder },
      )
      expect(result.stderr).toMatch(expected)
      expect(result.stderr).not.toMatch(/\n\s+at |Error:|hunter2/)
      expect(result.stdout).toBe('')
      expect(result.exitCode).toBe(2)
      expect(requests).toBe(0)
    })
  })
}
