import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startReceiver, type Receiver } from '../src/receiver/server.ts'
import { BIN, runCli } from './support/run-cli.ts'
import { systemClock } from './support/system-clock.ts'

/*
 * The README is the manual, so what it says is run: every command line as written (but for the port of the
 * receiver), the printed output, the example of the library, and its links.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const shellBlocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
const run = promisify(execFile)

let folder: string
let receiver: Receiver
/** Asks for the credentials that the README's commands give. */
let strict: Receiver
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-readme-'))
  receiver = await startReceiver({ requirements: { secrets: [], headers: [] }, clock: systemClock })
  const headers = [['x-test-authorization-header', '123456ots']] as const
  strict = await startReceiver({ requirements: { secrets: ['my-secret'], headers }, clock: systemClock })
  symlinkSync(join(root, 'fixtures'), join(folder, 'fixtures'))
  mkdirSync(join(folder, 'bin'))
  // `npx qualifio-sim` as a user has it after installing the package.
  writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${BIN}" "$@"\n`, {
    mode: 0o755,
  })
})
afterAll(async () => {
  await Promise.all([receiver.close(), strict.close()])
  rmSync(folder, { recursive: true, force: true })
})

const shell = (line: string) => {
  const { origin } = (/--secret my-secret -H/.test(line) ? strict : receiver).url
  // A pipe fails with whichever part of it fails.
  return run('bash', ['-o', 'pipefail', '-c', line.replaceAll('http://localhost:3000', origin)], {
    cwd: folder,
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder },
    // A whole `check` waits for ten seconds.
    timeout: 40_000,
  })
}

describe('every command of the README', () => {
  const lines = shellBlocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => /npx qualifio-sim/.test(line) && !line.startsWith('npm ci') && !/qualifio-sim emit/.test(line))
  test('there are some', () => expect(lines.length).toBeGreaterThan(20))
  test.each(lines)(
    '%s',
    async (line) => {
      await expect(shell(line)).resolves.toBeDefined()
    },
    45_000,
  )
})

describe('the emitter of the README', () => {
  const emits = shellBlocks.flatMap((block) => block.split('\n')).filter((line) => /qualifio-sim emit/.test(line))
  const asks = shellBlocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^curl .*127\.0\.0\.1:4600/.test(line))

  test.each(emits)('%s', async (line) => {
    const emitter = await startEmit(line)
    expect(await emitter.stop()).toBe(0)
  })

  test('can be asked over HTTP as it says', async () => {
    const emitter = await startEmit('npx qualifio-sim emit --memory --pace 0')
    expect(asks.length).toBeGreaterThan(3)
    for (const line of asks) {
      const { stdout } = await shell(`${line.replaceAll('http://127.0.0.1:4600', emitter.origin)} --fail-with-body`)
      expect(JSON.parse(stdout)).toBeTypeOf('object')
    }
    expect(await emitter.stop()).toBe(0)
  })

  async function startEmit(line: string) {
    const { origin } = (/--secret my-secret -H/.test(line) ? strict : receiver).url
    const words = `exec ${line.replaceAll('http://localhost:3000', origin)} --port 0 --state emit-${emits.indexOf(line)}`
    const child = spawn('bash', ['-c', /--memory/.test(words) ? words.replace(/ --state \S+/, '') : words], {
      cwd: folder,
      env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    let text = ''
    const console = await new Promise<string>((resolve, reject) => {
      child.stderr.on('data', (chunk) => {
        text += String(chunk)
        const [, found] = /console +(\S+?)\/?\n/.exec(text) ?? []
        if (found !== undefined) resolve(found)
      })
      void exited.then((code) => reject(new Error(`exit code ${code}: ${text}`)))
    })
    return {
      origin: console,
      stop: async () => {
        child.kill('SIGTERM')
        return await exited
      },
    }
  }
})

test('the fixture of the README is one, and does what it says', async () => {
  const [, fixture = ''] = /^```json\n(\{[^`]*"fixture": 1[^`]*)```/m.exec(readme) ?? []
  writeFileSync(join(folder, 'unsigned.json'), fixture)
  const { stdout } = await shell(
    "npx qualifio-sim replay unsigned.json --to http://localhost:3000 --secret my-secret -H 'x-test-authorization-header: 123456ots'",
  )
  expect(stdout).toContain('1 passed of 1 fixture')
})

test('the set-up commands are scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(readme).toContain('npm ci && npx qualifio-sim send earning\nnpm ci && npm test')
  expect(scripts).toHaveProperty('test')
  expect(scripts['prepare']).toContain('build')
  expect(scripts).toHaveProperty('bench')
})

test('the first run prints what the README shows', async () => {
  const [, shown = ''] = /<!-- output: send-earning -->\n+```text\n([\s\S]*?)```/.exec(readme) ?? []
  const [, seed = ''] = /--seed (\d+)/.exec(shown) ?? []
  const [, now = ''] = /--now (\S+)/.exec(shown) ?? []
  const { stdout, stderr } = await runCli(['send', 'earning', '--seed', seed, '--now', now])
  const steady = (text: string): string =>
    text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replace(/\b\d+ ms/g, 'N ms')
  expect(steady(stderr + stdout)).toBe(steady(shown))
})

test('the library example passes under vitest, with the built package', async () => {
  const [, example = ''] = /<!-- test: library -->\n+```ts\n([\s\S]*?)```/.exec(readme) ?? []
  const project = join(folder, 'library')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  for (const name of ['vitest', 'zod'])
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  symlinkSync(root, join(project, 'node_modules/qualifio-sim'))
  writeFileSync(join(project, 'receiver.test.ts'), example)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', project, '--reporter', 'json'], {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: folder },
  })
  expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
}, 60_000)

test('links inside the README lead somewhere', () => {
  const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  )
  const links = [...readme.matchAll(/\]\((#[^)]+|(?!https?:)[^)]+)\)/g)].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) {
    if (link.startsWith('#')) expect(anchors).toContain(link.slice(1))
    else expect(existsSync(join(root, link)), link).toBe(true)
  }
})
