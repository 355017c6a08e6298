import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { peer } from '../support/peer.ts'
import { BIN, runCli } from '../support/run-cli.ts'
import { folderOf, startEndpoints, type Endpoints, type TestEndpoint } from './endpoints.ts'

/*
 * Files and standard input that cannot be replayed: one clear error on stderr, exit code 2, no stack, and nothing
 * sent, though a good file stands beside the bad one.
 */

let endpoints: Endpoints
let endpoint: TestEndpoint
let folder: string

const EVENT = '{"id":"a","type":"earning"}'
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'good.json': `[${EVENT}]`,
  'empty.json': '',
  'blank.json': ' \n\t\n',
  'brace.json': `[\n  ${EVENT},\n  }\n]`,
  'comma.json': `[${EVENT},]`,
  'comment.json': `// the first\n[${EVENT}]`,
  'json5.json': "[{id:'a'}]",
  'bom.json': `\ufeff[${EVENT}]`,
  'utf16.json': Buffer.from(`\ufeff[${EVENT}]`, 'utf16le'),
  'utf16be.json': Buffer.from(`\ufeff[${EVENT}]`, 'utf16le').swap16(),
  'latin1.json': Buffer.from('[{"name":"Zo\u00eb"}]', 'latin1'),
  'lines.json': `[${EVENT}]\n[${EVENT}]\n`,
  'object.json': EVENT,
  'number.json': '42',
  'text.json': '"payload"',
  'version.json': '{"fixture":2,"name":"later"}',
  'elements.json': `[${EVENT},${EVENT},\n${EVENT}, 7]`,
  'unknown-key.json': '{"fixture":1,"name":"n","body":"[]","expects":{}}',
  'no-body.json': '{"fixture":1,"name":"n"}',
  'two-bodies.json': '{"fixture":1,"name":"n","body":"[]","payload":[]}',
  'base64.json': '{"fixture":1,"name":"n","bodyBase64":"=="}',
  'status.json': '{"fixture":1,"name":"n","body":"[]","expect":{"status":"2x"}}',
  'never.json': '{"fixture":1,"name":"n","body":"[]","expect":{"status":200,"outcome":"blocked"}}',
  'large.json': '{"fixture":1,"name":"n","payload":[{"n":9007199254740993}]}',
  'contract.json':
    '{"fixture":1,"name":"n","contract":"assumed-2","generate":{"events":["earning"],"seed":1,"now":"2026-01-31"}}',
  'event.json': '{"fixture":1,"name":"n","generate":{"events":["erning"],"seed":1,"now":"2026-01-31"}}',
  'header.json': '{"fixture":1,"name":"n","body":"[]","headers":{"content-length":"1"}}',
  'second-line.ndjson': `[${EVENT}]\n[${EVENT}\n`,
  'huge.json': '',
  'notes.txt': 'nothing',
  'secret.txt': '',
}

beforeAll(async () => {
  endpoints = await startEndpoints()
  endpoint = endpoints.open()
  folder = folderOf(FILES)
  mkdirSync(join(folder, 'empty-folder'))
  truncateSync(join(folder, 'huge.json'), 64 * 1024 * 1024 + 1)
})
afterAll(() => endpoints.close())

type Row = readonly [args: readonly string[], expected: RegExp]

