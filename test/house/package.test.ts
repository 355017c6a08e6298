import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-package-'))
const consumer = join(scratch, 'consumer')
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Runs a program with nothing of the surrounding npm in its environment, and no network. */
function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: scratch,
      npm_config_cache: join(scratch, 'cache'),
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
}

/** Packs a folder without running its scripts: dist is built, and other tests are using it. */
function pack(folder: string): { file: string; paths: string[] } {
  const [made] = JSON.parse(
    run('npm', ['pack', folder, '--ignore-scripts', '--json', '--pack-destination', scratch], scratch),
  ) as [{ filename: string; files: { path: string }[] }]
  return { file: join(scratch, made.filename), paths: made.files.map(({ path }) => path) }
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
}

describe('the package', () => {
  let packed: ReturnType<typeof pack>
  beforeAll(() => {
    packed = pack(root)
    mkdirSync(consumer)
    writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }')
    // zod comes from where it is installed here, so that no registry is needed.
    run('npm', ['install', packed.file, pack(join(root, 'node_modules/zod')).file], consumer)
  })

  test('holds what users need, and nothing else', () => {
    const built = /^dist\/([\w-]+\.cjs|types\/[\w/-]+\.d\.ts)$/
    expect(packed.paths.filter((path) => built.test(path)).length).toBeGreaterThan(5)
    expect(packed.paths.filter((path) => !built.test(path)).toSorted()).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        'bin/package.json',
        'bin/qualifio-sim.js',
        'dist/THIRD-PARTY-LICENSES.txt',
        'dist/config.schema.json',
        'dist/fixture.schema.json',
        'dist/index.js',
        'dist/report.schema.json',
        ...filesUnder('src/contract/wire').map((path) => path.replace('src/contract', 'dist')),
        ...filesUnder('fixtures'),
      ].toSorted(),
    )
  })

  test('installs one other package: zod', () => {
    const installed = readdirSync(join(consumer, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(installed.toSorted()).toEqual(['qualifio-sim', 'zod'])
  })

  test('runs when installed in an empty folder', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(run('npx', ['qualifio-sim', '--version'], consumer)).toBe(`${version}\n`)
    expect(run('npx', ['qualifio-sim', 'send', 'earning', '--seed', '1'], consumer)).toMatch(/delivered/)
    expect(run('npx', ['qualifio-sim', 'generate', 'earning', '--contract', 'flat-snake'], consumer)).toMatch(/^\[\{/)
  })

  test('names the licence of every package that it contains', () => {
    const licences = readFileSync(join(consumer, 'node_modules/qualifio-sim/dist/THIRD-PARTY-LICENSES.txt'), 'utf8')
    for (const name of ['undici', 'commander', 'chalk', '@faker-js/faker', 'uplot'])
      expect(licences).toContain(`\n${name} `)
  })

  test('is a library', () => {
    writeFileSync(
      join(consumer, 'use.js'),
      `import { sign } from 'qualifio-sim'
       import schema from 'qualifio-sim/report.schema.json' with { type: 'json' }
       console.log(sign('my-secret', new TextEncoder().encode('[]')), typeof schema.properties.deliveries)`,
    )
    expect(run(process.execPath, ['--no-warnings', 'use.js'], consumer)).toBe(
      'sha256=b30d1755794113807417d1527911be283dd56529480e48928d0541240e83c0f5 object\n',
    )
  })

  test('has types that hold in the strictest consumer', () => {
    const options = { strict: true, module: 'nodenext', target: 'es2023', skipLibCheck: false, noEmit: true, types: [] }
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }))
    writeFileSync(
      join(consumer, 'use.ts'),
      `import { sign } from 'qualifio-sim'
       export const signature: string = sign('my-secret', new Uint8Array())
       // @ts-expect-error a secret is a text: the types are there, and not any
       sign(1, new Uint8Array())`,
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    expect(run(process.execPath, [tsc, '-p', '.'], consumer)).toBe('')
  })
})
