import { randomStream } from '../../program/random.ts'
import type { Stage } from '../../program/run.ts'
import type { Asked, Happening } from './life.ts'
import { fullName, lacks, type Ability } from './ability.ts'
import { abilityOf, askedAction, letsLevelEnd } from './ask.ts'
import { expire, isDue, kept, liveThrough, mayExpire, nextEventAtMs } from './events.ts'
import { planWish } from './set.ts'
import type { World } from './world.ts'
import type { MemberRecord } from '../records.ts'
import { Refusal } from '../refusal.ts'

/**
 * Waits for everything that has to be waited for; the answer lets what was asked for happen, at once, so that two who
 * ask together never draw from the same state, and what happened can be written down before anything else happens.
 * @throws Refusal, then or now
 */
export async function causeOf(world: World, asked: Asked, atMs: number): Promise<() => readonly Happening[]> {
  const abilities = await abilitiesFor(world, asked)
  return () => cause(world, { asked, abilities, atMs })
}

interface Causing {
  readonly asked: Asked
  readonly abilities: ReadonlyMap<string, Ability>
  readonly atMs: number
}

function cause(world: World, { asked, abilities, atMs }: Causing): readonly Happening[] {
  if (asked.type === 'profile_creation') return create(world, { asked, abilities, atMs })
  const member = asked.memberId === undefined ? drawMember(world, { abilities, atMs }) : known(world, asked.memberId)
  const ability = abilities.get(member.programId) as Ability
  const { type, wish } = ability
  const why = lacks(ability, member.state)
  if (why !== undefined) throw new Refusal('conflict', `${fullName(member.state)} ${why}`)
  const isDueNow = isDue(member.state, nextEventAtMs(member, atMs))
  // The end that was announced is the change that was asked for.
  if (isDueNow && type === 'change_in_level' && letsLevelEnd(ability))
    return kept(world, [expire(world, member, atMs, wish.apply)])
  const draw = (seat: Parameters<typeof askedAction>[1], at: number) => askedAction(ability, seat, at)
  return liveThrough(world, member, { atMs, draw, apply: wish.apply, stage: ability.stage })
}

/** What is asked, in each program where it can be: of the member, of the program that was named, or of any. */
async function abilitiesFor(world: World, asked: Asked): Promise<ReadonlyMap<string, Ability>> {
  const { type, set = {} } = asked
  const abilities = new Map<string, Ability>()
  let refusal: unknown
  for (const stage of stagesFor(world, asked)) {
    const { book } = stage
    try {
      abilities.set(book.program.id, abilityOf(type, stage, await planWish(set, { type, book })))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusal ??= error
    }
  }
  if (abilities.size === 0) throw refusal
  return abilities
}

function stagesFor(world: World, { memberId, programId }: Asked): readonly Stage[] {
  const stage = programId === undefined ? undefined : world.stageOf(programId)
  if (programId !== undefined && stage === undefined) {
    const ids = world.stages.map(({ book }) => book.program.id)
    throw new Refusal('not-found', `no program has the id "${programId}"; there is ${ids.join(', ')}.`, 'program')
  }
  if (memberId === undefined) return stage === undefined ? world.stages : [stage]
  const member = known(world, memberId)
  if (programId !== undefined && member.programId !== programId) {
    const where = world.stageOf(member.programId)?.book.program.name ?? member.programId
    throw new Refusal('conflict', `${fullName(member.state)} is a member of ${where}; leave the program out.`)
  }
  return [world.stageOf(member.programId) as Stage]
}

function known({ roster }: World, memberId: string): MemberRecord {
  const member = roster.withId(memberId)
  if (member === undefined) throw new Refusal('not-found', `no member has the id "${memberId}".`)
  return member
}

/** Someone who can have it: the first of all members, from a place drawn by chance. */
function drawMember(
  { seed, roster }: World,
  { abilities, atMs }: { readonly abilities: ReadonlyMap<string, Ability>; readonly atMs: number },
): MemberRecord {
  const size = roster.size()
  const start = size === 0 ? 0 : randomStream(seed, `cause:${roster.eventCount()}`).int(0, size - 1)
  // A level that ends by itself before a manager's hand.
  const first = find(
    (member, ability) =>
      ability.type !== 'change_in_level' ||
      !letsLevelEnd(ability) ||
      mayExpire(member.state, nextEventAtMs(member, atMs)),
  )
  const member = first ?? find(() => true)
  if (member !== undefined) return member
  const [ability] = [...abilities.values()] as [Ability]
  const isEmpty = find(() => true, 'everybody') === undefined
  throw new Refusal(
    'conflict',
    isEmpty ? 'There is nobody yet. Create a profile first.' : `Nobody ${lacks(ability, undefined) ?? 'can have it.'}`,
  )

  function find(passes: (member: MemberRecord, ability: Ability) => boolean, who: 'everybody' | 'able' = 'able') {
    for (let looked = 0; looked < size; looked++) {
      const member = roster.at((start + looked) % size)
      const ability = abilities.get(member.programId)
      if (ability === undefined || !passes(member, ability)) continue
      if (who === 'everybody' || lacks(ability, member.state) === undefined) return member
    }
    return undefined
  }
}

/** A new member: the next free number, in the program that was named or that the number leads to. */
function create(world: World, { asked, abilities, atMs }: Causing): readonly Happening[] {
  if (asked.memberId !== undefined) {
    const { state } = known(world, asked.memberId)
    throw new Refusal('conflict', `${fullName(state)} exists already. Leave the member out, and a new one is created.`)
  }
  const number = world.roster.nextNumber()
  const able = [...abilities.values()]
  const ability = able[number % able.length] as Ability
  const programId = ability.stage.book.program.id
  const member = world.newMember({ number, programId, atMs })
  const { apply } = ability.wish
  return liveThrough(world, member, {
    atMs,
    draw: (seat) => ability.stage.draws.creation(seat.random),
    apply: (event) => {
      const written = apply(event)
      refuseTwin(world, written.member)
      return written
    },
  })
}

/** Two members with one e-mail address, or one identity at the company, would be one. */
function refuseTwin({ roster }: World, { email, externalId }: { readonly email: string; readonly externalId: string }) {
  for (let position = 0; position < roster.size(); position++) {
    const { state } = roster.at(position)
    const field =
      state.member.externalId === externalId
        ? 'externalId'
        : state.member.email.toLowerCase() === email.toLowerCase()
          ? 'email'
          : undefined
    if (field !== undefined)
      throw new Refusal(
        'conflict',
        `set member.${field}: ${fullName(state)} has it already; each member needs their own.`,
        'set',
      )
  }
}
