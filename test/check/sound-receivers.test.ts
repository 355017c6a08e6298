import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { refusal } from '../../src/check/consent.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { Clock } from '../../src/ports.ts'
import { faultyReceiver } from '../receivers/faulty.ts'
import { nodeReceiver } from '../receivers/node-receiver.ts'
import { SOUND } from '../receivers/sound.ts'
import { checked, failuresOf } from './checked.ts'

const CONSENT = { local: true, safe: true, sideEffects: false, stress: false }
const SAFE = CATALOG.filter((check) => refusal(check, CONSENT) === undefined).map(({ number }) => number)
const CONFORMANT = { exitCode: 0, headline: expect.stringMatching(/^CONFORMANT/) as string }

describe('a sound receiver fails nothing', () => {
  // First, so that the others fill its waits.
  test('at real waits: far under 30 s, and the safe set under 5 s', { concurrent: true, timeout: 60_000 }, async () => {
    const receiver = await nodeReceiver()
    try {
      let waitedMs = 0
      const clock: Clock = {
        ...systemClock,
        sleep(ms, signal) {
          waitedMs += ms
          return systemClock.sleep(ms, signal)
        },
      }
      const safe = await checked(receiver, { safe: true, clock })
      expect(safe.summary).toMatchObject(CONFORMANT)
      // What the machine adds is not the suite's; what it waits for is.
      expect(waitedMs).toBeLessThan(1000)
      waitedMs = 0
      const full = await checked(receiver, { clock, oracle: 'none' })
      expect(full.summary).toMatchObject(CONFORMANT)
      expect(waitedMs).toBeGreaterThan(9000)
      expect(waitedMs).toBeLessThan(15_000)
    } finally {
      await receiver.close()
    }
  })

  for (const receiver of SOUND) {
    test.skipIf(receiver.peer?.isMissing)(receiver.name, { concurrent: true, timeout: 40_000 }, async () => {
      const running = await receiver.start()
      try {
        // The safe set first: nothing may be in the store after it.
        const safe = await checked(running, { safe: true })
        expect(failuresOf(safe)).toEqual([safe.summary.headline])
        expect(safe.summary).toMatchObject(CONFORMANT)
        expect([...(await running.applied())]).toEqual([])
        expect(safe.run.eventIds).toEqual([])
        const ran = safe.run.results.filter(({ reason }) => reason !== 'left out by --safe')
        expect(ran.map(({ check }) => check.number)).toEqual(SAFE)

        const full = await checked(running)
        expect(failuresOf(full)).toEqual([full.summary.headline])
        expect(full.run.end).toBeUndefined()
        expect(full.summary).toMatchObject(CONFORMANT)
        expect((await running.applied()).size).toBeGreaterThan(0)
      } finally {
        await running.close()
      }
    })
  }
})

test.each([
  ['always-200', /^NOT CONFORMANT \(\d+ MUST failed: /, 1],
  ['always-401', /^NOT JUDGED: the control was not accepted$/, 3],
] as const)('%s is never conformant, in no form and with no oracle', async (name, headline, exitCode) => {
  const receiver = await faultyReceiver(name).start()
  try {
    const light = CATALOG.filter(({ number }) => !/^(DLV|ROB-1|TRN-0[678])/.test(number))
    const wanted = { exitCode, headline: expect.stringMatching(headline) as string }
    expect((await checked(receiver, { oracle: 'none' })).summary).toMatchObject(wanted)
    expect((await checked(receiver, { safe: true })).summary).toMatchObject(wanted)
    // Without anything that must be refused, nothing shows it: so it is not judged.
    const blind = light.filter(({ number }) => !/^(AUT|CON-11|CON-07)/.test(number))
    for (const safe of [true, false]) {
      const { summary } = await checked(receiver, { checks: blind, safe, oracle: 'none' })
      expect(summary).toMatchObject({ exitCode: 3, headline: expect.stringMatching(/^NOT JUDGED/) })
    }
  } finally {
    await receiver.close()
  }
})
