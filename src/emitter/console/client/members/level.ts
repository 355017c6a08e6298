import type { MemberDetail } from '../../../view/views.ts'
import { numberText } from '../words.ts'

type Standing = Pick<MemberDetail, 'level' | 'nextLevel' | 'history'>

/** How far it is to the next level: `66 more points to Gold`, and why levels between are passed by. */
export function levelText(member: Standing): string {
  const { nextLevel } = member
  const why = loweredText(member)
  if (nextLevel === null) return why === undefined ? 'the highest level' : `${why}; points enough for the highest level`
  const text = `${numberText(nextLevel.missingPoints)} more points to ${nextLevel.name}`
  return why === undefined ? text : `${why}; ${text}`
}

/**
 * Why somebody stands below the level that their points reach; undefined when they do not. The levels are numbered
 * without gaps, and those that are known by name are those that the member had.
 */
function loweredText({ level, nextLevel, history }: Standing): string | undefined {
  const changes = history.flatMap(({ type, data }) => (type === 'change_in_level' ? [data as LevelChange] : []))
  const [last] = changes
  if (last?.newLevel?.name !== level.name || last.direction !== 'downgrade') return undefined
  const nameOf = new Map(
    changes.flatMap(({ previousLevel, newLevel }) =>
      [newLevel, previousLevel].map((known) => [known.rank, known.name]),
    ),
  )
  const above = nameOf.get(level.rank + 1)
  const isPassed =
    nextLevel === null ||
    (above !== undefined && above !== nextLevel.name) ||
    [...nameOf].some(([rank, name]) => name === nextLevel.name && rank > level.rank + 1)
  if (!isPassed) return undefined
  return last.reason === 'manual' ? 'lowered by hand' : `lowered from ${last.previousLevel.name}`
}

interface LevelChange {
  readonly previousLevel: { readonly name: string; readonly rank: number }
  readonly newLevel: { readonly name: string; readonly rank: number }
  readonly direction: string
  readonly reason: string
}
