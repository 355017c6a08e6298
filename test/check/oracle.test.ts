import { describe, expect, test } from 'vitest'
import { countIn, settledEffects, type Counted, type Oracle } from '../../src/check/oracle.ts'
import { fakeClock } from '../support/fake-clock.ts'

const count = (number: number): Counted => ({ kind: 'count', count: number })

describe('the count in what an oracle says', () => {
  test.each<[string, string | undefined, number]>([
    ['0', undefined, 0],
    ['1', undefined, 1],
    [' 42\n', undefined, 42],
    ['{"count":3}', '/count', 3],
    ['{"data":{"count":2}}', '/data/count', 2],
    ['[{"n":1},{"n":5}]', '/1/n', 5],
    ['{"a/b":{"c~d":7}}', '/a~1b/c~0d', 7],
    ['{"":4}', '/', 4],
    ['6', '', 6],
    ['1e2', undefined, 100],
  ])('%s at %s: %i', (text, pointer, wanted) => {
    expect(countIn(text, pointer)).toEqual(count(wanted))
  })

  test.each<[string, string | undefined, RegExp]>([
    ['', undefined, /said nothing/],
    [' \n', undefined, /said nothing/],
    ['yes', undefined, /no number: yes/],
    ['<html>\n  busy</html>', undefined, /no number: <html> busy<\/html>/],
    ['{"count":3}', undefined, /no number.*--oracle-pointer.*\{"count":3\}/],
    ['{"count":3}', '/number', /nothing at \/number: \{"count":3\}/],
    ['{"count":"3"}', '/count', /no number/],
    ['{"count":null}', '/count', /no number/],
    ['{"count":3}', '/count/deeper', /nothing at/],
    ['{"count":3}', '/toString', /nothing at/],
    ['-1', undefined, /-1, which counts nothing/],
    ['1.5', undefined, /1\.5, which counts nothing/],
    ['true', undefined, /no number/],
    [`"${'x'.repeat(500)}"`, undefined, /^.{1,130}…$/],
  ])('%s at %s is not known', (text, pointer, reason) => {
    const said = countIn(text, pointer)
    expect(said.kind).toBe('unknown')
    expect(said.kind === 'unknown' ? said.reason : '').toMatch(reason)
  })
})

describe('effects are asked for until they settle', () => {
  /** Says of each question in turn what it is told, and the last for ever. */
  function asked(...said: readonly Counted[]) {
    const clock = fakeClock()
    const atMs: number[] = []
    const oracle: Oracle = {
      count: async () => {
        atMs.push(clock.monotonicMs())
        return said[Math.min(atMs.length, said.length) - 1] as Counted
      },
    }
    const settled = async (times = 1, signal = new AbortController().signal) => {
      const expected = [{ eventId: 'id', name: 'A', times }]
      const [effect] = await settledEffects(expected, { oracle, timeoutMs: 2000, clock, signal })
      return { counted: effect?.counted, atMs, tookMs: clock.monotonicMs() }
    }
    return { clock, settled }
  }

  test('what is right must stay right for a while', async () => {
    const { counted, tookMs } = await asked(count(1)).settled()
    expect(counted).toEqual(count(1))
    expect(tookMs).toBe(300)
  })

  test('what is not right yet is waited for', async () => {
    const { counted, tookMs } = await asked(count(0), count(0), count(1)).settled()
    expect(counted).toEqual(count(1))
    expect(tookMs).toBe(500)
  })

  test('a second copy that comes late is seen, and ends the wait at once', async () => {
    const { counted, tookMs } = await asked(count(1), count(1), count(2)).settled()
    expect(counted).toEqual(count(2))
    expect(tookMs).toBe(200)
  })

  test('what must not be applied is watched as well', async () => {
    expect(await asked(count(0), count(1)).settled(0)).toMatchObject({ counted: count(1), tookMs: 100 })
    expect(await asked(count(0)).settled(0)).toMatchObject({ counted: count(0), tookMs: 300 })
  })

  test('what never comes ends with the time', async () => {
    expect(await asked(count(0)).settled()).toMatchObject({ counted: count(0), tookMs: 2000 })
  })

  test('what is not known may be known later', async () => {
    const unknown: Counted = { kind: 'unknown', reason: 'it is starting' }
    expect(await asked(unknown, unknown, count(1)).settled()).toMatchObject({ counted: count(1), tookMs: 500 })
    expect(await asked(unknown).settled()).toMatchObject({ counted: unknown, tookMs: 2000 })
  })

  test('what was right and is not any more starts again', async () => {
    const { tookMs, counted } = await asked(count(1), count(1), count(0), count(1)).settled()
    expect(counted).toEqual(count(1))
    expect(tookMs).toBe(600)
  })

  test('every event must be right, and each keeps its own count', async () => {
    const clock = fakeClock()
    const oracle: Oracle = { count: async (id) => count(id === 'b' && clock.monotonicMs() < 400 ? 0 : 1) }
    const expected = ['a', 'b'].map((eventId) => ({ eventId, name: eventId, times: 1 }))
    const { signal } = new AbortController()
    const effects = await settledEffects(expected, { oracle, timeoutMs: 2000, settleMs: 50, clock, signal })
    expect(effects.map(({ eventId, counted }) => [eventId, counted])).toEqual([
      ['a', count(1)],
      ['b', count(1)],
    ])
    expect(clock.monotonicMs()).toBe(500)
  })

  test('nobody is asked again after a stop', async () => {
    const { atMs } = await asked(count(0)).settled(1, AbortSignal.abort())
    expect(atMs).toHaveLength(1)
  })
})
