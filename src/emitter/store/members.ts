import type { MemberRecord } from '../records.ts'
import type { Store } from '../storage.ts'
import type { Tables } from './database.ts'

/** The members. */
export function memberTable(tables: Tables): Pick<Store, 'members' | 'putMember' | 'findMembers'> {
  /** What members are found by, as it is written: it hardly ever changes, and an index costs more than a comparison. */
  const written = new Map<number, string>()

  return {
    members: () =>
      (tables.all('SELECT record FROM members ORDER BY number') as { readonly record: string }[]).map(
        ({ record }) => JSON.parse(record) as MemberRecord,
      ),
    putMember(record) {
      const { number, state } = record
      const { id, firstName, lastName, email, externalId } = state.member
      const name = `${firstName} ${lastName}`
      const search = [name, email, externalId, id].map(folded).join('\n')
      const json = JSON.stringify(record)
      if (written.get(number) === search) {
        tables.write('UPDATE members SET record = ? WHERE number = ?', json, number)
        return
      }
      tables.write(
        `INSERT INTO members (number, id, name, search, record) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (number) DO UPDATE
         SET id = excluded.id, name = excluded.name, search = excluded.search, record = excluded.record`,
        number,
        id,
        folded(name),
        search,
        json,
      )
      written.set(number, search)
    },
    findMembers(query, { limit, offset }) {
      const rows = tables.all(
        query === ''
          ? 'SELECT id FROM members WHERE ? IS NOT NULL ORDER BY name, number LIMIT ? OFFSET ?'
          : 'SELECT id FROM members WHERE instr(search, ?) > 0 ORDER BY name, number LIMIT ? OFFSET ?',
        folded(query),
        limit,
        offset,
      ) as { readonly id: string }[]
      return rows.map(({ id }) => id)
    },
  }
}

/** Without case and accents, so that `elise` finds Élise. */
function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
