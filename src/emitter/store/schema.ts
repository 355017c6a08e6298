import type { EventType } from '../../contract/event-types.ts'
import { UsageError } from '../../errors.ts'
import type { Database } from './database.ts'

/** "QSim": tells our files from any other SQLite database. */
const APPLICATION_ID = 0x5153696d

/** The bit of each type in `deliveries.types` and its digit in `deliveries.type_order`. In files, so never changed. */
export const TYPE_CODES = {
  profile_creation: 0,
  member_portal_visit: 1,
  change_in_level: 2,
  earning: 3,
  burning: 4,
  point_correction_plus: 5,
  point_correction_minus: 6,
  free_gift: 7,
} as const satisfies Record<EventType, number>

/** Attempts of a delivery lie side by side, by `key`: the delivery's id times this, plus the attempt's number. */
export const ATTEMPTS_PER_DELIVERY = 65_536

/*
 * Webhooks have a short key, which stays when they are deleted. `events.routes` counts the routes an event still has,
 * `deliveries.is_open` says that the last attempt has no result. The indexes of deliveries hold all that a list is
 * filtered by, so that a filter which matches little reads no row in vain; bodies and results lie apart from it.
 */
const VERSION_1 = `
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE webhooks (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, record TEXT);
CREATE TABLE members (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, search TEXT NOT NULL, record TEXT NOT NULL
);
CREATE INDEX members_by_name ON members (name);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, member TEXT NOT NULL, type TEXT NOT NULL,
  added_at INTEGER NOT NULL, routes INTEGER NOT NULL, origin TEXT NOT NULL, routings TEXT NOT NULL, event TEXT NOT NULL
);
CREATE INDEX events_by_id ON events (id);
CREATE INDEX events_by_member ON events (member, seq);
CREATE INDEX events_unrouted ON events (added_at) WHERE routes = 0;
CREATE TABLE routes (
  seq INTEGER NOT NULL, webhook INTEGER NOT NULL, delivery INTEGER, PRIMARY KEY (seq, webhook)
) WITHOUT ROWID;
CREATE INDEX routes_open ON routes (webhook, seq) WHERE delivery IS NULL;
CREATE INDEX routes_by_delivery ON routes (delivery, seq) WHERE delivery IS NOT NULL;
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, webhook INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
  blocked_by TEXT, types INTEGER NOT NULL, type_order TEXT NOT NULL, event_count INTEGER NOT NULL,
  round INTEGER NOT NULL, retries_done INTEGER NOT NULL, attempt_count INTEGER NOT NULL, is_open INTEGER NOT NULL,
  possible_duplicate INTEGER NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER, finished_at INTEGER,
  members TEXT NOT NULL
);
CREATE INDEX deliveries_by_state ON deliveries (state, id, webhook, types);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, id, state, types);
CREATE INDEX deliveries_by_end ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
CREATE TABLE delivery_members (
  member TEXT NOT NULL, delivery INTEGER NOT NULL, PRIMARY KEY (member, delivery)
) WITHOUT ROWID;
CREATE TABLE requests (
  delivery INTEGER PRIMARY KEY, content_type TEXT NOT NULL, signature_header TEXT, signature_value TEXT,
  body_sha256 TEXT NOT NULL, body_bytes INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE counts (
  webhook INTEGER NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (webhook, state)
) WITHOUT ROWID;
CREATE TABLE attempts (
  key INTEGER PRIMARY KEY, round INTEGER NOT NULL, retry INTEGER NOT NULL, due_at INTEGER NOT NULL,
  started_at INTEGER NOT NULL, possible_duplicate INTEGER NOT NULL, duration REAL, result TEXT
);
CREATE TABLE stories (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
`

/* Pings were counted with the deliveries of events: from this version on they are not. */
const VERSION_2 = `
DELETE FROM counts;
INSERT INTO counts (webhook, state, count)
  SELECT webhook, state, count(*) FROM deliveries WHERE kind = 'events' GROUP BY webhook, state;
`

/** What leads from each version to the next: the first makes version 1 of an empty file. */
export const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2]

/**
 * Brings a file to the version after the last migration, all of it or nothing.
 * @param folder for the errors
 * @throws UsageError when the file is of a newer version, or is not ours
 */
export function migrate(database: Database, folder: string, migrations: readonly string[] = MIGRATIONS): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const version = versionOf(database, folder)
    if (version > migrations.length)
      throw new UsageError(
        `the state in ${folder} was written by a newer qualifio-sim${writer(database)} (state version ${version}; this one knows ${migrations.length}); use that one, or pass another --state.`,
      )
    for (const step of migrations.slice(version)) database.exec(step)
    if (version < migrations.length)
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: Database, folder: string): number {
  const version = valueOf(database, 'PRAGMA user_version')
  const isEmpty = version === 0 && valueOf(database, 'SELECT count(*) FROM sqlite_schema') === 0
  if (!isEmpty && (version === 0 || valueOf(database, 'PRAGMA application_id') !== APPLICATION_ID))
    throw new UsageError(
      `the emit.db in ${folder} is a database of another program; pass another --state, or move it away.`,
    )
  return version
}

function valueOf(database: Database, sql: string): number {
  const [row] = database.prepare(sql).all() as Readonly<Record<string, number>>[]
  return Object.values(row ?? {})[0] ?? 0
}

/** Which version wrote it last, if it still says so as it does today. */
function writer(database: Database): string {
  try {
    const [row] = database.prepare("SELECT value FROM facts WHERE name = 'toolVersion'").all() as { value: string }[]
    return row === undefined ? '' : `, ${String(JSON.parse(row.value))}`
  } catch {
    return ''
  }
}
