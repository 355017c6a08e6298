import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildRequest } from '../../src/delivery/request.ts'
import { retryPolicy } from '../../src/delivery/retry-policy.ts'
import type { Expectation, Fixture } from '../../src/fixture/fixture.ts'
import { replay, ReplayError, type ReplayedFixture, type ReplayOptions } from '../../src/replay/run.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { scriptedTransport, type Step } from '../support/scripted-transport.ts'

const URL_SENT_TO = new URL('http://localhost/hook')

function fixtureNamed(name: string, expect?: Expectation): Fixture {
  const place = { file: `${name}.json` }
  const source = { kind: 'bytes', bytes: Buffer.from(name) } as const
  return { name, place, source, sign: true, authorization: true, ...(expect && { expect }) }
}

type File = readonly (Fixture | 'bad')[]
type Overrides = Partial<ReplayOptions<File>>

interface Replayed {
  readonly told: ReplayedFixture[]
  readonly run: Promise<Awaited<ReturnType<typeof replay>>>
}

function start(files: Iterable<File>, overrides: Overrides = {}): Replayed {
  const told: ReplayedFixture[] = []
  const run = replay(files, {
    transport: scriptedTransport([204]),
    clock: fakeClock(),
    policy: retryPolicy({}),
    concurrency: 1,
    onFailure: 'continue',
    async *read(file) {
      for (const fixture of file) {
        if (fixture === 'bad') throw new Error('bad line')
        yield await Promise.resolve(fixture)
      }
    },
    prepare: ({ name }) =>
      Promise.resolve(
        name.startsWith('skip')
          ? { kind: 'skip', reason: 'needs --secret' }
          : { kind: 'request', request: buildRequest({ url: URL_SENT_TO, userAgent: 'x' }, name) },
      ),
    expectationOf: ({ expect: own }) => own,
    onFixture: (result) => told.push(result),
    ...overrides,
  })
  return { told, run }
}

const nameOf = (body: Uint8Array): string => Buffer.from(body).toString()
const kinds = (told: readonly ReplayedFixture[]): string[] => told.map(({ fixture, kind }) => `${fixture.name} ${kind}`)
const file = (...names: string[]): File => names.map((name) => fixtureNamed(name))

describe('an attempt whose status is the expected one ends the delivery', () => {
  const rows: readonly [
    what: string,
    expect: Expectation | undefined,
    script: readonly Step[],
    sent: number,
    kind: string,
  ][] = [
    ['401 that is expected', { status: [401] }, [401], 1, 'passed'],
    ['401 that is not: all retries', undefined, [401], 8, 'failed'],
    ['503 at first, then the expected 401', { status: [401] }, [503, 401], 2, 'passed'],
    ['a success that is not expected ends it too', { status: [401] }, [204], 1, 'failed'],
    ['blocked: never before the last retry', { outcome: 'blocked' }, [401], 8, 'passed'],
    ['blocked with a status', { outcome: 'blocked', status: [401] }, [500, 401], 8, 'passed'],
    ['a count of requests', { status: [401], requests: { min: 8, max: 8 } }, [401], 8, 'passed'],
  ]
  test.each(rows)('%s', async (_, expectation, script, sent, kind) => {
    const transport = scriptedTransport(script)
    const { told, run } = start([[fixtureNamed('a', expectation)]], { transport })
    const counts = await run
    expect(transport.sent).toHaveLength(sent)
    expect(counts.requests).toBe(sent)
    expect(kinds(told)).toEqual([`a ${kind}`])
  })
})

