import Driver from 'libsql'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { groupCommits } from '../../../src/emitter/store/commits.ts'
import type { Database } from '../../../src/emitter/store/database.ts'
import type { CrashPoint } from '../../../src/emitter/storage.ts'
import { UsageError } from '../../../src/errors.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { answered, begin, deliveryOf, eventOf, goingTo, stateFolder, webhookOf } from './store-setting.ts'
import type { StateFolder } from './store-setting.ts'

describe('crash points', () => {
  let folder: StateFolder
  beforeEach(() => (folder = stateFolder()))
  afterEach(() => folder.remove())

  test('lie around the commit that holds the write, once for each write, in order', async () => {
    const points: (CrashPoint | 'durable')[] = []
    const store = await folder.open({ atPoint: (point) => points.push(point) })
    const commit = async () => {
      const durable = store.durable().then(() => points.push('durable'))
      expect(points).toEqual([])
      folder.clock.advance(0)
      await durable
      return points.splice(0)
    }
    store.putWebhook(webhookOf('shop'))
    expect(await commit()).toEqual(['durable'])
    const event = { event: eventOf('e'), origin: 'life', routings: goingTo('shop') } as const
    const ids = [1, 2].map(() => store.addDelivery(deliveryOf('shop', [store.addEvent(event)])))
    expect(await commit()).toEqual(['before-accept', 'before-accept', 'after-accept', 'after-accept', 'durable'])
    const [first = 0, second = 0] = ids
    begin(store, first)
    expect(await commit()).toEqual(['before-intent', 'after-intent', 'durable'])
    const aftermath = { state: 'delivered', atMs: 5 } as const
    store.endAttempt({ deliveryId: first, number: 1 }, { result: answered(200), durationMs: 1, aftermath })
    begin(store, second)
    expect(await commit()).toEqual(['before-intent', 'after-result', 'after-intent', 'durable'])
  })

  test('before its commit a write is not in the file, after it it is', async () => {
    const copied: CrashPoint[] = []
    const store = await folder.open({
      atPoint(point) {
        cpSync(join(folder.path, 'state'), join(folder.path, point), { recursive: true })
        copied.push(point)
      },
    })
    store.putWebhook(webhookOf('shop'))
    const seq = store.addEvent({ event: eventOf('e'), origin: 'life', routings: goingTo('shop') })
    const id = store.addDelivery(deliveryOf('shop', [seq]))
    folder.clock.advance(0)
    begin(store, id)
    folder.clock.advance(0)
    const aftermath = { state: 'delivered', atMs: 5 } as const
    store.endAttempt({ deliveryId: id, number: 1 }, { result: answered(200), durationMs: 1, aftermath })
    folder.clock.advance(0)
    const found = new Map<CrashPoint, unknown>()
    for (const point of copied) {
      const then = await folder.open({ folder: join(folder.path, point) })
      found.set(point, [then.unfinished().map(({ isUnknown }) => isUnknown), then.counts().map(({ state }) => state)])
    }
    expect([...found]).toEqual([
      ['before-accept', [[], []]],
      ['after-accept', [[false], ['queued']]],
      ['before-intent', [[false], ['queued']]],
      ['after-intent', [[true], ['queued']]],
      ['after-result', [[], ['delivered']]],
    ])
  })
})

