import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ReplayReport } from '../../src/report/replay-report.ts'
import { runCli, startCli } from '../support/run-cli.ts'
import { faultyReceiver } from './faulty.ts'
import { AUTHORIZATION, SECRET, type RunningReceiver } from './receiver.ts'
import { SOUND } from './sound.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CREDENTIALS = ['--secret', SECRET, '-H', AUTHORIZATION.join(': ')]
const namesIn = (folder: string): string[] =>
  readdirSync(`${ROOT}/fixtures/${folder}`).map((name) => name.replace('.json', ''))
const REFUSALS = namesIn('refusals')
const ALL = [...namesIn('payloads'), ...namesIn('journeys'), ...REFUSALS]

interface Replayed {
  readonly exitCode: number | null
  readonly passed: readonly string[]
  readonly failed: readonly string[]
}

async function replayAll(url: string): Promise<Replayed> {
  const args = ['replay', 'fixtures', '--to', url, ...CREDENTIALS, '--format', 'json']
  const { stdout, exitCode } = await runCli(args, { cwd: ROOT })
  const { fixtures } = JSON.parse(stdout) as ReplayReport
  const named = (wanted: string): string[] => fixtures.filter(({ result }) => result === wanted).map(({ name }) => name)
  return { exitCode, passed: named('passed').toSorted(), failed: named('failed').toSorted() }
}

async function replayedBy(start: () => Promise<RunningReceiver>): Promise<Replayed> {
  const receiver = await start()
  try {
    return await replayAll(receiver.url)
  } finally {
    await receiver.close()
  }
}

describe('a sound receiver passes every shipped fixture', () => {
  describe.each(SOUND)('$name', ({ start, peer }) => {
    test.skipIf(peer?.isMissing === true)('passes', { concurrent: true }, async () => {
      expect(await replayedBy(start)).toEqual({ exitCode: 0, passed: ALL.toSorted(), failed: [] })
    })
  })

  test.concurrent('listen itself', async () => {
    const listener = startCli(['listen', '--port', '0', ...CREDENTIALS])
    const [, url] = await listener.waitFor(/listening on (\S+?) /)
    expect(await replayAll(url as string)).toEqual({ exitCode: 0, passed: ALL.toSorted(), failed: [] })
    listener.kill('SIGINT')
    const { exitCode, stdout } = await listener.result
    expect(stdout).toContain(
      `${ALL.length} requests: ${ALL.length - REFUSALS.length} accepted, ${REFUSALS.length} refused`,
    )
    expect(exitCode).toBe(0)
  })
})

describe('a faulty receiver fails exactly what it gets wrong', () => {
  test.concurrent.each([
    [
      'hashing JSON that it wrote again: the byte forms',
      're-serialises',
      [
        'form-decimal-point',
        'form-escaped-slashes',
        'form-escaped-unicode',
        'form-large-integers',
        'form-pretty',
        'form-trailing-newline',
      ],
    ],
    ['letting in what has no signature: the unsigned refusal', 'fail-open', ['unsigned']],
    ['answering 200 to everything: the refusals', 'always-200', REFUSALS.toSorted()],
  ])('%s', async (_, name, wrong) => {
    const { exitCode, passed, failed } = await replayedBy(() => faultyReceiver(name).start())
    expect(failed).toEqual(wrong)
    expect(passed).toEqual(ALL.filter((name) => !wrong.includes(name)).toSorted())
    expect(exitCode).toBe(1)
  })
})
