import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadContract, readPayload, renderPayload, SHIPPED_CONTRACTS } from '../../src/contract/contract.ts'
import type { Contract } from '../../src/contract/contract.ts'
import { DIALECT_NAMES } from '../../src/contract/dialect.ts'
import { loadEventModel } from '../../src/contract/event-model.ts'
import type { LoyaltyEvent } from '../../src/contract/event.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { createScrub } from '../../src/receiver/scrub.ts'
import { contractFolder } from '../support/contract-folder.ts'
import { anyEvent } from '../support/events.ts'

const model = await loadEventModel()
const contracts = await Promise.all(SHIPPED_CONTRACTS.map((name) => loadContract(name)))
const [assumed, flatSnake] = contracts as [Contract, Contract, Contract]
const { earning, free_gift: gift, point_correction_plus: correction } = SAMPLE_EVENTS

/** The scrubbed body as text. */
function scrubbed(text: string, contract = assumed, scrub = createScrub(contract, { seed: 1 })): string {
  const result = scrub(Buffer.from(text))
  if (result.kind === 'unscrubbable') throw new Error(result.problem)
  return Buffer.from(result.bytes).toString()
}
const events = (text: string, contract = assumed) =>
  readPayload(contract, JSON.parse(text), model).map((element) => {
    if (element.kind === 'unreadable') throw new Error(element.problem)
    return element
  })

/** What looks like an address is scrubbed wherever it stands, and a drawn id or name may look like one. */
const addressless = anyEvent.filter(({ program, data }) => !JSON.stringify([program, data]).includes('@'))

/** Some events of few people whose data can be told from everything else. */
const people = fc.array(fc.tuple(addressless, fc.nat(2)), { minLength: 1, maxLength: 5 }).map((list) =>
  list.map(([event, who]): LoyaltyEvent => {
    const member = {
      ...event.member,
      id: `0a4e2f60-1111-4b6c-8d2e-00000000000${who}`,
      externalId: `Subject-${who}-Zqxjwv`,
      email: `Quirk${who}.Zqxjwv@corp-${who}.test`,
      firstName: `Quirkus${who}Ω"/`,
      lastName: `Zqxjwvson${who}`,
    }
    const data =
      event.type === 'free_gift' ? { ...event.data, message: `For Quirkus${who}, from Bob Zqxjwv` } : event.data
    return { ...event, member, data } as LoyaltyEvent
  }),
)

