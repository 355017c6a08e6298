import { describe, expect, it } from 'vitest'
import { promoCode, randomStream, uuidV4 } from '../../src/program/random.ts'

const draws = (seed: number, name: string, count: number) => {
  const random = randomStream(seed, name)
  return Array.from({ length: count }, () => random.next32())
}

describe('a stream of chance', () => {
  it.each([
    [0, '', [3454374650, 1045114460, 100854891, 1252600317]],
    [42, 'member:0', [3645210320, 761026198, 681290161, 4089930823]],
    [4294967295, 'order', [3448548015, 2396477682, 215696462, 2372420419]],
  ])(
    'of seed %i and name "%s" gives the same numbers on every machine and in every version',
    (seed, name, expected) => {
      expect(draws(seed, name, 4)).toEqual(expected)
    },
  )

  it('differs from the streams of other names and seeds, however alike', () => {
    const firsts = new Set<number>()
    for (let index = 0; index < 3000; index++) {
      firsts.add(randomStream(1, `member:${index}`).next32())
      firsts.add(randomStream(index + 2, 'member:0').next32())
    }
    expect(firsts.size).toBeGreaterThan(5990)
  })

  it.each([
    ['draws of one stream', () => draws(7, 'x', 100_000)],
    [
      'first draws of many streams',
      () => Array.from({ length: 100_000 }, (_, index) => draws(7, `member:${index}`, 1)[0] as number),
    ],
    [
      'first draws of many seeds',
      () => Array.from({ length: 100_000 }, (_, seed) => draws(seed, 'order', 1)[0] as number),
    ],
  ])('is even and independent: %s', (_, sample) => {
    const values = sample()
    for (let bit = 0; bit < 32; bit++) {
      const ones = values.filter((value) => ((value >>> bit) & 1) === 1).length
      // Six standard deviations of a fair coin thrown 100,000 times are 949.
      expect(Math.abs(ones - 50_000)).toBeLessThan(949)
    }
    const pairs = new Map<number, number>()
    values.forEach((value, index) => {
      const pair = (value >>> 28) * 16 + ((values[index + 1] ?? 0) >>> 28)
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
    })
    // 256 cells of 391 each: chi-square with 255 degrees of freedom stays under 380 but once in 2,000,000.
    const chiSquare = Array.from({ length: 256 }, (__, pair) => ((pairs.get(pair) ?? 0) - 390.625) ** 2 / 390.625)
    expect(chiSquare.reduce((sum, part) => sum + part, 0)).toBeLessThan(380)
  })

  it('draws whole numbers evenly, both ends included', () => {
    const random = randomStream(3, 'dice')
    const counts = Array.from({ length: 6 }, () => 0)
    for (let index = 0; index < 60_000; index++) {
      const face = random.int(1, 6) - 1
      counts[face] = (counts[face] as number) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(600)
    expect(random.int(5, 5)).toBe(5)
  })

  it('draws floats from 0 up to but not including 1, and refuses to pick from nothing', () => {
    const random = randomStream(3, 'floats')
    const floats = Array.from({ length: 10_000 }, random.float)
    expect(Math.min(...floats)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...floats)).toBeLessThan(1)
    expect(floats.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0.5, 1)
    expect(() => random.pick([])).toThrow('empty')
  })
})

describe('identifiers', () => {
  const random = randomStream(9, 'ids')
  const thousand = <T>(draw: () => T) => Array.from({ length: 1000 }, draw)

  it('UUIDs are of version 4 and never repeat', () => {
    const ids = thousand(() => uuidV4(random))
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(new Set(ids).size).toBe(1000)
    expect(new Set(ids.map((id) => id[19])).size).toBe(4)
  })

  it('promo codes can be read aloud and never repeat', () => {
    const codes = thousand(() => promoCode(random))
    for (const code of codes) expect(code).toMatch(/^([\dA-HJKMNP-TV-Z]{4}-){3}[\dA-HJKMNP-TV-Z]{4}$/)
    expect(new Set(codes).size).toBe(1000)
  })
})
