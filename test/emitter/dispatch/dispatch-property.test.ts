import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeClock } from '../../support/fake-clock.ts'
import type { Step } from '../../support/scripted-transport.ts'
import { dispatchIn, gate, settled, webhookCalled } from './dispatch-setting.ts'
import type { Answer } from './dispatch-setting.ts'
import { memoryStore } from './memory-store.ts'
import type { MemoryStore } from './memory-store.ts'

const NAMES = ['shop', 'crm'] as const
const RETRIES = 2
const CONCURRENCY = 3

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      webhookId: fc.constantFrom(...NAMES),
      members: fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }), {
        minLength: 1,
        maxLength: 8,
      }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance' as const), byMs: fc.nat(3000) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'settle' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), afterTicks: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), graceMs: fc.constantFrom(0, 500) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('webhook' as const),
      webhookId: fc.constantFrom(...NAMES),
      active: fc.boolean(),
      path: fc.constantFrom('1', '2'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('speed' as const), speed: fc.constantFrom<number | 'max'>(1, 10, 'max') }),
  },
)

const run = fc.record({
  commands: fc.array(command, { minLength: 5, maxLength: 60, size: 'max' }),
  answers: fc.array(
    fc.record({ step: fc.constantFrom<Step>(200, 500, 500, 'reset'), afterMs: fc.constantFrom(0, 0, 700) }),
    { minLength: 1, maxLength: 30, size: 'max' },
  ),
  order: fc.constantFrom('none' as const, 'by-member' as const),
  blockEndpointAfter: fc.constantFrom(null, 2),
})

type Run = typeof run extends fc.Arbitrary<infer T> ? T : never

/** Lives through a run with all its ends and starts, and on until nothing is unfinished. */
async function livedThrough({ commands, answers, order, blockEndpointAfter }: Run) {
  const clock = fakeClock('hold')
  const wrong: string[] = []
  const firsts: number[][] = []
  let answered = 0
  let process = start(memoryStore(NAMES.map((name) => webhookCalled(name))))

  function start(memory: MemoryStore) {
    const life = { isOver: false }
    const durable = memory.durable
    const never = new Promise<never>(() => {})
    memory.durable = () => (life.isOver ? never : durable().then(() => (life.isOver ? never : undefined)))
    const underWay = new Map<string, number>()
    const answer: Answer = async ({ id, host }) => {
      if (life.isOver) return never
      wrong.push(...rulesBroken(memory, id))
      const count = (underWay.get(host) ?? 0) + 1
      underWay.set(host, count)
      if (count > CONCURRENCY) wrong.push(`${count} are under way to ${host}`)
      const { step, afterMs } = answers[answered++ % answers.length] as Run['answers'][number]
      const waited = gate<Step>()
      if (afterMs === 0) waited.open(step)
      else clock.after(afterMs, () => waited.open(step))
      const result = await waited.passed
      underWay.set(host, (underWay.get(host) ?? 0) - 1)
      return life.isOver ? never : result
    }
    const own = { ...clock, after: (ms: number, call: () => void) => clock.after(ms, () => !life.isOver && call()) }
    const policy = { delaysMs: [1000, 2000] }
    const setting = dispatchIn({
      memory,
      clock: own,
      answer,
      order,
      policy,
      concurrency: CONCURRENCY,
      blockEndpointAfter,
    })
    setting.addUnfinished()
    return { ...setting, life }
  }

  function rulesBroken(memory: MemoryStore, id: number): string[] {
    const delivery = memory.deliveries.get(id)
    if (delivery === undefined) return [`${id} is not known`]
    const broken = memory.isDurable(id, delivery.attempts.length)
      ? []
      : [`${id} was sent before its intent was durable`]
    const isEarlier = (each: typeof delivery) =>
      each.id < id &&
      each.webhookId === delivery.webhookId &&
      (each.state === 'queued' || each.state === 'retrying') &&
      each.memberIds.some((member) => delivery.memberIds.includes(member))
    if (order === 'by-member' && [...memory.deliveries.values()].some(isEarlier)) broken.push(`${id} overtook`)
    return broken
  }

  function endLife(): void {
    process.life.isOver = true
    for (const name of NAMES)
      firsts.push(
        process.log
          .flatMap((line) => /^begin (\d+)\.\d+ retry 0$/.exec(line)?.slice(1).map(Number) ?? [])
          .filter((id) => process.store.deliveries.get(id)?.webhookId === name),
      )
  }

  function change(webhookId: string, changes: Parameters<typeof webhookCalled>[1]): void {
    const before = process.store.webhooksById.get(webhookId)
    const webhook = webhookCalled(webhookId, { ...before, ...changes })
    process.store.putWebhook(webhook)
    process.dispatch.webhookIs(webhook)
  }

  for (const each of commands) {
    if (each.do === 'add') {
      const isBlocked = process.store.webhooksById.get(each.webhookId)?.blockedAtMs !== null
      if (!isBlocked) for (const memberIds of each.members) process.add({ webhookId: each.webhookId, memberIds })
      await process.store.durable()
    } else if (each.do === 'advance') clock.advance(each.byMs)
    else if (each.do === 'settle') await settled()
    else if (each.do === 'webhook') {
      const url = `https://${each.webhookId}.example/${each.path}`
      change(each.webhookId, { active: each.active, url, blockedAtMs: null, blockedInARow: 0 })
    } else if (each.do === 'speed') process.dispatch.setSpeed(each.speed)
    else if (each.do === 'crash') {
      for (let tick = 0; tick < each.afterTicks; tick += 1) await Promise.resolve()
      endLife()
      process = start(process.store.afterCrash())
    } else {
      const stopped = process.dispatch.stop(each.graceMs)
      clock.advance(each.graceMs)
      await stopped
      endLife()
      process = start(process.store.afterCrash())
    }
  }
  await settled()
  for (const name of NAMES) change(name, { active: true, blockedAtMs: null, blockedInARow: 0 })
  for (let turn = 0; turn < 400 && process.dispatch.size() > 0; turn += 1) {
    await settled()
    clock.advance(700)
    for (const { id, blockedAtMs } of process.store.webhooksById.values())
      if (blockedAtMs !== null) change(id, { blockedAtMs: null, blockedInARow: 0 })
  }
  await settled()
  endLife()
  return { store: process.store, wrong: [...wrong, ...process.failures], left: process.dispatch.size(), firsts }
}

test('whatever happens, every delivery ends once, with no more attempts than it may have', async () => {
  await fc.assert(
    fc.asyncProperty(run, async (life) => {
      const { store, wrong, left, firsts } = await livedThrough(life)
      expect(wrong).toEqual([])
      expect(left).toBe(0)
      for (const { id, state, attempts } of store.deliveries.values()) {
        expect(`${id} ${state}`).toMatch(/delivered|blocked/)
        const known = attempts.filter(({ result }) => result !== null)
        expect(known.length).toBeLessThanOrEqual(1 + RETRIES)
        expect(known.map(({ retry }) => retry)).toEqual(known.map((_, index) => index))
        const delivered = attempts.findIndex(({ result }) => result?.kind === 'responded' && result.status === 200)
        if (delivered !== -1) expect(delivered).toBe(attempts.length - 1)
        const isAfterUnknown = (index: number) => index > 0 && attempts[index - 1]?.result === null
        expect(attempts.map((each) => each.possibleDuplicate)).toEqual(
          attempts.map((_, index) => isAfterUnknown(index)),
        )
      }
      if (life.order === 'none') for (const ids of firsts) expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    }),
    { numRuns: 100 },
  )
})
