import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startCli } from '../../support/run-cli.ts'
import { emitArgs, ground } from './cli-state.ts'
import { expectWhole, timesOf } from './evidence.ts'
import { failing } from './receiver.ts'
import { snapshotOf } from './snapshot.ts'

/** A receiver that takes requests and never answers, for as long as a test lasts. */
const NEVER_MS = 60_000
const LOAD = ['--pace', '300/s', '--format', 'ndjson']

async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s under load: emit ends what is under way, and exits 0', async (signal) => {
  const { folder, receiver } = await ground({ status: failing(0.2), delayMs: 20 })
  const cli = startCli(emitArgs({ folder, url: receiver.url, more: LOAD }))
  await cli.waitFor(/Ctrl-C ends/)
  await expect.poll(() => receiver.came.length, { timeout: 5000 }).toBeGreaterThan(60)
  cli.kill(signal)
  expect(await tookMs(() => cli.result)).toBeLessThan(5000)
  expect(await cli.result).toMatchObject({ exitCode: 0 })
  const state = await snapshotOf(folder)
  expectWhole(state, [])
  expect(state.deliveries.length).toBeGreaterThan(20)
  // Each request that came has its result, so the next start sends no duplicate.
  const times = timesOf(receiver.came)
  const results = state.deliveries.map(({ attempts }) => attempts.filter(({ result }) => result !== null).length)
  expect(results).toEqual(state.deliveries.map(({ body }) => times.get(body) ?? 0))
  expect(state.unfinished.filter(({ isUnknown }) => isUnknown)).toEqual([])
})

test('SIGTERM while the receiver hangs: exits 0 in less than five seconds, what hung is marked', async () => {
  const { folder, receiver } = await ground({ status: () => 200, delayMs: NEVER_MS })
  const cli = startCli(
    emitArgs({ folder, url: receiver.url, more: [...LOAD, '--batch-window', '1s', '--batch-max', '5'] }),
  )
  await cli.waitFor(/Ctrl-C ends/)
  await expect.poll(() => receiver.came.length, { timeout: 5000 }).toBe(10)
  cli.kill()
  expect(await tookMs(() => cli.result)).toBeLessThan(5000)
  expect(await cli.result).toMatchObject({ exitCode: 0 })
  const state = await snapshotOf(folder)
  expectWhole(state, [])
  expect(state.unfinished.filter(({ isUnknown }) => isUnknown)).toHaveLength(10)
  // Open batches were closed on the way.
  expect(state.unbatched).toEqual([])
})

test('two SIGINTs while the receiver hangs: gone at once, and nothing of it is lost', async () => {
  const { folder, receiver } = await ground({ status: () => 200, delayMs: NEVER_MS })
  const cli = startCli(emitArgs({ folder, url: receiver.url, more: LOAD }))
  await cli.waitFor(/Ctrl-C ends/)
  await expect.poll(() => receiver.came.length, { timeout: 5000 }).toBe(10)
  cli.kill('SIGINT')
  await sleep(200)
  cli.kill('SIGINT')
  expect(await tookMs(() => cli.result)).toBeLessThan(1000)
  expect(await cli.result).toMatchObject({ exitCode: 130 })
  const state = await snapshotOf(folder)
  expectWhole(state, [])
  expect(state.unfinished.filter(({ isUnknown }) => isUnknown)).toHaveLength(10)
})

test('a second emit on the same state is refused, and the first goes on', async () => {
  const { folder, receiver } = await ground({ status: () => 200, delayMs: 0 })
  const args = emitArgs({ folder, url: receiver.url, more: LOAD })
  const first = startCli(args)
  await first.waitFor(/Ctrl-C ends/)
  expect(await startCli(args).result).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `qualifio-sim: the state in ${folder} is in use by another qualifio-sim emit; stop it, or pass another --state.\n`,
  })
  const before = receiver.came.length
  await expect.poll(() => receiver.came.length).toBeGreaterThan(before)
  first.kill()
  expect(await first.result).toMatchObject({ exitCode: 0 })
})
