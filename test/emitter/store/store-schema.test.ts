import Driver from 'libsql'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../src/emitter/store/database.ts'
import { migrate, MIGRATIONS } from '../../../src/emitter/store/schema.ts'
import { attempt, deliveryOf, eventOf, goingTo, stateFolder, webhookOf } from './store-setting.ts'
import type { StateFolder } from './store-setting.ts'

let folder: StateFolder
beforeEach(() => (folder = stateFolder()))
afterEach(() => folder.remove())

/** Works on the file behind the store's back. */
function onFile<T>(work: (database: Database) => T): T {
  mkdirSync(join(folder.path, 'state'), { recursive: true })
  const database = new Driver(join(folder.path, 'state', 'emit.db')) as unknown as Database
  try {
    return work(database)
  } finally {
    database.close()
  }
}
const versionOf = (database: Database) => database.prepare('PRAGMA user_version').all()
const namesIn = (database: Database) =>
  database.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all()

test('an empty file becomes the latest version, and the latest version stays as it is', async () => {
  await (await folder.open()).close()
  const made = onFile(namesIn)
  expect(onFile(versionOf)).toEqual([{ user_version: 2 }])
  await (await folder.open()).close()
  expect(onFile(namesIn)).toEqual(made)
})

test('a version 1 that was filled by hand is read, and pings are counted no longer', async () => {
  onFile((database) => {
    migrate(database, 'state', MIGRATIONS.slice(0, 1))
    database.exec(`
      INSERT INTO facts VALUES ('seed', '99'), ('createdAtMs', '5');
      INSERT INTO webhooks VALUES (3, 'id-of-shop', 'shop', '${JSON.stringify(webhookOf('shop'))}'), (4, 'gone', 'old name', NULL);
      INSERT INTO events VALUES (8, 'e8', 'member-1', 'earning', 5, 1, 'life', '[[3,0],[4,"inactive"]]', '${JSON.stringify({ ...eventOf('e8'), data: {} })}');
      INSERT INTO deliveries VALUES (6, 3, 'events', 'retrying', NULL, 8, '3', 1, 2, 1, 5, 1, 0, 5, 7, NULL, '["member-1"]');
      INSERT INTO requests VALUES (6, 'application/json', 'X-Sig', 'v', 'abc', 2, x'5b5d');
      INSERT INTO routes VALUES (8, 3, 6);
      INSERT INTO deliveries VALUES (5, 3, 'ping', 'blocked', 'retries', 0, '', 0, 1, 0, 1, 0, 0, 4, NULL, 4, '[]');
      INSERT INTO counts VALUES (3, 'retrying', 1), (3, 'blocked', 1);`)
  })
  const store = await folder.open()
  expect([store.seed, store.createdAtMs, store.webhookName('gone')]).toEqual([99, 5, 'old name'])
  expect(store.unfinished()).toEqual([
    {
      id: 6,
      webhookId: 'id-of-shop',
      kind: 'events',
      dueAtMs: 7,
      round: 2,
      retriesDone: 1,
      attemptCount: 5,
      isUnknown: true,
      memberIds: ['member-1'],
    },
  ])
  expect(store.delivery(6)).toMatchObject({ types: ['earning'], bodyBytes: 2, lastResult: null })
  expect(store.eventBySeq(8)?.deliveries).toEqual(new Map([['id-of-shop', 6]]))
  expect(store.eventBySeq(8)?.routings).toEqual([
    ...goingTo('shop'),
    { webhookId: 'gone', goes: false, why: 'inactive' },
  ])
  attempt(store, 6, 'delivered')
  expect(store.counts()).toEqual([{ webhookId: 'id-of-shop', state: 'delivered', count: 1 }])
  const seq = store.addEvent({ event: eventOf('e9'), origin: 'life', routings: goingTo('shop') })
  expect([seq, store.addDelivery(deliveryOf('shop', [seq]))]).toEqual([9, 7])
})

test('a next version is one step more, taken whole or not at all', async () => {
  await (await folder.open()).close()
  const add = 'ALTER TABLE stories ADD COLUMN title TEXT;'
  expect(() => onFile((database) => migrate(database, 'state', [...MIGRATIONS, `${add} NO SQL;`]))).toThrow()
  const after = onFile((database) => [
    versionOf(database),
    database.prepare('SELECT * FROM pragma_table_info(?)').all('stories').length,
  ])
  expect(after).toEqual([[{ user_version: 2 }], 2])
  onFile((database) => migrate(database, 'state', [...MIGRATIONS, add]))
  expect(onFile(versionOf)).toEqual([{ user_version: 3 }])
})

test.each([
  [
    'a newer version',
    ['PRAGMA user_version = 3', `UPDATE facts SET value = '"9.8.7"' WHERE name = 'toolVersion'`],
    /state in .*state was written by a newer qualifio-sim, 9\.8\.7 \(state version 3; this one knows 2\); use that one/,
  ],
  ['another program’s', ['PRAGMA application_id = 5'], /is a database of another program; pass another --state/],
  ['one without our mark', ['PRAGMA user_version = 0'], /is a database of another program/],
])('%s is refused, and left as it is', async (_, changes, text) => {
  await (await folder.open()).close()
  onFile((database) => changes.forEach((sql) => database.exec(sql)))
  const before = onFile(namesIn)
  await expect(folder.open()).rejects.toThrow(text)
  await expect(folder.open()).rejects.toThrow(text)
  expect(onFile(namesIn)).toEqual(before)
})
