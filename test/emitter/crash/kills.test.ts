import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomStream } from '../../../src/program/random.ts'
import { expectNothingLost, expectWhole, finishedIn, tableOf, type Finished } from './evidence.ts'
import type { ProcessPlan } from './plan.ts'
import { emitterProcess, type EmitterProcess } from './process.ts'
import { failing, startReceiver } from './receiver.ts'
import { snapshotOf } from './snapshot.ts'
import { outOfTurn } from './turns.ts'

/** A few are enough to notice; QUALIFIO_SIM_TEST_KILLS=20 takes its time. */
const KILLS = Number(process.env['QUALIFIO_SIM_TEST_KILLS'] ?? 6)
const SEED = Number(process.env['QUALIFIO_SIM_TEST_SEED'] ?? 1)
const FEWEST_ALIVE_MS = 150
const MOST_ALIVE_MS = 500

let emitter: EmitterProcess
beforeAll(async () => (emitter = await emitterProcess()))
afterAll(() => emitter.remove())

test.each([
  { how: 'one by one', kills: KILLS, order: 'none', batchWindowMs: 0 },
  { how: 'ordered, in batches', kills: Math.ceil(KILLS / 2), order: 'by-member', batchWindowMs: 20 },
] as const)(
  'killed $kills times at any moment under load, $how: nothing is lost',
  { timeout: 10_000 + KILLS * 5000 },
  async ({ how, kills, order, batchWindowMs }) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-kills-'))
    const receiver = await startReceiver({ status: failing(0.2), delayMs: 8 })
    try {
      const random = randomStream(SEED, `kills, ${how}`)
      const plan: ProcessPlan = {
        folder,
        url: receiver.url,
        concurrency: 8,
        order,
        batchWindowMs,
        pacePerSecond: 300,
        events: 40,
      }
      const accepted: string[] = []
      const finished: Finished[] = []
      for (let kill = 0; kill < kills; kill += 1) {
        const running = emitter.start(plan)
        // Every third one while it starts, the first of all included.
        if (kill % 3 === 0) await sleep(random.int(0, MOST_ALIVE_MS))
        else {
          await running.ready
          await sleep(random.int(FEWEST_ALIVE_MS, MOST_ALIVE_MS))
        }
        running.kill()
        const ended = await running.ended
        expect(ended).toMatchObject({ signal: 'SIGKILL', stderr: '' })
        accepted.push(...ended.accepted)
        const left = await snapshotOf(folder)
        expectWhole(left, accepted)
        finished.push(finishedIn(left, receiver.came))
      }
      const last = await emitter.start({ ...plan, pacePerSecond: 0, events: 0 }).ended
      expect(last).toMatchObject({ exitCode: 0, isDone: true, stderr: '' })
      const [{ came }, state] = [receiver, await snapshotOf(folder)]
      const evidence = expectNothingLost({ came, state, accepted }, { kills, concurrency: 8, finished })
      expect(accepted.length).toBeGreaterThan(20 * kills)
      if (order === 'by-member') expect(outOfTurn(came, state)).toEqual([])
      if (process.env['QUALIFIO_SIM_TEST_TABLES'] !== undefined) process.stderr.write(`${tableOf([[how, evidence]])}\n`)
    } finally {
      await receiver.close()
      rmSync(folder, { recursive: true })
    }
  },
)
