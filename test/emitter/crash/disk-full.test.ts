import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StateError } from '../../../src/emitter/state-error.ts'
import { openStore } from '../../../src/emitter/store/store.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { peer } from '../../support/peer.ts'
import { startCli } from '../../support/run-cli.ts'
import { emitterIn } from '../emitter-setting.ts'
import { askForEvent, emitArgs, ground } from './cli-state.ts'
import { snapshotOf } from './snapshot.ts'

/** Its `ulimit -f` stands for a disk that is full: no file grows beyond so many kilobytes. */
const bash = peer('bash', 'apt-get install bash')
const KILOBYTES = 1500
const END =
  /^qualifio-sim: the state cannot be written \(SQLITE_\w+\): .+, and start again; what was accepted is kept\.$/m

function startOnSmallDisk(args: readonly string[], kilobytes = KILOBYTES) {
  const nodeArgs = ['-c', `ulimit -f ${kilobytes} && exec "$0" "$@"`, process.execPath]
  return startCli(args, { node: bash ?? '', nodeArgs })
}

const idsOf = (answer: unknown) => (answer as { events: { id: string }[] }).events.map(({ id }) => id)

test.skipIf(bash === undefined)('a disk that is full ends emit with a sentence and 2, and loses nothing', async () => {
  const { folder, receiver } = await ground({ status: () => 200, delayMs: 20 })
  const cli = startOnSmallDisk(emitArgs({ folder, url: receiver.url, more: ['--pace', '50/s'] }))
  const [, consoleUrl = ''] = await cli.waitFor(/console {2}(\S+)/)
  const accepted: string[] = []
  for (;;) {
    const asked = await askForEvent(consoleUrl).catch(() => undefined)
    if (asked?.status !== 202) break
    accepted.push(...idsOf(asked.answer))
  }
  const { exitCode, stderr } = await cli.result
  expect(stderr).toMatch(END)
  expect(exitCode).toBe(2)
  expect(accepted.length).toBeGreaterThan(0)

  // With room again, what was accepted arrives.
  const again = startCli(emitArgs({ folder, url: receiver.url, more: ['--pace', '0'] }))
  const [, againUrl = ''] = await again.waitFor(/console {2}(\S+)\n[^]*Ctrl-C ends/)
  const came = () => receiver.came.flatMap(({ body }) => (JSON.parse(body) as { id: string }[]).map(({ id }) => id))
  await expect.poll(() => accepted.filter((id) => !came().includes(id)), { timeout: 5000 }).toEqual([])
  const unfinishedNow = async () =>
    ((await (await fetch(new URL('/api/health', againUrl))).json()) as { readonly unfinished: number }).unfinished
  await expect.poll(unfinishedNow, { timeout: 5000 }).toBe(0)
  again.kill()
  expect(await again.result).toMatchObject({ exitCode: 0 })
  const { events, unfinished } = await snapshotOf(folder)
  expect(unfinished).toEqual([])
  expect(events.length).toBeGreaterThanOrEqual(accepted.length)
})

test.skipIf(bash === undefined)('whoever asks when the disk is full is told that it is not accepted', async () => {
  const { folder, receiver } = await ground({ status: () => 200, delayMs: 0 })
  const cli = startOnSmallDisk(emitArgs({ folder, url: receiver.url, more: ['--pace', '0'] }), 600)
  const [, consoleUrl = ''] = await cli.waitFor(/console {2}(\S+)/)
  const answers: { readonly status: number; readonly answer: unknown }[] = []
  do answers.push(await askForEvent(consoleUrl))
  while (answers.at(-1)?.status === 202)
  expect(answers.at(-1)).toMatchObject({ status: 507, answer: { code: 'state-unusable', status: 507 } })
  expect(await cli.result).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(END) as string })
})

test('a state that is deleted ends emit with a sentence and 2', async () => {
  const { folder: base, receiver } = await ground({ status: () => 200, delayMs: 0 })
  const folder = join(base, 'state')
  const cli = startCli(emitArgs({ folder, url: receiver.url, more: ['--pace', '0'] }))
  await cli.waitFor(/Ctrl-C ends/)
  rmSync(folder, { recursive: true })
  const { exitCode, stderr } = await cli.result
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^qualifio-sim: the state is gone: .* new one\.$/m)])
  expect(existsSync(folder)).toBe(false)
})

test('a write that fails at once, in a request, ends the run too', async () => {
  const clock = fakeClock('hold')
  const store = await openStore({ folder: 'memory', clock, newSeed: () => 7 })
  const error = new StateError('the state cannot be written')
  const { emitter, failures } = await emitterIn({
    clock,
    store: {
      ...store,
      addEvent() {
        throw error
      },
    },
  })
  await expect(emitter.anyEvent({ type: 'earning' })).rejects.toBe(error)
  expect(failures).toEqual([error])
})