describe('the run', () => {
  test('is in order, numbered, file after file', async () => {
    const { told, run } = start([file('a', 'b'), file('c')])
    expect(await run).toEqual({ passed: 3, failed: 0, skipped: 0, interrupted: 0, requests: 3, nothingJudged: false })
    expect(told.map(({ number, fixture }) => [number, fixture.name])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ])
  })

  test('sends the first alone: when it never connects, the rest is not sent', async () => {
    const transport = scriptedTransport(['refused'])
    const { told, run } = start([file('a'), file('b'), file('c')], { transport, concurrency: 3 })
    expect(await run).toMatchObject({ failed: 1, nothingJudged: true, stopped: 'never-connected', requests: 8 })
    expect(kinds(told)).toEqual(['a failed'])
  })

  test('goes on when a connection stood once, whatever came later', async () => {
    const transport = scriptedTransport(({ body }) => (nameOf(body) === 'a' ? 204 : 'refused'))
    const counts = await start([file('a', 'b', 'c')], { transport }).run
    expect(counts).toMatchObject({ passed: 1, failed: 2, nothingJudged: false })
    expect(counts).not.toHaveProperty('stopped')
  })

  test('a skipped first fixture does not hold the others back', async () => {
    const { told, run } = start([file('skip-a'), file('skip-b'), file('c'), file('d')], { concurrency: 2 })
    expect(await run).toMatchObject({ skipped: 2, passed: 2, requests: 2 })
    expect(kinds(told).slice(0, 2)).toEqual(['skip-a skipped', 'skip-b skipped'])
  })

  test('the first failure ends it where that is asked for, after what is in flight', async () => {
    const transport = scriptedTransport(({ body }) => (nameOf(body) === 'b' ? 500 : 204))
    const { told, run } = start([file('a', 'b', 'c')], { transport, onFailure: 'stop' })
    expect(await run).toMatchObject({ passed: 1, failed: 1, stopped: 'first-failure' })
    expect(kinds(told)).toEqual(['a passed', 'b failed'])
  })

  test('what cannot be read ends it, with how many requests were sent', async () => {
    const { told, run } = start([[fixtureNamed('a'), 'bad', fixtureNamed('c')], file('d')])
    const error = await run.then(undefined, (reason: unknown) => reason as ReplayError)
    expect(error).toBeInstanceOf(ReplayError)
    expect((error as ReplayError).requests).toBe(1)
    expect(((error as ReplayError).cause as Error).message).toBe('bad line')
    expect(kinds(told)).toEqual(['a passed'])
  })

  test('an interrupt while the input is silent ends it', async () => {
    const stop = new AbortController()
    const { run } = start([file('a')], {
      signal: stop.signal,
      async *read() {
        yield fixtureNamed('a')
        setImmediate(() => stop.abort())
        await new Promise<never>(() => undefined)
      },
    })
    expect(await run).toMatchObject({ passed: 1, stopped: 'interrupted' })
  })

  test('reads inputs one by one, so that many rounds need no memory', async () => {
    let asked = 0
    function* rounds(): Generator<File> {
      for (; asked < 1_000_000; asked++) yield file('a')
    }
    const transport = scriptedTransport(({ body: _ }, nth) => (nth < 3 ? 204 : 500))
    await start(rounds(), { transport, onFailure: 'stop' }).run
    expect(asked).toBeLessThan(5)
  })

  test('reads and sends one fixture of a file at a time', async () => {
    let sent = 0
    const transport = scriptedTransport([204], () => void (sent += 1))
    const seen: number[] = []
    await start([file('a')], {
      transport,
      async *read() {
        for (const name of ['a', 'b', 'c']) {
          seen.push(sent)
          yield await Promise.resolve(fixtureNamed(name))
        }
      },
    }).run
    expect(seen).toEqual([0, 1, 2])
  })

  test('the books balance, whatever the receiver does, whenever it is stopped, however many are under way', async () => {
    const step = fc.constantFrom<Step>(204, 401, 500, 'timeout', 'reset', 'refused')
    const one = fc.record({ step, kind: fc.constantFrom('send', 'skip', 'bad') })
    const cases = fc.record({
      files: fc.array(fc.array(one, { maxLength: 4 }), { maxLength: 5 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
      onFailure: fc.constantFrom('continue' as const, 'stop' as const),
      stopAfter: fc.option(fc.nat(10), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ files, concurrency, onFailure, stopAfter }) => {
        const stop = new AbortController()
        const steps = new Map<string, Step>()
        const inputs = files.map((list, index) =>
          list.map(({ step: how, kind }, nth): Fixture | 'bad' => {
            const name = `${kind}-${index}-${nth}`
            steps.set(name, how)
            return kind === 'bad' ? 'bad' : fixtureNamed(name)
          }),
        )
        const transport = scriptedTransport(
          ({ body }) => steps.get(nameOf(body)) ?? 204,
          (nth) => void (nth === stopAfter && stop.abort()),
        )
        const policy = retryPolicy({ retries: 2 })
        const how = { transport, policy, concurrency, onFailure, signal: stop.signal }
        const { told, run } = start(inputs, how)
        const counts = await run.catch((error: unknown) => error)
        const attempts = told.reduce((sum, one) => sum + (one.kind === 'skipped' ? 0 : one.outcome.attempts.length), 0)
        // Nothing is told twice, and every request that was sent is told.
        expect(new Set(told.map(({ fixture }) => fixture.name)).size).toBe(told.length)
        expect(attempts).toBe(transport.sent.length)
        if (counts instanceof ReplayError) {
          expect(counts.requests).toBe(attempts)
          return
        }
        expect(counts).toMatchObject({
          passed: told.filter(({ kind }) => kind === 'passed').length,
          failed: told.filter(({ kind }) => kind === 'failed').length,
          skipped: told.filter(({ kind }) => kind === 'skipped').length,
          interrupted: told.filter(({ kind }) => kind === 'interrupted').length,
          requests: attempts,
        })
        const isWhole = !('stopped' in (counts as object))
        if (isWhole) expect(told).toHaveLength(inputs.flat().length)
      }),
      { numRuns: 200 },
    )
  })
})
