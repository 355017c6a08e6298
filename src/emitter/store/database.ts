/** What a column holds. Anything else ends the process inside the driver, so the types keep it out. */
export type Value = string | number | null | Uint8Array

/** A prepared statement, as far as it is used here: `get` and `all` run to the end, an open cursor would hold the file. */
export interface Statement {
  run(...values: Value[]): { readonly changes: number; readonly lastInsertRowid: number }
  get(...values: Value[]): unknown
  all(...values: Value[]): unknown[]
}

/** The driver's database, as far as it is used here. */
export interface Database {
  prepare(sql: string): Statement
  exec(sql: string): void
  close(): void
}

/** Something written that a crash test may want to end the process at. */
export type Mark = 'accept' | 'intent' | 'result'

/** The database as the tables of the store see it: what is read sees what was written, committed or not. */
export interface Tables {
  /** The first row, or undefined. */
  one(sql: string, ...values: Value[]): unknown
  all(sql: string, ...values: Value[]): unknown[]
  /** Writes, in the transaction that is open or begins with it. */
  write(sql: string, ...values: Value[]): { readonly changes: number; readonly lastInsertRowid: number }
  mark(mark: Mark): void
  /** Called before every commit, to write what was kept in memory until then. */
  beforeCommit(write: () => void): void
}

/** The code of an error of the driver, `SQLITE_FULL`; undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { readonly code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined
}

/** Whether a code says that the file is no database, or a damaged one. */
export const isDamage = (code: string): boolean => code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')

/** Statements are prepared once. */
export function preparing(database: Database): (sql: string) => Statement {
  const prepared = new Map<string, Statement>()
  return (sql) => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
}