describe('group commit', () => {
  function opened(limit = '') {
    const database = new Driver(':memory:') as unknown as Database
    database.exec(`${limit}; CREATE TABLE t (a TEXT)`)
    const sql: string[] = []
    const watched: Database = {
      ...database,
      exec: (text) => database.exec(text),
      close: () => database.close(),
      prepare(text) {
        const statement = database.prepare(text)
        return {
          run: (...values) => (sql.push(text), statement.run(...values)),
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
        }
      },
    }
    const clock = fakeClock()
    return { clock, sql, commits: groupCommits(watched, { clock, on: 'disk' }) }
  }
  const insert = 'INSERT INTO t VALUES (?)'

  test('writes of a moment share one commit, which comes though nobody waits for it', async () => {
    const { clock, sql, commits } = opened()
    for (const text of ['a', 'b', 'c']) commits.write(insert, text)
    expect(commits.all('SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }])
    clock.advance(0)
    expect(sql).toEqual(['BEGIN IMMEDIATE', insert, insert, insert, 'COMMIT'])
    clock.advance(1000)
    expect(sql).toHaveLength(5)
  })

  test('durable resolves after the commit and not before; at once when all is committed', async () => {
    const { clock, commits } = opened()
    await commits.durable()
    commits.write(insert, 'a')
    const resolved = vi.fn()
    const waiting = [commits.durable().then(resolved), commits.durable().then(resolved)]
    await Promise.resolve()
    expect(resolved).not.toHaveBeenCalled()
    clock.advance(0)
    await Promise.all(waiting)
    expect(resolved).toHaveBeenCalledTimes(2)
    await commits.durable()
  })

  test('what is kept in memory until the commit is written with it', () => {
    const { clock, sql, commits } = opened()
    commits.beforeCommit(() => void commits.write(insert, 'late'))
    commits.write(insert, 'a')
    clock.advance(0)
    expect(sql).toEqual(['BEGIN IMMEDIATE', insert, insert, 'COMMIT'])
    commits.close()
  })

  test('a disk that is full ends it: everybody who waits is told, and whoever calls later', async () => {
    const { clock, commits } = opened('PRAGMA max_page_count = 8')
    commits.write(insert, 'safe')
    clock.advance(0)
    commits.write(insert, 'lost')
    const waiting = [commits.durable(), commits.durable()].map((each) => each.catch((error: unknown) => error))
    const text = /^the state cannot be written \(SQLITE_FULL\): the disk is full; make room, and start again/
    expect(() => commits.write(insert, 'x'.repeat(100_000))).toThrow(text)
    for (const error of await Promise.all(waiting)) {
      expect(error).toBeInstanceOf(UsageError)
      expect(String(error)).toMatch(/SQLITE_FULL/)
    }
    expect(() => commits.write(insert, 'small')).toThrow(text)
    expect(() => commits.all('SELECT * FROM t')).toThrow(text)
    await expect(commits.durable()).rejects.toThrow(text)
    commits.close()
  })

  test('a commit that fails is told to who waits, or to the next who calls', async () => {
    const failing = () => {
      const database = new Driver(':memory:') as unknown as Database
      // A check that SQLite makes at the end of the transaction stands for a disk that fails then.
      database.exec(
        'PRAGMA foreign_keys = ON; CREATE TABLE p (a PRIMARY KEY); CREATE TABLE t (a REFERENCES p (a) DEFERRABLE INITIALLY DEFERRED)',
      )
      const clock = fakeClock()
      const commits = groupCommits(database, { clock, on: 'disk' })
      commits.write(insert, 'orphan')
      return { clock, commits }
    }
    const waited = failing()
    const durable = waited.commits.durable()
    waited.clock.advance(0)
    await expect(durable).rejects.toThrow(/cannot be written \(SQLITE_CONSTRAINT/)
    const alone = failing()
    alone.clock.advance(0)
    await expect(alone.commits.durable()).rejects.toThrow(/cannot be written/)
    expect(() => failing().commits.close()).toThrow(/cannot be written/)
  })

  test('a damaged file is not promised to keep anything', () => {
    const database = new Driver(':memory:') as unknown as Database
    const prepare = () => {
      throw Object.assign(new Error('malformed'), { code: 'SQLITE_CORRUPT' })
    }
    const damaged = groupCommits(
      { ...database, prepare, exec: () => {}, close: () => {} },
      { clock: fakeClock(), on: 'memory' },
    )
    expect(() => damaged.all('SELECT 1')).toThrow(
      /\(SQLITE_CORRUPT\): the emit\.db is damaged; .* or pass another --state\. What was accepted may be lost\.$/,
    )
  })

  test('closing commits what is open, and ends it', async () => {
    const { sql, commits } = opened()
    commits.write(insert, 'a')
    const durable = commits.durable()
    commits.close()
    await durable
    expect(sql.at(-1)).toBe('COMMIT')
    expect(() => commits.write(insert, 'b')).toThrow('the state is closed')
  })
})
