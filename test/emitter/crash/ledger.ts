import type { LoyaltyEvent } from '../../../src/contract/event.ts'
import type { Snapshot } from './snapshot.ts'

interface Balance {
  readonly currency: { readonly id: string }
  readonly previous: number
  readonly current: number
  readonly lifetime: number
}

/**
 * What does not add up, a sentence each: the events as they were received, in order of occurrence, and the members as
 * the state has them at the end.
 */
export function ledgerFaults(events: readonly LoyaltyEvent[], { members, programs }: Snapshot): readonly string[] {
  const faults: string[] = []
  const standing = new Map<string, { readonly current: number; readonly lifetime: number }>()
  const levels = new Map<string, string>()
  const times = new Map<string, string>()
  const known = new Set<string>()
  const unlessSame = (what: string, was: string | number | undefined, is: string | number | undefined): void => {
    if (was !== undefined && was !== is) faults.push(`${what}: ${String(is)} after ${String(was)}`)
  }

  for (const { id, type, occurredAt, member, data } of events) {
    if (known.has(id)) faults.push(`id ${id} is given twice`)
    known.add(id)
    const before = times.get(member.id)
    if (before !== undefined && before > occurredAt) faults.push(`${id}: before what happened before`)
    times.set(member.id, occurredAt)
    if (type === 'profile_creation' && before !== undefined) faults.push(`${id}: a member is created twice`)
    if (type === 'change_in_level') {
      unlessSame(`${id} previous level`, levels.get(member.id), data.previousLevel.id)
      levels.set(member.id, data.newLevel.id)
    }
    for (const balance of balancesOf(data)) {
      const account = `${member.id} ${balance.currency.id}`
      const was = standing.get(account)
      unlessSame(`${id} previous balance`, was?.current, balance.previous)
      const grown = type === 'earning' ? data.points : 0
      unlessSame(`${id} lifetime`, was === undefined ? undefined : was.lifetime + grown, balance.lifetime)
      standing.set(account, balance)
    }
  }
  for (const { programId, state } of members) {
    const program = programs.find(({ id }) => id === programId)
    for (const [index, account] of state.accounts.entries()) {
      const last = standing.get(`${state.member.id} ${program?.currencies[index]?.id ?? ''}`)
      unlessSame(`${state.member.id} at the end`, last?.current, account.current)
      unlessSame(`${state.member.id} lifetime at the end`, last?.lifetime, account.lifetime)
    }
    unlessSame(
      `${state.member.id} level at the end`,
      levels.get(state.member.id),
      program?.levels[state.levelIndex]?.id,
    )
  }
  return faults
}

function balancesOf(data: LoyaltyEvent['data']): readonly Balance[] {
  const { balance, balances } = data as { readonly balance?: Balance; readonly balances?: readonly Balance[] }
  return balances ?? (balance === undefined ? [] : [balance])
}
