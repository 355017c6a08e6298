import { writesPath } from '../../contract/contract.ts'
import { loadEventModel } from '../../contract/event-model.ts'
import { EVENT_TYPES, parseEventType, type EventType } from '../../contract/event-types.ts'
import { UsageError } from '../../errors.ts'
import { cursorNumber, type CursorPage } from './deliveries.ts'
import type { Desk } from './desk.ts'
import type { EventRequest } from '../emitter.ts'
import { takeIn } from './intake.ts'
import type { Asked } from '../life/life.ts'
import type { MemberRecord } from '../records.ts'
import { Refusal } from '../refusal.ts'
import { eventView } from '../view/event.ts'
import { memberDetail, memberView } from '../view/member.ts'
import type { EventView, ListView, MemberDetail, MemberView } from '../view/views.ts'

/** Everything that can be done with members and what happens to them. */
export function memberDesk(desk: Desk) {
  const { store, life } = desk

  async function happen(asked: Omit<Asked, 'type'>, { type, set }: EventRequest): Promise<readonly EventView[]> {
    const known = typeOf(type)
    for (const path of Object.keys(set ?? {})) await refuseUnwritten(desk, known, path)
    let seqs: readonly number[] = []
    await life.cause({ ...asked, type: known, set }, desk.clock.nowMs(), (happened) => {
      seqs = takeIn(desk, happened, 'request')
    })
    await store.durable()
    return viewsOf(desk, seqs)
  }

  return {
    members(query: string, { limit, cursor }: CursorPage): ListView<MemberView> {
      const offset = cursorNumber(cursor) ?? 0
      const ids = store.findMembers(query, { limit: limit + 1, offset })
      const items = ids.slice(0, limit).flatMap((id) => {
        const record = life.member(id)
        return record === undefined ? [] : [memberView(desk, record)]
      })
      return { items, cursor: ids.length > limit ? String(offset + limit) : null }
    },
    member(id: string): MemberDetail {
      return memberDetail(desk, memberWith(desk, id))
    },
    async memberEvent(id: string, request: EventRequest): Promise<readonly EventView[]> {
      memberWith(desk, id)
      return await happen({ memberId: id }, request)
    },
    async anyEvent(request: EventRequest & { readonly program?: string | undefined }): Promise<readonly EventView[]> {
      return await happen({ programId: programNamed(desk, request.program) }, request)
    },
    events({ limit, cursor }: CursorPage): ListView<EventView> {
      const records = store.events({ limit: limit + 1, before: cursorNumber(cursor) })
      const items = records.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map((record) => eventView(desk, record)),
        cursor: records.length > limit && last !== undefined ? String(last.seq) : null,
      }
    },
    event(id: string): EventView {
      const record = store.event(id)
      if (record === undefined) throw new Refusal('not-found', 'there is no such event.')
      return eventView(desk, record)
    },
  }
}

function memberWith({ life }: Desk, id: string): MemberRecord {
  const record = life.member(id)
  if (record === undefined) throw new Refusal('not-found', 'there is no such member; GET /api/members finds them.')
  return record
}

/** Events as they are now, in the order given. */
export function viewsOf(desk: Desk, seqs: readonly number[]): readonly EventView[] {
  return seqs.flatMap((seq) => {
    const record = desk.store.eventBySeq(seq)
    return record === undefined ? [] : [eventView(desk, record)]
  })
}

/** The id of a program that there is. @throws Refusal */
export function programNamed({ programs }: Desk, id: string | undefined): string | undefined {
  if (id === undefined) return undefined
  const found = programs.find((program) => program.id.toLowerCase() === id.toLowerCase())
  if (found !== undefined) return found.id
  const known = programs.map((program) => program.id).join(', ')
  throw new Refusal('invalid', `unknown program "${id}"; there are: ${known}.`, 'program')
}

/** What the contract does not write would be lost without a word. Of paths that there are not, life knows the nearest. */
async function refuseUnwritten({ rules: { contract } }: Desk, type: EventType, path: string): Promise<void> {
  if (writesPath(contract, type, path)) return
  const model = await loadEventModel()
  if (!model[type].has(path.replaceAll(/\[\d*\]/g, '[]'))) return
  const { name } = EVENT_TYPES[type]
  throw new Refusal('invalid', `the contract ${contract.name} does not write ${path} of ${name}.`, 'set')
}

function typeOf(text: string): EventType {
  try {
    return parseEventType(text)
  } catch (error) {
    if (error instanceof UsageError) throw new Refusal('invalid', error.message, 'type')
    throw error
  }
}
