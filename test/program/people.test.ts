import { describe, expect, it } from 'vitest'
import { defaultProgram } from '../../src/program/catalog.ts'
import { parsePeople } from '../../src/program/people.ts'
import type { Selection } from '../../src/program/selection.ts'
import { problemsIn } from './observer.ts'
import { eventsOf, NOW_MS, selectionOf } from './selections.ts'

const people = (text: string) => parsePeople(text, 'people.csv', defaultProgram)

describe('--members-from', () => {
  it('takes what the file says and generates the rest', async () => {
    const list = await people(
      '\uFEFFexternalId,email,firstName,birthDate,country,enrolledAt,level\r\nu-1,zoe@shop.example,Zoë,1990-02-28,LU,2024-01-01,Gold\r\nu-2,,,,,,\r\n',
    )
    const events = await eventsOf(selectionOf({ what: ['member_portal_visit'], count: 20, people: list }))
    const members = new Map(events.map(({ member }) => [member.externalId, member]))
    expect([...members.keys()].toSorted()).toEqual(['u-1', 'u-2'])
    expect(members.get('u-1')).toMatchObject({
      email: 'zoe@shop.example',
      firstName: 'Zoë',
      birthDate: '1990-02-28',
      country: 'LU',
      enrolledAt: '2024-01-01T00:00:00.000Z',
    })
    expect(members.get('u-1')?.lastName).not.toBe('')
    expect(members.get('u-2')?.email).toMatch(/@example\.(com|net|org)$/)
  })

  it('starts from the balances and the level of the file', async () => {
    const list = await people('externalId,currency,balance,level\na,points,1000,silver\na,Boréal Stars,7,\n')
    const events = await eventsOf(selectionOf({ what: ['earning', 'point_correction_plus'], count: 30, people: list }))
    const firstOf = (currency: string) =>
      events
        .flatMap(({ data }) =>
          'balance' in data ? [data.balance as { currency: { id: string }; previous: number }] : [],
        )
        .find((balance) => balance.currency.id === currency)?.previous
    expect([firstOf('points'), firstOf('stars')]).toEqual([1000, 7])
    const [change] = await eventsOf(selectionOf({ what: ['change_in_level'], people: list }))
    expect(change?.data).toMatchObject({ previousLevel: { id: 'silver' } })
  })

  it('spends what people have, cheaply where it must last, and says when it does not', async () => {
    const list = await people('externalId,balance\na,300\nb,0\nc,310\n')
    const selection = selectionOf({ what: ['burning'], count: 4, people: list })
    const events = await eventsOf(selection)
    expect(
      problemsIn(events, { program: defaultProgram, nowMs: NOW_MS }).filter((text) => !text.includes('e-mail')),
    ).toEqual([])
    await expect(eventsOf({ ...selection, count: 40 })).rejects.toThrow(
      /of 40 burnings cannot be paid from the balances/,
    )
  })

  it('creates profiles of people of whom the file tells no past', async () => {
    const list = await people('externalId,balance\na,300\nb,\nc,\n')
    const created = await eventsOf(selectionOf({ what: ['profile_creation'], count: 2, people: list }))
    expect(created.map((event) => event.member.externalId)).toEqual(['b', 'c'])
    await expect(eventsOf(selectionOf({ what: ['profile_creation'], count: 3, people: list }))).rejects.toThrow(
      '3 profile creations need 3 people without balance, level and enrolledAt, there are 2',
    )
    const walked = await eventsOf(selectionOf({ what: { journey: 'onboarding' }, count: 2, people: list }))
    expect(new Set(walked.map((event) => event.member.externalId))).toEqual(new Set(['b', 'c']))
  })

  it.each([
    ['semicolons', 'externalId;email;firstName;balance\r\nu-1;a@shop.example;Dupont, Zoë;12\r\n'],
    ['tabs', 'externalId\temail\tfirstName\tbalance\nu-1\ta@shop.example\tDupont, Zoë\t12\n'],
    ['commas', '"externalId",email,firstName,balance\nu-1,a@shop.example,"Dupont, Zoë",12\n'],
  ])('reads a file whose cells are separated by %s', async (_, text) => {
    expect(await people(text)).toMatchObject([
      { externalId: 'u-1', email: 'a@shop.example', firstName: 'Dupont, Zoë', balances: new Map([['points', 12]]) },
    ])
  })

  it.each([
    ['language', 'fr-FR', { language: 'fr-FR', country: 'FR' }],
    ['language', 'nl-BE', { language: 'nl-BE', country: 'BE' }],
    ['language', 'zh-Hant-TW', { language: 'zh-Hant-TW', country: 'TW' }],
    ['language', 'de', { language: 'de', country: 'DE' }],
    ['language', 'en', { language: 'en', country: 'GB' }],
    ['language', 'da', { language: 'da', country: 'DK' }],
    ['language', 'es-419', { language: 'es-419', country: 'ES' }],
    ['country', 'FR', { language: 'fr-FR', country: 'FR' }],
    ['country', 'NL', { language: 'nl-NL', country: 'NL' }],
    ['country', 'LU', { language: expect.stringMatching(/^[a-z]{2}-LU$/), country: 'LU' }],
    ['country', 'BE', { language: expect.stringMatching(/^(fr|nl)-BE$/), country: 'BE' }],
    ['language,country', 'fr-FR,BE', { language: 'fr-FR', country: 'BE' }],
  ])('of someone with %s %s alone the other one agrees', async (column, cell, expected) => {
    const rows = Array.from({ length: 12 }, (_, index) => `u-${index},${cell}\n`).join('')
    const list = await people(`externalId,${column}\n${rows}`)
    const events = await eventsOf(selectionOf({ what: ['member_portal_visit'], count: 40, people: list }))
    for (const { member } of events) expect(member).toMatchObject(expected)
  })

  it.each([
    ['', 'people.csv is empty'],
    ['email\na@b.example\n', 'people.csv:1: no column externalId'],
    ['externalId\n', 'people.csv has no people'],
    ['externalId,emial\n', 'people.csv:1: unknown column "emial"; did you mean email?'],
    ['externalId,email,email\n', 'people.csv:1: column email stands twice'],
    ['externalId,email\na,x@y.example\n,z@y.example\n', 'people.csv:3: externalId is empty'],
    ['externalId,email\na,nobody\n', 'people.csv:2: email "nobody" is not an e-mail address'],
    ['externalId,birthDate\na,2001-02-29\n', 'people.csv:2: birthDate "2001-02-29" is not a date'],
    ['externalId,language\na,French\n', 'people.csv:2: language "French" is not a language tag'],
    ['externalId,country\na,Belgium\n', 'people.csv:2: country "Belgium" is not a two-letter'],
    ['externalId,enrolledAt\na,yesterday\n', 'people.csv:2: enrolledAt "yesterday" is not a time'],
    ['externalId,balance\na,-5\n', 'people.csv:2: balance "-5" is not a whole number'],
    ['externalId,currency,balance\na,pounds,5\n', 'no currency "pounds"; its currencies are points, stars'],
    ['externalId,currency,balance\na,points,\n', 'people.csv:2: currency "points" without a balance'],
    ['externalId,level\na,bronze\n', 'no level "bronze"; its levels are explorer, silver'],
    ['externalId,balance\na,5\nb,1\na,6\n', 'people.csv:4: externalId "a" stands at people.csv:2 already'],
    [
      'externalId,firstName,currency,balance\na,Ann,points,5\na,Bob,stars,6\n',
      'people.csv:3: firstName differs from people.csv:2',
    ],
    ['externalId,email\na,x@y.example\nb,X@y.example\n', 'people.csv:3: e-mail X@y.example stands at people.csv:2 too'],
    ['externalId,email\na,"x\n', 'people.csv:2: not CSV: a cell begins with a quote that is never closed.'],
    ['externalId,email\na,"x"y\n', 'people.csv:2: not CSV: a cell goes on after its closing quote'],
    ['externalId,email\na,x"y\n', 'people.csv:2: not CSV: a quote stands inside a cell'],
    ['externalId;emial\n', 'people.csv:1: unknown column "emial"; did you mean email? Known: '],
    ['externalId,colour\n', 'people.csv:1: unknown column "colour". Known: externalId, '],
    ['externalId;email\na;b@c.example;d\n', '3 cells under 2 columns; put cells that contain a semicolon in quotes'],
    ['externalId,language\na,fr-x\n', 'people.csv:2: language "fr-x" is not a language tag'],
    ['externalId,email\na,b@c.example,d\n', 'people.csv:2: 3 cells under 2 columns'],
  ])('refuses %j', async (text, message) => {
    await expect(people(text)).rejects.toThrow(message)
  })

  it.each<[Partial<Selection>, string]>([
    [
      { what: ['profile_creation'] },
      '1 profile creation needs 1 person without balance, level and enrolledAt, there are 0',
    ],
    [{ what: ['profile_creation'], count: 2 }, '--members-from with 1 person: 2 profile creations need a member each'],
    [{ what: { journey: 'onboarding' } }, '1 profile creation needs 1 person without'],
    [{ what: ['burning'] }, '1 of 1 burning cannot be paid'],
    [{ what: { journey: 'gift' }, count: 2 }, '2 × gift need 2 people, there is 1'],
  ])('counts in the singular and the plural: %j', async (over, message) => {
    const list = await people('externalId,balance\na,0\n')
    await expect(eventsOf(selectionOf({ ...over, people: list }))).rejects.toThrow(message)
  })

  it('refuses people who enrol after the run has begun', async () => {
    const list = await people('externalId,enrolledAt\na,2026-01-31T11:59:59Z\n')
    await expect(eventsOf(selectionOf({ count: 100, people: list }))).rejects.toThrow('people.csv:2: enrolledAt')
  })
})