const WITH_GOOD = (name: string): readonly string[] => ['good.json', name]
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'files that are none': [
    [[], /which fixtures\? Name files, folders or patterns, such as fixtures\/, or - for standard input/],
    [WITH_GOOD('missing.json'), /missing\.json: there is no such file or folder/],
    [WITH_GOOD('good.json/x.json'), /good\.json\/x\.json: a part of this path is a file/],
    [WITH_GOOD(''), /"" is no file/],
    [WITH_GOOD('empty-folder'), /empty-folder: has no \*\.json or \*\.ndjson/],
    [WITH_GOOD('none/**/*.json'), /matches no \*\.json or \*\.ndjson; quote a pattern/],
    [WITH_GOOD('empty.json'), /empty\.json has no JSON \(0 bytes\)/],
    [WITH_GOOD('blank.json'), /blank\.json has no JSON \(4 bytes\)/],
    [WITH_GOOD('huge.json'), /huge\.json is over 64 MB, which is no payload/],
    [['-', '-'], /standard input\) is given twice/],
  ],
  'JSON that is none': [
    [WITH_GOOD('brace.json'), /brace\.json:3:3: unexpected "}"/],
    [WITH_GOOD('comma.json'), /comma\.json:1:30: .*comma/],
    [WITH_GOOD('comment.json'), /comment\.json:1:1: .*comment/],
    [WITH_GOOD('json5.json'), /json5\.json:1:3: /],
    [WITH_GOOD('bom.json'), /bom\.json.*(BOM|byte order mark)/],
    [WITH_GOOD('utf16.json'), /utf16\.json.*looks like UTF-16/],
    [WITH_GOOD('utf16be.json'), /utf16be\.json.*looks like UTF-16/],
    [WITH_GOOD('latin1.json'), /latin1\.json.*not valid UTF-8/],
    [WITH_GOOD('lines.json'), /lines\.json looks like NDJSON; name it \.ndjson, or --input ndjson on stdin/],
    [WITH_GOOD('second-line.ndjson'), /second-line\.ndjson:2:\d+: /],
    [WITH_GOOD('notes.txt'), /notes\.txt:1:1: unexpected "nothing"/],
  ],
  'JSON that is no fixture': [
    [WITH_GOOD('object.json'), /object\.json:1:1: expected an array of events, or an object with "fixture": 1/],
    [WITH_GOOD('number.json'), /number\.json:1:1: expected an array of events/],
    [WITH_GOOD('text.json'), /text\.json:1:1: expected an array of events/],
    [WITH_GOOD('version.json'), /version\.json:1:12: fixture: version 2 is not known here/],
    [WITH_GOOD('elements.json'), /elements\.json:2:30: events\[3\] is a number, and an event is an object/],
    [WITH_GOOD('unknown-key.json'), /unknown-key\.json:1:37: unknown key "expects"; did you mean "expect"\?/],
    [WITH_GOOD('no-body.json'), /there is no body; give one of payload, body, bodyBase64, generate/],
    [WITH_GOOD('two-bodies.json'), /payload and body both say what is sent/],
    [WITH_GOOD('base64.json'), /bodyBase64: is not base64/],
    [WITH_GOOD('status.json'), /status\.json:1:\d+: expect\.status/],
    [WITH_GOOD('never.json'), /a delivery whose last status is 200 is never blocked/],
    [WITH_GOOD('large.json'), /9007199254740993 is over 2\^53 and would be sent as another number/],
    [WITH_GOOD('contract.json'), /assumed-2.*did you mean assumed-1\?/],
    [WITH_GOOD('event.json'), /event\.json:1:\d+: .*unknown event "erning"; did you mean earning\?/],
    [WITH_GOOD('header.json'), /headers\.content-length.*set by qualifio-sim/],
  ],
  options: [
    [['good.json', '--expect', '2x'], /--expect "2x": expected a status such as 204 or 2xx/],
    [['good.json', '--expect', ''], /--expect/],
    [['good.json', '--expect', '{"status":200'], /--expect:1:\d+: /],
    [['good.json', '--expect', '{"stauts":200}'], /--expect:1:2: unknown key "stauts"; did you mean "status"\?/],
    [['good.json', '--expect', '{"status":200,"outcome":"blocked"}'], /is never blocked/],
    [['good.json', '--only', ''], /--only/],
    [['good.json', '--only', 'goud'], /--only goud: no fixture has this name; did you mean good\?/],
    [['good.json', '--skip', '*'], /no fixture is selected/],
    [['good.json', '--repeat', '0'], /--repeat 0: must be an integer 1-/],
    [['good.json', '--concurrency', '51'], /must be an integer 1-50/],
    [['good.json', '--input', 'xml'], /--input xml: must be one of json, ndjson/],
    [['good.json', '--format', 'yaml'], /--format yaml: must be one of text, json, ndjson, junit, github/],
    [['good.json', '--json', '--format', 'junit'], /use only one of --json, --format/],
    [['good.json', '--fresh'], /good\.json: cannot be made fresh: /],
    [['good.json', '--secret-file', 'secret.txt'], /the secret is empty/],
    [['good.json', '--reprot', 'junit=x.xml'], /unknown option '--reprot'; did you mean --report\?/],
  ],
  output: [
    [['good.json', '--report', 'junit'], /--report junit: expected FORM=FILE/],
    [['good.json', '--report', 'yaml=x'], /--report yaml=x: expected FORM=FILE with one of text, json/],
    [['good.json', '--report', 'junit='], /expected FORM=FILE/],
    [
      ['good.json', '--report', 'junit=missing/x.xml'],
      /--report junit=missing\/x\.xml: the folder missing does not exist/,
    ],
    [['good.json', '--output', 'empty-folder'], /--output empty-folder: is a folder/],
    [['good.json', '--output', './good.json'], /--output \.\/good\.json: is also an input/],
    [
      ['good.json', '--report', 'junit=r.xml', '--report', 'json=./r.xml'],
      /--report json=\.\/r\.xml: is also an output/,
    ],
    [['good.json', '--output', 'r.xml', '--report', 'json=r.xml'], /--report json=r\.xml: is also an output/],
  ],
}

for (const [name, rows] of Object.entries(ROWS)) {
  describe(name, () => {
    test.concurrent.each(rows.map(([args, expected]) => ({ args, expected })))('$args', async ({ args, expected }) => {
      const result = await runCli(['replay', ...args, '--to', endpoint.url], { cwd: folder })
      expect(result.stderr).toMatch(expected)
      expect(result.stderr).not.toMatch(/\n\s+at |Error:|this is a bug/)
      expect(result.stdout).toBe('')
      expect(result.exitCode).toBe(2)
      expect(endpoint.got).toHaveLength(0)
    })
  })
}

