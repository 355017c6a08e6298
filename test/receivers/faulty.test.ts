import { describe, expect, test } from 'vitest'
import { FAULTY, faultyReceiver } from './faulty.ts'
import { anEvent, counted, cutUpload, post } from './sending.ts'

/** The fault of these is in the way of everything. */
const TAKE_NOTHING = ['always-200', 'always-401', 'redirects', 'login-page']

describe('a faulty receiver', () => {
  test('has a name of its own, and names checks by their catalogue numbers', () => {
    const names = FAULTY.map(({ name }) => name)
    expect(names.length).toBeGreaterThanOrEqual(20)
    expect([...new Set(names)]).toEqual(names)
    for (const number of FAULTY.flatMap(({ fails }) => fails)) {
      expect(number).toMatch(/^(CON|AUT|DLV|ROB|PRF|TRN)-\d\d$/)
    }
  })

  test.concurrent.each(FAULTY.filter(({ name }) => !TAKE_NOTHING.includes(name)))(
    'has no other fault: $name takes an ordinary delivery and applies it',
    async ({ start }) => {
      const receiver = await start({ waitMs: 1 })
      try {
        const body = JSON.stringify([anEvent('ordinary', { member: { id: 'm', firstName: 'Anna' } })])
        expect(String(await post(receiver.url, body))).toMatch(/^20[04]$/)
        expect(await counted(receiver, 'ordinary')).toBe(1)
        expect((await receiver.applied()).get('ordinary')).toBe(1)
      } finally {
        await receiver.close()
      }
    },
  )

  test('takes-cut-bodies applies an upload that was cut', async () => {
    const receiver = await faultyReceiver('takes-cut-bodies').start()
    await cutUpload(receiver.url, JSON.stringify([anEvent('cut')]), 'end')
    await expect.poll(() => counted(receiver, 'cut')).toBe(1)
    await receiver.close()
  })

  test.each([
    ['dies-of-cut-uploads', (url: string) => cutUpload(url, '[]', 'reset')],
    ['dies-of-depth', (url: string) => post(url, '['.repeat(10_000) + ']'.repeat(10_000)).catch(() => {})],
  ] as const)('%s is gone afterwards', async (name, harm) => {
    const receiver = await faultyReceiver(name).start()
    await harm(receiver.url)
    await expect.poll(() => post(receiver.url, '[]').catch(() => 'gone')).toBe('gone')
    await receiver.close()
  })

  test('check-then-act applies an event twice that comes twice at the same moment', async () => {
    const receiver = await faultyReceiver('check-then-act').start()
    const body = JSON.stringify([anEvent('raced')])
    await Promise.all([1, 2, 3, 4, 5].map(() => post(receiver.url, body)))
    expect(await counted(receiver, 'raced')).toBeGreaterThan(1)
    await receiver.close()
  })
})