describe.each(contracts.map((contract) => [contract.name, contract] as const))('%s', (_, contract) => {
  test('nothing personal is left, the rest is the same, token by token', () => {
    fc.assert(
      fc.property(people, fc.constantFrom(...DIALECT_NAMES), fc.nat(), (list, dialect, seed) => {
        const before = renderPayload(contract, list, dialect)
        const after = scrubbed(before, contract, createScrub(contract, { seed }))
        expect(after).not.toMatch(/Zqxjwv|Quirkus|corp-\d\.test|0a4e2f60-1111/i)
        // Tokens that did not change are the same text in the same place, spaces and escapes included.
        const [old, fresh] = [tokensOf(before), tokensOf(after)]
        expect(fresh).toHaveLength(old.length)
        const changed = fresh.filter((token, index) => token !== old[index])
        expect(changed.every((token) => token.startsWith('"'))).toBe(true)
        const [was, is] = [events(before, contract), events(after, contract)]
        expect(is.map(({ problems }) => problems)).toEqual(was.map(({ problems }) => problems))
        expect(is.map(({ event }) => withoutPeople(event))).toEqual(was.map(({ event }) => withoutPeople(event)))
        // Who was one person is one person still, and who was two are two.
        const [asked, got] = [was, is].map((elements) => elements.map(({ event }) => (event as LoyaltyEvent).member))
        for (const field of ['id', 'externalId', 'email'] as const) {
          expect(patternOf(got?.map((member) => member[field]))).toEqual(patternOf(asked?.map((member) => member.id)))
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Strings, numbers, words and what stands between them. */
function tokensOf(text: string): readonly string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[^"\s]+|\s+/g) ?? []
}

function withoutPeople(event: object): unknown {
  const { member, data, ...rest } = event as LoyaltyEvent
  const {
    id: _id,
    externalId: _externalId,
    email: _email,
    firstName: _first,
    lastName: _last,
    birthDate,
    ...kept
  } = member
  const {
    message: _message,
    reason: _reason,
    correctedBy: _by,
    givenBy: _givenBy,
    promoCode,
    ...moved
  } = data as Record<string, unknown>
  return { ...rest, member: { ...kept, birthDate: birthDate === null }, data: { ...moved, hasCode: typeof promoCode } }
}

/** [a, b, a] is [0, 1, 0]. */
function patternOf(values: readonly unknown[] = []): readonly number[] {
  return values.map((value) => values.indexOf(value))
}

test('a pseudonym is whole, under example.com, and the same again with the same seed', () => {
  const body = renderPayload(assumed, [earning])
  const [{ member }] = events(scrubbed(body)).map(({ event }) => event) as unknown as [LoyaltyEvent]
  expect(member.email).toMatch(/^[a-z]+\.[a-z]+\.[0-9a-z]{10}@example\.com$/)
  expect(member.email.split('.').slice(0, 2)).toEqual([member.firstName.toLowerCase(), member.lastName.toLowerCase()])
  expect(scrubbed(body)).toBe(scrubbed(body))
  expect(scrubbed(body)).not.toBe(scrubbed(body, assumed, createScrub(assumed, { seed: 2 })))
})

test('a person stays the same over bodies, by whichever identifier is there', async () => {
  const { cwd } = await contractFolder({
    'earning.json':
      '{ "type": "{{type}}", "id": "{{id}}", "sso": "{{member.externalId?}}", "mail": "{{member.email?}}", "member": "{{member.id?}}" }',
  })
  const contract = await loadContract('my-contract', { cwd })
  const scrub = createScrub(contract, { seed: 1 })
  const send = (event: object) => {
    const [element] = JSON.parse(scrubbed(JSON.stringify([{ type: 'earning', ...event }]), contract, scrub)) as [
      { sso?: string; mail?: string; member?: string },
    ]
    return element
  }
  const whole = send({ sso: 'a', mail: 'A@corp.test', member: 'm1' })
  expect(send({ mail: 'a@corp.test' }).mail).toBe(whole.mail)
  expect(send({ sso: 'a' }).sso).toBe(whole.sso)
  // An address that two members share is no person: the member's id decides.
  const other = send({ sso: 'b', mail: 'a@corp.test', member: 'm2' })
  expect([other.sso, other.mail, other.member]).not.toContain(whole.sso)
  expect(other.member).not.toBe(whole.member)
  expect(send({ sso: 'b' }).sso).toBe(other.sso)
})

describe('what stands where', () => {
  const one = (change: (event: Record<string, object>) => unknown, event: LoyaltyEvent = earning): string => {
    const copy = structuredClone(event) as unknown as Record<string, object>
    change(copy)
    return scrubbed(JSON.stringify([copy]))
  }
  const parsed = (text: string) => (JSON.parse(text) as [LoyaltyEvent & Record<string, unknown>])[0]

  test.each<[string, LoyaltyEvent]>([
    ['a message', gift],
    ['the reason of a correction', { ...correction, data: { ...correction.data, reason: 'Complaint of Zoë Peeters' } }],
  ])('%s is replaced', (_, event) => {
    const { data } = parsed(one(() => {}, event)) as unknown as { data: Record<string, unknown> }
    expect([data['message'], data['reason']]).toContain('[scrubbed]')
  })

  test('the manager gets a pseudonym too', () => {
    const { correctedBy } = (parsed(one(() => {}, correction)) as typeof correction).data
    expect(correctedBy.id).toMatch(/^manager-/)
    expect(correctedBy.name).not.toBe(correction.data.correctedBy.name)
  })

  test.each<[string, string, (text: string) => unknown]>([
    ['100234', 'digits stay digits', (text) => expect(text).toMatch(/"externalId":"\d{15}"/)],
    [
      earning.member.email,
      'an address stays the address',
      (text) => expect(parsed(text).member.externalId).toBe(parsed(text).member.email),
    ],
    [
      earning.member.id,
      'the id stays the id',
      (text) => expect(parsed(text).member.externalId).toBe(parsed(text).member.id),
    ],
    ['', 'nothing stays nothing', (text) => expect(text).toContain('"externalId":""')],
  ])('an external id %j: %s', (externalId, _, check) => {
    check(one((event) => Object.assign(event['member'] ?? {}, { externalId })))
  })

  test('null stays null, and a number a number', () => {
    const text = one((event) => Object.assign(event['member'] ?? {}, { birthDate: null, externalId: 123456 }))
    expect(parsed(text).member.birthDate).toBeNull()
    expect(text).toMatch(/"externalId":\d{15}[,}]/)
  })

  test('an unknown field of the member is replaced, its numbers by other numbers of the same length', () => {
    const text = one((event) =>
      Object.assign(event['member'] ?? {}, {
        phone: '+32 470 12 34 56',
        address: { street: 'Rue X 1' },
        nationalId: 85041703361,
        none: 0,
      }),
    )
    expect(text).toMatch(
      /"phone":"\[scrubbed\]","address":\{"street":"\[scrubbed\]"\},"nationalId":(?!85041703361)[1-9]\d{10},/,
    )
    expect(text).toContain('"none":0')
  })

  test.each([
    ['12345678901234567890', /^[1-9]\d{19}$/],
    ['-0.5e+07', /^-0\.\de\+07$/],
    ['7', /^[1-9]$/],
  ])('the unknown number %s of the member is written in its own form', (token, form) => {
    const body = JSON.stringify([{ ...earning, member: { ...earning.member, n: 'N' } }]).replace('"N"', token)
    const [, after = ''] = /"n":([^,}]+)/.exec(scrubbed(body)) ?? []
    expect(after).toMatch(form)
    expect(after).not.toBe(token)
    expect(scrubbed(body)).toContain(`"n":${after}`)
  })

  const named = { firstName: 'Zoë', lastName: 'O’Neil Stevens', birthDate: '1985-04-17' }
  test.each([
    ['percent-encoded', 'u=zo%C3%AB&n=Zo%c3%ab+O%E2%80%99Neil%20Stevens', /zo|neil|stevens/i],
    ['in another case, encoded so', 'https://x.test/?n=ZO%C3%8B', /zo%/i],
    ['after an escape', 'https://x.test/?next=n%3Dzo%C3%AB%26d%3D1985-04-17', /zo%|1985/i],
    ['without accents', 'name=Zoe', /zoe/i],
    ['a birth date the other way round', 'born=17%2F04%2F1985&b=19850417', /1985/],
    ['an id in upper case', `id=${earning.member.id.toUpperCase()}`, new RegExp(earning.member.id, 'i')],
    ['an address with every sign encoded', 'm=zoe%2Epeeters%40example%2Ecom', /zoe|peeters/i],
  ])('the member’s own values are found in a referrer: %s', (_, referrer, gone) => {
    const engage = SAMPLE_EVENTS.member_portal_visit
    const text = one((event) => {
      Object.assign(event['member'] ?? {}, named)
      Object.assign(event['data'] ?? {}, { referrer })
    }, engage)
    const { data } = parsed(text) as unknown as { data: { referrer: string } }
    expect(data.referrer).not.toMatch(gone)
    expect(data.referrer.length).toBeGreaterThan(5)
  })

  test('a name is found in a user agent in any case, a part of another word is not', () => {
    const text = one((event) => {
      Object.assign(event['member'] ?? {}, { firstName: 'Mahir', lastName: 'Stevens' })
      Object.assign(event['data'] ?? {}, {
        browser: { userAgent: 'Mozilla/5.0 (MAHIR STEVENS; mahirs) Chrome/120.0.6099.109' },
      })
    }, SAMPLE_EVENTS.member_portal_visit)
    const { member, data } = parsed(text) as unknown as { member: LoyaltyEvent['member']; data: { browser: object } }
    expect(data.browser).toMatchObject({
      userAgent: `Mozilla/5.0 (${member.firstName} ${member.lastName}; mahirs) Chrome/120.0.6099.109`,
    })
  })

  test('a promo code becomes another of its shape, the same for the same code', () => {
    const scrub = createScrub(assumed, { seed: 1 })
    const burning = SAMPLE_EVENTS.burning
    const codeOf = (promoCode: string | null) => {
      const event = { ...burning, note: `use ${promoCode ?? ''}`, data: { ...burning.data, promoCode } }
      const after = parsed(scrubbed(JSON.stringify([event]), assumed, scrub)) as unknown as {
        note: string
        data: { promoCode: string | null }
      }
      expect(after.note).toBe(`use ${after.data.promoCode ?? ''}`)
      return after.data.promoCode
    }
    const code = codeOf('MAISON-7KQ2-9xwd')
    expect(code).toMatch(/^[A-Z]{6}-[1-9\d][A-Z]{2}\d-\d[a-z]{3}$/)
    expect(code).not.toBe('MAISON-7KQ2-9xwd')
    expect(codeOf('MAISON-7KQ2-9xwd')).toBe(code)
    expect(codeOf('MAISON-7KQ2-9XWD')).toBe(code?.toUpperCase())
    expect(codeOf('MAISON-7KQ3-9xwd')).not.toBe(code)
    expect(codeOf(null)).toBeNull()
  })

  test('the member’s values are found in unknown fields and keys, and everybody’s addresses', () => {
    const text = one((event) =>
      Object.assign(event, {
        note: 'Zoë Peeters (sso-100234), see also Bob@corp.test',
        links: { 'zoe.peeters@example.com': ['https://x.test/?u=zoe.peeters%40example.com'] },
      }),
    )
    const { note, links, member } = parsed(text) as unknown as {
      note: string
      links: Record<string, string[]>
      member: LoyaltyEvent['member']
    }
    expect(text).not.toMatch(/Zoë|Peeters|sso-100234|corp\.test/i)
    expect(note).toContain(`${member.firstName} ${member.lastName} (${member.externalId}), see also `)
    expect(links[member.email]).toEqual([`https://x.test/?u=${member.email}`])
  })

  test.each<[string, object, readonly string[]]>([
    [
      'texts, once',
      { brandNew: [{ a: 'b' }, { a: 'c' }], n: 1 },
      ['brandNew[].a is not in the contract C and was kept'],
    ],
    [
      'what was rewritten as such',
      { note: 'of zoe.peeters@example.com' },
      ["note is not in the contract C; the person's own data in it was replaced, the rest was kept"],
    ],
    [
      'a number as long as a telephone number',
      { contact: 32470123456, text: 'call +32 470/12.34.56', points: 123456 },
      ['contact', 'text'].map(
        (path) => `${path} is not in the contract C and was kept; it has a number as long as a telephone number`,
      ),
    ],
    [
      'nothing of the member, whose unknown fields are replaced',
      { member: { ...earning.member, tel: 32470123456 } },
      [],
    ],
  ])('what the contract does not describe is told by its place, without its value: %s', (_, more, notes) => {
    const body = JSON.stringify([{ ...earning, ...more }])
    expect(createScrub(assumed, { seed: 1 })(Buffer.from(body))).toMatchObject({
      notes: notes.map((note) => note.replace('contract C', 'contract assumed-1')),
    })
  })

  test('names of other things that happen to be the member’s name stay', () => {
    const text = one((event) => {
      Object.assign(event['member'] ?? {}, { firstName: 'Étoiles' })
    })
    expect(text).toContain('"name":"Étoiles"')
  })
})

test('a key that stands twice is replaced twice', () => {
  const text = `[${JSON.stringify(earning).replace('"email":', '"email":"first@corp.test","email":')}]`
  expect(scrubbed(text)).not.toMatch(/corp\.test|zoe\.peeters/)
})

test('numbers, spaces and escapes elsewhere stay as they are', () => {
  const body = `[ ${JSON.stringify({ ...earning, n: 'N' }).replace('"N"', '[1.0, 1e3, 12345678901234567890, "\\u00e9\\/"]')} ]\r\n`
  const after = scrubbed(body)
  expect(after).toContain('[1.0, 1e3, 12345678901234567890, "\\u00e9\\/"]')
  expect(after).toMatch(/^\[ \{[^]*\} \]\r\n$/)
})

test('filters are obeyed: what is upper case or a number on the wire stays so', async () => {
  const { cwd } = await contractFolder({
    'earning.json':
      '{ "type": "{{type}}", "id": "{{id}}", "member": "{{member.id | upper}}", "sso": "{{member.externalId | number}}" }',
  })
  const contract = await loadContract('my-contract', { cwd })
  const body = JSON.stringify([{ type: 'earning', id: earning.id, member: earning.member.id.toUpperCase(), sso: 4711 }])
  const [read] = events(scrubbed(body, contract), contract)
  expect(read?.problems).toEqual([])
  expect(scrubbed(body, contract)).toMatch(/"sso":\d{15}\}/)
})

test.each<[string, Uint8Array | string, RegExp]>([
  ['no JSON', 'zoe@corp.test', /^it is not JSON in UTF-8$/],
  ['no UTF-8', Buffer.from([0x5b, 0xff, 0x5d]), /^it is not JSON in UTF-8$/],
  ['a BOM', '\ufeff[]', /^it is not JSON in UTF-8$/],
  ['an object', '{"email":"zoe@corp.test"}', /^it is not a list of events$/],
  ['an event of another contract', '[{"event_type":"x"}]', /^events\[0\] is none of the events of assumed-1$/],
  ['a text', '["zoe@corp.test"]', /^events\[0\] is none of the events of assumed-1$/],
])('%s cannot be scrubbed, and is not quoted', (_, body, problem) => {
  const result = createScrub(assumed, { seed: 1 })(Buffer.from(body as string))
  expect(result).toEqual({ kind: 'unscrubbable', problem: expect.stringMatching(problem) as string })
})

test('a long text without an address takes no time', () => {
  const body = JSON.stringify([{ ...earning, text: `${'a.'.repeat(500_000)}@` }])
  const startedMs = performance.now()
  scrubbed(body)
  expect(performance.now() - startedMs).toBeLessThan(2000)
})

test('flat-snake: a ledger of two members still adds up', () => {
  const other = {
    ...earning.member,
    id: '0a4e2f60-2222-4b6c-8d2e-000000000002',
    externalId: 'x2',
    email: 'x2@corp.test',
  }
  const list = [earning, { ...earning, member: other }, earning]
  const after = events(scrubbed(renderPayload(flatSnake, list), flatSnake), flatSnake)
  expect(patternOf(after.map(({ event }) => (event as LoyaltyEvent).member.id))).toEqual([0, 1, 0])
  expect(after.map(({ event }) => (event as typeof earning).data.balance)).toEqual(list.map(({ data }) => data.balance))
})
