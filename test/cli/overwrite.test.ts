import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMAND_OPTIONS } from '../../src/cli/options/every-option.ts'
import { copyContract } from '../../src/contract/contract.ts'
import { builtInPrograms } from '../../src/program/catalog.ts'
import { runCli } from '../support/run-cli.ts'

/* A file that a command reads is never written over, whatever leads to it. */

const FILES = {
  secret: 'my-secret',
  'people.csv': 'externalId\na\n',
  'requests.ndjson': 'externalId\na\n',
  'program.json': JSON.stringify(builtInPrograms[0]),
  'payload.json': '[]',
  '.env': 'QUALIFIO_SIM_SEED=1\n',
  'qualifio-sim.json': '{ "seed": 1 }',
}
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-overwrite-'))
  mkdirSync(join(folder, 'sub'))
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content)
  await copyContract('assumed-1', 'wire', { cwd: folder })
  symlinkSync('secret', join(folder, 'soft'))
  writeFileSync(join(folder, 'sub', '0001-earning.json'), FILES['program.json'])
  linkSync(join(folder, 'secret'), join(folder, 'hard'))
  symlinkSync('wire', join(folder, 'other-wire'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const REFUSED: readonly (readonly [
  line: string,
  input: keyof typeof FILES | `wire/${string}` | `sub/${string}`,
  as: string,
])[] = [
  ['send earning --secret-file secret -o secret --json', 'secret', '--secret-file'],
  ['send earning --secret-file secret -o sub/../secret', 'secret', '--secret-file'],
  ['send earning --secret-file soft -o secret', 'secret', '--secret-file'],
  ['send earning --secret-file secret -o soft', 'secret', '--secret-file'],
  ['send earning --secret-file secret -o hard', 'secret', '--secret-file'],
  ['send earning --cacert payload.json -o payload.json', 'payload.json', '--cacert'],
  ['send earning --members-from people.csv -o people.csv', 'people.csv', '--members-from'],
  ['send earning --program program.json -o program.json', 'program.json', '--program'],
  ['send earning --contract wire -o wire/contract.json', 'wire/contract.json', '--contract'],
  ['send earning --contract wire -o other-wire/earning.json', 'wire/earning.json', '--contract'],
  ['send earning -o .env', '.env', '.env'],
  ['send earning -o qualifio-sim.json', 'qualifio-sim.json', 'qualifio-sim.json'],
  ['generate earning --secret-file secret -o secret', 'secret', '--secret-file'],
  [
    'generate earning --format k6 --to http://localhost:1/ --members-from requests.ndjson -o requests.js',
    'requests.ndjson',
    '--members-from',
  ],
  ['generate earning --program sub/0001-earning.json -o sub/', 'sub/0001-earning.json', '--program'],
  ['contract --contract wire -o wire/contract.json', 'wire/contract.json', '--contract'],
  ['replay payload.json -o payload.json', 'payload.json', ''],
  ['replay payload.json --secret-file secret --report junit=soft', 'secret', '--secret-file'],
  ['check --secret-file secret --report junit=secret', 'secret', '--secret-file'],
  ['check --list --secret-file secret -o secret', 'secret', '--secret-file'],
  ['stress earning --rate 1/s --duration 1s --compare payload.json -o payload.json', 'payload.json', '--compare'],
  ['listen --port 0 --until 1 --secret-file secret -o secret', 'secret', '--secret-file'],
  ['listen --port 0 --until 1 --tls-cert payload.json --tls-key secret -o payload.json', 'payload.json', '--tls-cert'],
]

describe('an output that is also an input is refused, and the input stays as it is', () => {
  test.concurrent.each(REFUSED)('%s', async (line, input, as) => {
    const before = readFileSync(join(folder, input), 'utf8')
    const result = await runCli(line.split(' '), { cwd: folder })
    expect(result.stderr).toMatch(/-(o|-output|-report).*: is also an input.*; name another file\.\n/)
    expect(result.stderr).toContain(as)
    expect([result.exitCode, result.stdout]).toEqual([2, ''])
    expect(readFileSync(join(folder, input), 'utf8')).toBe(before)
  })
})

test.each([['send earning --contract wire -o wire/report.json'], ['generate all --contract wire -o other-wire/']])(
  'a file more in the folder of a contract would be read as a part of it: %s',
  async (line) => {
    const before = readdirSync(join(folder, 'wire'))
    const result = await runCli(line.split(' '), { cwd: folder })
    expect(result.stderr).toMatch(/--output \S+: is in a folder that is read \(--contract\); name another one\.\n/)
    expect([result.exitCode, result.stdout]).toEqual([2, ''])
    expect(readdirSync(join(folder, 'wire'))).toEqual(before)
  },
)

test('what a contract does not read may stand in its folder', async () => {
  const result = await runCli(['generate', 'earning', '--contract', 'wire', '-o', 'wire/notes.txt'], { cwd: folder })
  expect(result.exitCode).toBe(0)
  rmSync(join(folder, 'wire', 'notes.txt'))
})

test('two outputs that one link joins are refused', async () => {
  writeFileSync(join(folder, 'report'), '')
  symlinkSync('report', join(folder, 'same-report'))
  const result = await runCli(['replay', 'payload.json', '-o', 'report', '--report', 'junit=same-report'], {
    cwd: folder,
  })
  expect(result.stderr).toMatch(/same-report: is also an output/)
  expect(result.exitCode).toBe(2)
})

test('every option that names a file says whether it is read or written', () => {
  const unsaid = Object.entries(COMMAND_OPTIONS).flatMap(([command, options]) =>
    options
      .filter(({ flags, file }) => /<[^>]*(file|\.json|\.csv|dir)/.test(flags) && file === undefined)
      .map(({ flags }) => `${command} ${flags}`),
  )
  expect(unsaid).toEqual([])
})