describe('what can be sent', () => {
  test.concurrent('what re-serialising would alter is a warning, and the bytes are sent as they are', async () => {
    const body = '[{"a":1,"a":2,"n":9007199254740993,"__proto__":{"admin":true}}]'
    const target = endpoints.open()
    const { stderr, exitCode } = await runCli(['replay', 'a.json', '--to', target.url], {
      cwd: folderOf({ 'a.json': body }),
    })
    expect(stderr).toMatch(/warning: a\.json:1:9: the key "a" stands twice: would be altered by re-serialising/)
    expect(stderr).toMatch(/warning: a\.json:1:19: 9007199254740993 is over 2\^53/)
    expect(target.got[0]?.body.toString()).toBe(body)
    expect(exitCode).toBe(0)
  })

  test.concurrent('__proto__ in a fixture’s payload is data', async () => {
    const target = endpoints.open()
    const text = '{"fixture":1,"name":"n","payload":[{"__proto__":{"admin":true},"constructor":1}]}'
    await runCli(['replay', 'a.json', '--to', target.url], { cwd: folderOf({ 'a.json': text }) })
    expect(target.got[0]?.body.toString()).toBe('[{"__proto__":{"admin":true},"constructor":1}]')
  })

  test.concurrent(
    'a report that exists is replaced, one that fails leaves no trace of itself or the others',
    async () => {
      const cwd = folderOf({ 'a.json': '[{}]', 'r.xml': 'old' })
      const target = endpoints.open()
      const failed = await runCli(
        ['replay', 'a.json', '--to', target.url, '--report', 'junit=r.xml', '--report', 'json=missing/r.json'],
        { cwd },
      )
      expect(failed.exitCode).toBe(2)
      expect(execFileSync('ls', ['-A'], { cwd, encoding: 'utf8' })).toBe('a.json\nr.xml\n')
      expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toBe('old')
      await runCli(['replay', 'a.json', '--to', target.url, '--report', 'junit=r.xml'], { cwd })
      expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toMatch(/^<\?xml/)
    },
  )

  test.skipIf(!existsSync('/dev/full'))('a full disk is named, with exit code 2', { concurrent: true }, async () => {
    const cwd = folderOf({ 'a.json': '[{}]' })
    const target = endpoints.open()
    const { stderr, exitCode } = await runCli(['replay', 'a.json', '--to', target.url, '--report', 'json=/dev/full'], {
      cwd,
    })
    expect(stderr).toContain('--report json=/dev/full: the disk is full')
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(exitCode).toBe(2)
  })

  test.concurrent('a pipe by its name is read once, as standard input is', async () => {
    const cwd = folderOf({})
    const target = endpoints.open()
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const running = runCli(['replay', 'pipe', '--input', 'ndjson', '--to', target.url], { cwd })
    writeFileSync(join(cwd, 'pipe'), '[{"n":1}]\n[{"n":2}]\n')
    expect((await running).stdout).toContain('2 passed of 2 fixtures')
    expect(target.got).toHaveLength(2)
  })

  test.concurrent('at a terminal, - says what it waits for', async () => {
    const python = peer('python3', 'apt-get install python3')
    if (python === undefined) return
    const target = endpoints.open()
    const script = [
      'import os, pty, sys',
      'pid, terminal = pty.fork()',
      'if pid == 0: os.execv(sys.argv[1], sys.argv[1:])',
      'text = b""',
      'while b"Ctrl-D" not in text: text += os.read(terminal, 4096)',
      String.raw`os.write(terminal, b"[{}]\n\x04")`,
      'print(text.decode())',
      'try:',
      '  while os.read(terminal, 4096): pass',
      'except OSError: pass',
      'print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
    ].join('\n')
    const output = execFileAsync(python, ['-c', script, process.execPath, BIN, 'replay', '-', '--to', target.url])
    expect(await output).toMatch(/reading fixtures from standard input; end with Ctrl-D[^]*exit 0/)
    expect(target.got[0]?.body.toString().trim()).toBe('[{}]')
  })

  test.concurrent('a reader that closes standard output early changes no exit code', async () => {
    const target = endpoints.open()
    const lines = Array.from({ length: 300 }, (_, n) => `[{"n":${n}}]`).join('\n')
    const cwd = folderOf({ 'a.ndjson': lines })
    const command = `set -o pipefail; "${process.execPath}" "${BIN}" replay a.ndjson --format ndjson --to ${target.url} | head -n 1 >/dev/null; echo "code \${PIPESTATUS[0]}"`
    expect(await execFileAsync('bash', ['-c', command], cwd)).toBe('code 0\n')
    expect(target.got).toHaveLength(300)
  })
})

async function execFileAsync(command: string, args: readonly string[], cwd?: string): Promise<string> {
  return (await promisify(execFile)(command, [...args], { cwd, encoding: 'utf8' })).stdout
}
