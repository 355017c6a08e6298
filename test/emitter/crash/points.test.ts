import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNothingLost, expectWhole, finishedIn, tableOf, type Evidence } from './evidence.ts'
import type { ProcessPlan } from './plan.ts'
import { emitterProcess, type EmitterProcess } from './process.ts'
import { failing, startReceiver } from './receiver.ts'
import { snapshotOf } from './snapshot.ts'
import { outOfTurn } from './turns.ts'

const POINTS = ['before-accept', 'after-accept', 'before-intent', 'after-intent', 'after-send', 'after-result'] as const
const NTH = 7
const SEPARATE = { order: 'none', batchWindowMs: 0 } as const

const CASES = [
  ...POINTS.flatMap((point) => [1, 8].map((concurrency) => ({ point, how: 'one by one', concurrency, ...SEPARATE }))),
  { point: 'before-accept', how: 'in batches', concurrency: 8, order: 'none', batchWindowMs: 30 },
  { point: 'after-accept', how: 'in batches', concurrency: 8, order: 'none', batchWindowMs: 30 },
  { point: 'after-send', how: 'in batches', concurrency: 8, order: 'none', batchWindowMs: 30 },
  { point: 'after-send', how: 'ordered', concurrency: 8, order: 'by-member', batchWindowMs: 0 },
] as const

let emitter: EmitterProcess
beforeAll(async () => (emitter = await emitterProcess()))
afterAll(() => emitter.remove())

const table: [string, Evidence][] = []
afterAll(() => {
  if (process.env['QUALIFIO_SIM_TEST_TABLES'] !== undefined) process.stderr.write(`${tableOf(table)}\n`)
})

describe('a process that is killed at a point in the order of writes, and started again', () => {
  test.concurrent.each(CASES)(
    '$point, $how, concurrency $concurrency',
    async ({ point, how, concurrency, order, batchWindowMs }) => {
      const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-crash-'))
      const receiver = await startReceiver({ status: failing(0.2), delayMs: 4 })
      try {
        const plan: ProcessPlan = {
          folder,
          url: receiver.url,
          concurrency,
          order,
          batchWindowMs,
          pacePerSecond: 0,
          events: 40,
        }
        const killed = await emitter.start(plan, `${point}:${NTH}`).ended
        expect(killed).toMatchObject({ signal: 'SIGKILL', stderr: '' })
        const left = await snapshotOf(folder)
        expectWhole(left, killed.accepted)
        const finished = finishedIn(left, receiver.came)

        // It goes on, and life with it.
        const second = await emitter.start({ ...plan, events: 20 }).ended
        expect(second).toMatchObject({ exitCode: 0, isDone: true, stderr: '' })
        const accepted = [...killed.accepted, ...second.accepted]
        const state = await snapshotOf(folder)
        const { came } = receiver
        const evidence = expectNothingLost({ came, state, accepted }, { kills: 1, concurrency, finished: [finished] })
        if (order === 'by-member') expect(outOfTurn(came, state)).toEqual([])
        table.push([`${point}, ${how}, ${concurrency}`, evidence])

        if (concurrency === 1) return
        const count = came.length
        const third = await emitter.start({ ...plan, events: 0 }).ended
        expect(third).toMatchObject({ exitCode: 0, isDone: true, stderr: '' })
        expect(came).toHaveLength(count)
        expect(await snapshotOf(folder)).toEqual(state)
      } finally {
        await receiver.close()
        rmSync(folder, { recursive: true })
      }
    },
  )
})
