import { join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Clock } from '../../ports.ts'
import { toolVersion } from '../../version.ts'
import type { CrashPoint, Store } from '../storage.ts'
import { attemptTable } from './attempts.ts'
import { giveBack, groupCommits, type CommitOptions } from './commits.ts'
import { isDamage, sqliteCode, type Database } from './database.ts'
import { deliveryTable } from './deliveries.ts'
import { deliveryList } from './delivery-list.ts'
import { eventTable } from './events.ts'
import { factTable } from './facts.ts'
import { forgetting } from './forget.ts'
import { codeOf, folderProblem, makePrivateFile, makePrivateFolder, watchedFile } from './folder.ts'
import { memberTable } from './members.ts'
import { migrate } from './schema.ts'
import { webhookTable } from './webhooks.ts'

/** Where the state is, and what it is handed. */
export interface StoreOptions {
  /** As it was typed. `memory`: nothing is kept. */
  readonly folder: string
  /** What a relative folder is relative to. */
  readonly cwd?: string | undefined
  readonly clock: Clock
  /** Called when the state is new: 0 to 4294967295. */
  readonly newSeed: () => number
  /** For crash tests: called around the commit that holds such a write, once for each. */
  readonly atPoint?: ((point: CrashPoint) => void) | undefined
}

/**
 * Opens the state folder, or makes it. One process at a time.
 * @throws UsageError when the folder cannot be used, is in use, or holds something else
 */
export async function openStore({ folder, cwd = '.', clock, newSeed, atPoint }: StoreOptions): Promise<Store> {
  const open = await driver()
  const on = folder === 'memory' ? 'memory' : 'disk'
  const path = resolve(cwd, folder)
  const database = on === 'memory' ? open(':memory:') : openFile(open, { folder, path })
  if (on === 'memory') migrate(database, folder)
  try {
    const isThere = on === 'memory' ? undefined : watchedFile(join(path, FILE))
    return storeOn(database, { clock, newSeed, on, isThere, atPoint })
  } catch (error) {
    if (on === 'disk') abandon(database)
    throw error
  }
}

function storeOn(
  database: Database,
  { clock, newSeed, on, isThere, atPoint }: Omit<StoreOptions, 'folder'> & Pick<CommitOptions, 'on' | 'isThere'>,
): Store {
  const commits = groupCommits(database, { clock, on, isThere, atPoint })
  const webhooks = webhookTable(commits)
  const events = eventTable(commits, webhooks, clock)
  const facts = factTable(commits, { newSeed, nowMs: () => clock.nowMs(), toolVersion: toolVersion() })
  commits.commit()
  let isClosed = false
  return {
    ...facts,
    ...memberTable(commits),
    ...events,
    ...webhooks,
    ...deliveryTable(commits, webhooks, events),
    ...deliveryList(commits, webhooks),
    ...attemptTable(commits, webhooks),
    ...forgetting(commits, webhooks),
    durable: () => commits.durable(),
    check: commits.check,
    async close() {
      if (isClosed) return
      isClosed = true
      commits.close()
    },
  }
}

const FILE = 'emit.db'

type Open = (path: string) => Database

/** Only this command needs the driver, so whoever installs without it can do everything else. */
async function driver(): Promise<Open> {
  try {
    const { default: Driver } = (await import('libsql')) as unknown as {
      readonly default: new (path: string, options: { readonly timeout: number }) => Database
    }
    return (path) => new Driver(path, { timeout: 0 })
  } catch (error) {
    const code = codeOf(error)
    const why = code.endsWith('MODULE_NOT_FOUND') ? 'is not installed' : `cannot be loaded on this machine (${code})`
    throw new UsageError(`emit keeps its state with the package libsql, which ${why}; run: npm install libsql`)
  }
}

/** How the file is opened. The log of changes gets 16 MB long before it is written into the file. */
const SETTINGS = [
  'PRAGMA locking_mode = EXCLUSIVE',
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA wal_autocheckpoint = 4000',
  'PRAGMA cache_size = -32768',
  'PRAGMA temp_store = MEMORY',
]

function openFile(open: Open, { folder, path }: { readonly folder: string; readonly path: string }): Database {
  if (folder === '') throw new UsageError('--state names no folder; write for example --state .qualifio-sim')
  const file = join(path, FILE)
  try {
    makePrivateFolder(path)
    makePrivateFile(file)
  } catch (error) {
    throw new UsageError(`--state ${folder}: ${folderProblem(error)}`)
  }
  let database: Database | undefined
  try {
    database = open(file)
    for (const setting of SETTINGS) database.prepare(setting).all()
    migrate(database, folder)
    return database
  } catch (error) {
    if (database !== undefined) abandon(database)
    throw error instanceof UsageError ? error : new UsageError(openProblem(error, folder))
  }
}

function abandon(database: Database): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // Nothing was begun.
  }
  giveBack(database)
  database.close()
}

function openProblem(error: unknown, folder: string): string {
  const code = sqliteCode(error)
  if (code?.startsWith('SQLITE_BUSY') === true)
    return `the state in ${folder} is in use by another qualifio-sim emit; stop it, or pass another --state`
  if (code !== undefined && isDamage(code))
    return `the emit.db in ${folder} is no database, or a damaged one (${code}); move it away, or pass another --state.`
  if (code === 'SQLITE_FULL') return `the disk of the state in ${folder} is full; make room, or pass another --state.`
  return `the emit.db in ${folder} cannot be opened (${code ?? String(error)}); mend that, or pass another --state.`
}
