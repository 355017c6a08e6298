import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { memberOf, stateFolder, webhookOf } from './store-setting.ts'
import type { StateFolder } from './store-setting.ts'

let folder: StateFolder
beforeEach(() => (folder = stateFolder()))
afterEach(() => folder.remove())

const state = () => join(folder.path, 'state')
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('the folder', () => {
  test('is made with those above it, and is its owner’s alone, as is every file in it', async () => {
    const path = join(folder.path, 'a', 'b', 'state')
    const store = await folder.open({ folder: path })
    store.putWebhook(webhookOf('shop'))
    expect(modeOf(path)).toBe('700')
    expect(readdirSync(path).map((name) => [name, modeOf(join(path, name))])).toEqual([
      ['.gitignore', '600'],
      ['emit.db', '600'],
      ['emit.db-wal', '600'],
    ])
  })

  test('may be relative to a working directory', async () => {
    await folder.open({ folder: 'here', cwd: folder.path })
    expect(existsSync(join(folder.path, 'here', 'emit.db'))).toBe(true)
  })

  test('is one file again after it was closed, which others cannot read though they could', async () => {
    await (await folder.open()).close()
    expect(readdirSync(state())).toEqual(['.gitignore', 'emit.db'])
    chmodSync(join(state(), 'emit.db'), 0o644)
    await folder.open()
    expect(modeOf(join(state(), 'emit.db'))).toBe('600')
  })

  test('is kept out of Git when it is made, and left alone when it was there', async () => {
    await (await folder.open()).close()
    expect(readFileSync(join(state(), '.gitignore'), 'utf8')).toBe('*\n')
    mkdirSync(join(folder.path, 'mine'))
    await (await folder.open({ folder: join(folder.path, 'mine') })).close()
    expect(readdirSync(join(folder.path, 'mine'))).toEqual(['emit.db'])
  })

  test('is not needed in memory', async () => {
    const store = await folder.open({ folder: 'memory', cwd: folder.path })
    store.putWebhook(webhookOf('shop'))
    await store.durable()
    expect(store.webhooks()).toHaveLength(1)
    await store.close()
    expect(readdirSync(folder.path)).toEqual([])
  })

  test.each<[string, string, RegExp, (path: string) => void]>([
    ['a file', 'state', /^--state .*is a file; name a folder/, (path) => writeFileSync(path, '')],
    ['below a file', 'file/state', /^--state .*is a file; name/, (path) => writeFileSync(join(path, '..'), '')],
    ['where none can be made', '/proc/nowhere/state', /^--state .*no folder can be made there/, () => {}],
    ['without a name', '', /^--state names no folder/, () => {}],
    [
      'with a folder in place of its file',
      'state',
      /emit\.db in it is a folder/,
      (path) => mkdirSync(join(path, 'emit.db'), { recursive: true }),
    ],
    [
      'with something that is no database',
      'state',
      /emit\.db in .*state is no database, or a damaged one \(SQLITE_NOTADB\); move it away, or pass another/,
      (path) => {
        mkdirSync(path)
        writeFileSync(join(path, 'emit.db'), 'no database '.repeat(900))
      },
    ],
  ])('%s is refused with what to do', async (_, name, text, prepare) => {
    prepare(join(folder.path, name))
    const opening = folder.open({ folder: name, cwd: folder.path })
    await expect(opening).rejects.toThrow(text)
    await expect(opening).rejects.toBeInstanceOf(UsageError)
  })

  test('with a file that was cut is refused', async () => {
    const store = await folder.open()
    for (let number = 0; number < 200; number++) store.putMember(memberOf(number))
    await store.close()
    truncateSync(join(state(), 'emit.db'), 40_000)
    await expect(folder.open()).rejects.toThrow(/no database, or a damaged one \(SQLITE_CORRUPT\); move it away/)
  })
})

describe('one process', () => {
  const inUse = /^the state in .*state is in use by another qualifio-sim emit; stop it, or pass another --state$/

  test('has the folder until it closes it', async () => {
    const store = await folder.open()
    await expect(folder.open()).rejects.toThrow(inUse)
    // Whoever was refused did not take the lock away.
    await expect(folder.open()).rejects.toThrow(inUse)
    store.putWebhook(webhookOf('shop'))
    await store.close()
    expect((await folder.open()).webhooks()).toHaveLength(1)
  })

  test('keeps others out', async () => {
    const store = await folder.open()
    await expect(folder.open()).rejects.toThrow(inUse)
    const script = `
      const Database = require('libsql')
      const database = new Database(process.argv[1], { timeout: 0 })
      try { database.prepare('SELECT count(*) FROM webhooks').all(); console.log('read') } catch (error) { console.log(error.code) }`
    const other = () =>
      execFileSync(process.execPath, ['-e', script, join(state(), 'emit.db')], { encoding: 'utf8' }).trim()
    expect(other()).toBe('SQLITE_BUSY')
    await store.close()
    expect(other()).toBe('read')
  })

  test('that ended without closing leaves all that was durable', async () => {
    const store = await folder.open()
    store.putWebhook(webhookOf('kept'))
    const durable = store.durable()
    folder.clock.advance(0)
    await durable
    store.putWebhook(webhookOf('not yet'))
    cpSync(state(), join(folder.path, 'copy'), { recursive: true })
    const copy = await folder.open({ folder: join(folder.path, 'copy') })
    expect(copy.webhooks().map(({ name }) => name)).toEqual(['kept'])
  })
})
