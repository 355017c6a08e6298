import type { Clock } from '../../ports.ts'
import { StateError } from '../state-error.ts'
import type { CrashPoint } from '../storage.ts'
import { isDamage, preparing, sqliteCode, type Database, type Mark, type Tables } from './database.ts'

/** When and how what is written is committed. */
export interface CommitOptions {
  readonly clock: Pick<Clock, 'after'>
  /** `disk`: writes of a moment share one commit, for each waits for the disk. `memory`: nothing waits. */
  readonly on: 'disk' | 'memory'
  /** Is the file still where it was opened? Without it, it always is. */
  readonly isThere?: (() => boolean) | undefined
  /** Called around commits, once for each write that it is about, in their order. */
  readonly atPoint?: ((point: CrashPoint) => void) | undefined
}

/** The one open transaction and its end. */
export interface Commits extends Tables {
  /** Resolves when all that was written so far is committed. @throws StateError when it cannot be */
  durable(): Promise<void>
  /** Commits now. @throws StateError when it cannot be */
  commit(): void
  /** @throws StateError when the file is gone, by now and for ever */
  check(): void
  /** Commits and gives the file back. Whatever is called afterwards throws. */
  close(): void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/**
 * Group commit: a transaction begins with the first write and is committed a moment later, so that all writes of this
 * turn, and of whoever gets a turn meanwhile, share one wait for the disk.
 */
export function groupCommits(database: Database, { clock, on, isThere = () => true, atPoint }: CommitOptions): Commits {
  const prepare = preparing(database)
  const preparations: (() => void)[] = []
  let isOpen = false
  let cancel = (): void => {}
  let waiters: Waiter[] = []
  let marks: Mark[] = []
  let failure: Error | undefined

  const usable = (): void => {
    if (failure !== undefined) throw failure
  }

  /** After a failed write nobody knows what the transaction still holds: everything ends here. */
  function fail(error: unknown, verb = 'written'): Error {
    if (failure !== undefined) return failure
    failure = error instanceof StateError ? error : unusable(error, verb)
    cancel()
    isOpen = false
    try {
      database.exec('ROLLBACK')
    } catch {
      // It was rolled back already.
    }
    const rejected = waiters
    waiters = []
    for (const { reject } of rejected) reject(failure)
    return failure
  }

  function read<T>(query: () => T): T {
    usable()
    try {
      return query()
    } catch (error) {
      throw fail(error, 'read')
    }
  }

  /** What is written into a file without a name is lost when the process ends, and no error says so. */
  function check(): void {
    usable()
    if (!isThere()) throw fail(gone())
  }

  function begin(): void {
    if (isOpen) return
    prepare('BEGIN IMMEDIATE').run()
    isOpen = true
    cancel = clock.after(0, flush)
  }

  function commit(): void {
    if (!isOpen) return
    check()
    cancel()
    for (const write of preparations) write()
    const about = marks
    marks = []
    for (const mark of about) if (mark !== 'result') atPoint?.(`before-${mark}`)
    try {
      prepare('COMMIT').run()
    } catch (error) {
      throw fail(error)
    }
    isOpen = false
    for (const mark of about) atPoint?.(`after-${mark}`)
    const resolved = waiters
    waiters = []
    for (const { resolve } of resolved) resolve()
  }

  /** A commit that nobody waits for tells its failure to the next who calls. */
  function flush(): void {
    try {
      commit()
    } catch (error) {
      if (error !== failure) throw error
    }
  }

  return {
    one: (sql, ...values) => read(() => prepare(sql).get(...values)),
    all: (sql, ...values) => read(() => prepare(sql).all(...values)),
    write(sql, ...values) {
      usable()
      try {
        begin()
        return prepare(sql).run(...values)
      } catch (error) {
        throw fail(error)
      }
    },
    mark(mark) {
      if (atPoint !== undefined) marks.push(mark)
    },
    beforeCommit(write) {
      preparations.push(write)
    },
    async durable() {
      usable()
      if (on === 'memory') commit()
      if (isOpen) await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }))
    },
    check,
    commit,
    close() {
      try {
        commit()
      } finally {
        const canGiveBack = on === 'disk' && failure === undefined
        failure ??= new Error('the state is closed')
        if (canGiveBack) giveBack(database)
        database.close()
      }
    },
  }
}

function gone(): StateError {
  return new StateError(
    'the state is gone: its folder, or the emit.db in it, was deleted or replaced while emit was running, and what it held with it. Put it back, or start again with a new one.',
  )
}

function unusable(error: unknown, verb: string): StateError {
  const code = sqliteCode(error) ?? String(error)
  if (isDamage(code))
    return new StateError(
      `the state cannot be ${verb} (${code}): the emit.db is damaged; move it away and start again, or pass another --state. What was accepted may be lost.`,
    )
  const what = code === 'SQLITE_FULL' ? 'the disk is full; make room' : 'mend its disk or its file'
  return new StateError(`the state cannot be ${verb} (${code}): ${what}, and start again; what was accepted is kept.`)
}

/**
 * The driver keeps a file locked until its statements are garbage: leaving WAL mode (which also writes everything into
 * the one file) and then exclusive mode gives the lock back at once.
 */
export function giveBack(database: Database): void {
  try {
    for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL', 'SELECT 1 FROM sqlite_schema'])
      database.prepare(sql).all()
  } catch {
    // What is committed is safe in the WAL file; the lock ends with the process.
  }
}
