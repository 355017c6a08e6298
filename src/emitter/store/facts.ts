import type { Program } from '../../program/program.ts'
import type { LifeSettings, StoryRecord } from '../records.ts'
import type { Store } from '../storage.ts'
import type { Tables } from './database.ts'

type Facts = Pick<
  Store,
  | 'seed'
  | 'createdAtMs'
  | 'settings'
  | 'putSettings'
  | 'programs'
  | 'putPrograms'
  | 'mostMembers'
  | 'putMostMembers'
  | 'addStory'
  | 'putStory'
  | 'stories'
>

/** What there is one of: chance, settings, programs; and the stories, of which there are few. */
export function factTable(
  tables: Tables,
  first: { readonly newSeed: () => number; readonly nowMs: () => number; readonly toolVersion: string },
): Facts {
  function read(name: string): unknown {
    const row = tables.one('SELECT value FROM facts WHERE name = ?', name) as { readonly value: string } | undefined
    return row === undefined ? undefined : JSON.parse(row.value)
  }

  function put<T>(name: string, value: T): T {
    tables.write(
      'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      JSON.stringify(value),
    )
    return value
  }

  if (read('toolVersion') !== first.toolVersion) put('toolVersion', first.toolVersion)
  const seed = (read('seed') as number | undefined) ?? put('seed', first.newSeed())
  const createdAtMs = (read('createdAtMs') as number | undefined) ?? put('createdAtMs', first.nowMs())

  return {
    seed,
    createdAtMs,
    settings: () => read('settings') as LifeSettings | undefined,
    putSettings: (settings) => void put('settings', settings),
    programs: () => (read('programs') as readonly Program[] | undefined) ?? [],
    putPrograms: (programs) => void put('programs', programs),
    mostMembers: () => (read('mostMembers') as number | undefined) ?? 0,
    putMostMembers: (count) => void put('mostMembers', count),
    addStory(story) {
      const { lastInsertRowid } = tables.write('INSERT INTO stories (record) VALUES (?)', JSON.stringify(story))
      return { ...story, id: lastInsertRowid }
    },
    putStory({ id, ...story }) {
      const { changes } = tables.write('UPDATE stories SET record = ? WHERE id = ?', JSON.stringify(story), id)
      if (changes === 0) throw new Error(`there is no story ${id}`)
    },
    stories(limit) {
      const rows = tables.all('SELECT id, record FROM stories ORDER BY id DESC LIMIT ?', limit) as {
        readonly id: number
        readonly record: string
      }[]
      return rows.map(({ id, record }) => ({ ...(JSON.parse(record) as Omit<StoryRecord, 'id'>), id }))
    },
  }
}
