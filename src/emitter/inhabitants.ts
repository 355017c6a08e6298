import { UsageError } from '../errors.ts'
import type { Program } from '../program/program.ts'
import { firstMembers, mostMembersAfter } from './life/first.ts'
import type { EmitterOptions } from './start.ts'

/**
 * The programs of a state, and at the first start the members who live in them.
 * @throws UsageError when the state was made with other programs
 */
export async function settle({
  store,
  clock,
  programs,
  locales,
  members,
}: Pick<EmitterOptions, 'store' | 'clock' | 'programs' | 'locales' | 'members'>): Promise<readonly Program[]> {
  const known = store.programs()
  if (known.length > 0) {
    const { given } = programs
    if (given !== undefined && JSON.stringify(given) !== JSON.stringify(known)) {
      const names = known.map(({ id }) => id).join(', ')
      throw new UsageError(
        `--program: this state was made with other programs, or with other contents of them (${names}); leave it out, or pass another --state.`,
      )
    }
    return known
  }
  const chosen = programs.given ?? programs.usual
  const { count, people } = members
  const first = await firstMembers({ seed: store.seed, programs: chosen, locales, people, count, atMs: clock.nowMs() })
  // Without a wait in between, so that one commit holds both: programs without their members would stay so for ever.
  store.putPrograms(chosen)
  store.putMostMembers(mostMembersAfter({ people, count }))
  for (const member of first) store.putMember(member)
  await store.durable()
  return chosen
}
