import { describe, expect, test } from 'vitest'
import { preflight } from '../../src/check/preflight.ts'
import type { Sender } from '../../src/check/sender.ts'
import { answer, kitFor, sent } from './found.ts'

const NAMES = [
  'signed []',
  'wrong signature',
  'no signature',
  'signed [ ] and newline',
  '[ ] under the signature of []',
]

/** Answers with these statuses in turn. */
function scripted(statuses: readonly number[]) {
  const names: string[] = []
  const sender = {
    gone: false,
    async one(probe) {
      const status = statuses[names.length] ?? 599
      names.push(probe.name)
      const { exchange } = sent(answer(status))
      return { probe, exchange, controls: 'none' }
    },
  } as Partial<Sender> as Sender
  return { sender, names }
}

const zero = await kitFor('preflight', { form: 'zero-event' })
const visits = () => kitFor('preflight')

describe('the zero-event test alone', () => {
  test.each<[string, readonly number[], { form?: string; provenRefusal: boolean }]>([
    ['a sound receiver', [204, 401, 401, 204, 401], { form: 'zero-event', provenRefusal: true }],
    ['one that lets all in', [200, 200, 200, 200, 200], { form: 'zero-event', provenRefusal: false }],
    ['one that lets unsigned ones in', [204, 401, 204, 204, 401], { form: 'zero-event', provenRefusal: true }],
    // Who refuses the control after it has proven nothing by refusing.
    ['one that writes JSON again', [204, 401, 401, 401, 204], { form: 'zero-event', provenRefusal: false }],
    ['one that crashes on what is forged', [204, 500, 500, 204, 500], { form: 'zero-event', provenRefusal: false }],
    ['one that redirects what is forged', [204, 302, 302, 204, 302], { form: 'zero-event', provenRefusal: false }],
    ['one that refuses all', [401, 401, 401, 401, 401], { provenRefusal: false }],
    ['one that refuses an empty array, and takes a spaced one', [400, 401, 401, 204, 401], { provenRefusal: false }],
  ])('%s', async (_, statuses, wanted) => {
    const { sender, names } = scripted(statuses)
    const { form, provenRefusal, notes } = await preflight(zero, undefined, sender)
    expect({ ...(form === undefined ? {} : { form }), provenRefusal }).toEqual(wanted)
    expect(names).toEqual(NAMES)
    expect(notes.length > 0).toBe(form === undefined)
  })

  test('without a secret is one control', async () => {
    const { secret: _, ...endpoint } = zero.endpoint
    const { sender, names } = scripted([204])
    const found = await preflight(await kitFor('preflight', { form: 'zero-event', endpoint }), undefined, sender)
    expect(found).toMatchObject({ form: 'zero-event', provenRefusal: false })
    expect(names).toEqual(['signed []'])
  })
})

describe('where events may be sent', () => {
  test.each<[string, readonly number[], { form?: string; provenRefusal: boolean }, number]>([
    ['a sound receiver', [204, 401, 401, 204, 401, 204], { form: 'events', provenRefusal: true }, 6],
    [
      'one that refuses empty arrays',
      [400, 401, 401, 400, 401, 204, 401, 204],
      { form: 'events', provenRefusal: true },
      8,
    ],
    [
      'the same, and the control after',
      [400, 401, 401, 400, 401, 204, 401, 401],
      { form: 'events', provenRefusal: false },
      8,
    ],
    [
      'the same, and crashes on what is forged',
      [400, 401, 401, 400, 401, 204, 500, 204],
      { form: 'events', provenRefusal: false },
      8,
    ],
    [
      'one that writes JSON again',
      [204, 401, 401, 401, 204, 204, 401, 204],
      { form: 'events', provenRefusal: true },
      8,
    ],
    ['one that lets all in', [200, 200, 200, 200, 200, 200, 200, 200], { form: 'events', provenRefusal: false }, 8],
    ['one that takes empty arrays only', [204, 401, 401, 204, 401, 400], { provenRefusal: true }, 6],
  ])('%s', async (_, statuses, wanted, requests) => {
    const { sender, names } = scripted(statuses)
    const { form, provenRefusal, firstEvent } = await preflight(zero, await visits(), sender)
    expect({ ...(form === undefined ? {} : { form }), provenRefusal }).toEqual(wanted)
    expect(names).toHaveLength(requests)
    expect(firstEvent?.probe).toMatchObject({ name: 'first control', isControl: true })
    expect(firstEvent?.probe.eventIds).toHaveLength(1)
  })
})
