import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../src/emitter/store/store.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { emitterIn } from '../emitter-setting.ts'
import { snapshotOf } from './snapshot.ts'

// The programs are there for good once they are written down: members who are not there by then never come.
test('a first start that ends before its members are written leaves no programs without them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-first-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const whole = join(folder, 'whole')
  const killed = join(folder, 'killed')
  const store = await openStore({ folder: whole, clock: systemClock, newSeed: () => 7 })
  onTestFinished(() => store.close())
  let isFirst = true
  await emitterIn({
    store: {
      ...store,
      putMember(member) {
        if (isFirst) cpSync(whole, killed, { recursive: true })
        isFirst = false
        store.putMember(member)
      },
    },
  })
  const left = await snapshotOf(killed)
  expect({ programs: left.programs.length, members: left.members.length }).toEqual({ programs: 0, members: 0 })
  const now = await snapshotOf(whole)
  expect({ programs: now.programs.length, members: now.members.length }).toEqual({ programs: 2, members: 20 })
})
