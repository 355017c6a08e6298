import { JOURNEYS } from '../../program/journey.ts'
import { toolVersion } from '../../version.ts'
import type { Desk } from '../desk/desk.ts'
import { timeText } from './event.ts'
import type { HealthView, ProgramView } from './views.ts'

/** The program and how it lives. */
export function programView(desk: Desk): ProgramView {
  const { rules, life, programs, store } = desk
  const counts = life.memberCounts()
  const listed = programs.map(({ id, name }) => ({ id, name, members: counts.get(id) ?? 0 }))
  return {
    ...desk.settings(),
    contract: rules.contract.name,
    seed: store.seed,
    programs: listed,
    members: listed.reduce((sum, { members }) => sum + members, 0),
    retryDelaysMs: rules.policy.delaysMs,
    ordered: rules.order === 'by-member',
    concurrency: rules.concurrency,
    batchWindowMs: rules.batchWindowMs,
    batchMax: rules.batchMax,
    blockEndpointAfter: rules.blockEndpointAfter,
    toolVersion: toolVersion(),
    startedAt: timeText(desk.startedAtMs),
    journeys: Object.keys(JOURNEYS),
  }
}

/** Whether it runs. */
export function healthView({ clock, startedAtMs, dispatch }: Desk): HealthView {
  const uptimeSeconds = Math.max(0, Math.round((clock.nowMs() - startedAtMs) / 1000))
  return { status: 'ok', toolVersion: toolVersion(), uptimeSeconds, unfinished: dispatch.size() }
}
