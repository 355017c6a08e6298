import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, describe, expect, test } from 'vitest'
import { unreached } from '../../.build/unreached.js'
import { runCli } from '../support/run-cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-bundle-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the start-up budget', () => {
  test('of undici only the dispatcher and its parser are bundled', async () => {
    const build = await rolldown({
      input: join(root, 'src/delivery/transport.ts'),
      platform: 'node',
      plugins: [unreached],
      external: [/^node:/, 'zod'],
    })
    const { output } = await build.generate({ format: 'cjs' })
    await build.close()
    const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []))
    const fromUndici = modules.flatMap(
      (path) => /[\\/]undici[\\/]lib[\\/](.*)$/.exec(path)?.[1]?.replaceAll('\\', '/') ?? [],
    )
    expect(fromUndici.length).toBeGreaterThan(10)
    expect(fromUndici.filter((path) => !/^(core|dispatcher|llhttp|util|handler)\//.test(path))).toEqual([])
    expect(fromUndici).not.toContain('dispatcher/client-h2.js')
  })

  // Reported by the process itself, because what is loaded on demand shows in no list of imports.
  const tracer = join(scratch, 'tracer.cjs')
  const report = join(scratch, 'loaded.json')
  writeFileSync(
    tracer,
    `process.on('exit', () => {
       const builtins = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')).map((name) => 'node:' + name.slice(13))
       require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify([...Object.keys(require.cache), ...builtins]))
     })`,
  )
  async function loadedBy(args: readonly string[]): Promise<string[]> {
    const result = await runCli(args, { nodeArgs: ['--require', tracer], env: { LOADED: report } })
    expect(result).toMatchObject({ exitCode: 0 })
    return JSON.parse(readFileSync(report, 'utf8')) as string[]
  }

  test.each([[['--version']], [['--help']]])('%j loads the first files only, and no network code', async (args) => {
    const loaded = await loadedBy(args)
    const ours = loaded.flatMap((path) => /[\\/]dist[\\/](\w+)[^\\/]*$/.exec(path)?.[1] ?? [])
    expect(ours.toSorted()).toEqual(['base', 'main', 'rolldown', 'start'])
    expect(loaded.filter((name) => /^node:(http2?|https|tls|dns|crypto|child_process)$/.test(name))).toEqual([])
  })

  test('send to an endpoint loads no zod, no HTTP server and no HTTP/2', async () => {
    const loaded = await loadedBy(['send', 'earning', '--dry-run', '--to', 'http://127.0.0.1:9/', '--secret', 's'])
    expect(loaded.filter((path) => /[\\/]network-[^\\/]*$/.test(path))).toHaveLength(1)
    expect(loaded.filter((path) => /node_modules|^node:(http2?|dns|fs\/promises|perf_hooks)$/.test(path))).toEqual([])
  })

  test.each([
    [['send', 'earning', '--seed', '1', '--speed', 'max']],
    [['generate', 'all', '--seed', '1', '--batch', 'max']],
  ])('%j loads neither zod nor HTTP/2', async (args) => {
    const loaded = await loadedBy(args)
    expect(loaded.filter((path) => /node_modules|^node:http2$/.test(path))).toEqual([])
  })
})
