import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkContract, copyContract, loadContract, SHIPPED_CONTRACTS } from '../../src/contract/contract.ts'
import { loadEventModel } from '../../src/contract/event-model.ts'
import { eventSchemas, loyaltyEventSchema } from '../../src/contract/event.ts'
import { ALL_EVENT_TYPES, EVENT_TYPES } from '../../src/contract/event-types.ts'
import { SAMPLE_EVENTS } from '../../src/contract/sample-events.ts'
import { mentionsOf } from '../../src/contract/template.ts'
import { UsageError } from '../../src/errors.ts'
import { contractFolder, temporaryFolder } from '../support/contract-folder.ts'

describe('the shipped contracts', () => {
  test.each(SHIPPED_CONTRACTS)('%s is right in every file, and is loaded without a check', async (name) => {
    expect(await checkContract(name)).toEqual([])
    expect(await loadContract(name)).toMatchObject({ name, contentType: 'application/json' })
  })

  test('are all the folders there are', () => {
    expect(readdirSync(new URL('../../src/contract/wire/', import.meta.url)).toSorted()).toEqual([...SHIPPED_CONTRACTS])
  })

  test('assumed-1 signs, retries and identifies as the table of wire facts says', async () => {
    expect(await loadContract('assumed-1')).toMatchObject({
      identity: ['id'],
      json: 'js',
      signature: { header: 'X-Qualifio-Signature', prefix: 'sha256=', encoding: 'hex' },
      retryPolicy: { retries: 7, firstDelayMs: 1000, factor: 2, maxDelayMs: 3_600_000 },
      discriminator: { wirePath: 'type' },
    })
  })

  test('assumed-1 writes every field of the event model, leaf by leaf, under its own name', async () => {
    const [{ templates }, model] = await Promise.all([loadContract('assumed-1'), loadEventModel()])
    for (const type of ALL_EVENT_TYPES) {
      const leaves = [...model[type].values()].filter(({ kind }) => kind.json !== 'object' && kind.json !== 'array')
      const written = mentionsOf(templates[type]).filter(({ node }) => node.kind === 'placeholder')
      expect(written.map(({ modelPath }) => modelPath).toSorted()).toEqual(leaves.map(({ path }) => path).toSorted())
      expect(written.filter(({ modelPath, wirePath }) => modelPath !== wirePath)).toEqual([])
    }
  })

  test('every fact has its mark, source and date, and the rehearsals say that they are rehearsals', async () => {
    const [assumed, ...rehearsals] = await Promise.all(SHIPPED_CONTRACTS.map((name) => loadContract(name)))
    const marks = assumed?.facts.map(({ status }) => status)
    expect([...new Set(marks)].toSorted()).toEqual(['assumed', 'documented', 'unknown'])
    expect(assumed?.facts.every(({ recorded }) => recorded === '2026-11-23')).toBe(true)
    for (const { title, facts } of rehearsals) {
      expect(title).toMatch(/rehearsal/)
      expect(facts[0]?.fact).toMatch(/rehearsal and not what Qualifio sends/)
      expect(facts.some(({ status }) => status === 'documented' || status === 'observed')).toBe(false)
    }
  })
})

test.each(ALL_EVENT_TYPES)('the sample %s is an event of the model', (type) => {
  expect(eventSchemas[type].parse(SAMPLE_EVENTS[type])).toEqual(SAMPLE_EVENTS[type])
  expect(loyaltyEventSchema.parse(SAMPLE_EVENTS[type])).toEqual(SAMPLE_EVENTS[type])
})

describe('a name that is no contract', () => {
  test.each([
    [
      'asumed-1',
      'unknown contract "asumed-1"; did you mean assumed-1? Shipped are assumed-1, flat-snake, no-identity; or name the folder of your own.',
    ],
    [
      './there/is/none',
      'unknown contract "./there/is/none". Shipped are assumed-1, flat-snake, no-identity; or name the folder of your own.',
    ],
    [
      '__proto__',
      'unknown contract "__proto__". Shipped are assumed-1, flat-snake, no-identity; or name the folder of your own.',
    ],
    ['a-file', 'a-file is a file; a contract is the folder with its contract.json.'],
  ])('%s', async (name, message) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'a-file'), '{}')
    await expect(loadContract(name, { cwd })).rejects.toThrow(new UsageError(message))
    await expect(checkContract(name, { cwd })).rejects.toThrow(new UsageError(message))
  })
})

describe('a contract.json that is wrong', () => {
  const replaced = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to)

  test.each([
    [
      'no version',
      replaced('  "contract": 1,\n', ''),
      '1:1: the first key is "contract": 1, the version of this format',
    ],
    [
      'another version',
      replaced('"contract": 1', '"contract": 2'),
      '2:15: the first key is "contract": 1, the version of this format',
    ],
    ['a list', () => '[]', '1:1: the first key is "contract": 1, the version of this format'],
    ['no name', replaced('  "name": "my-contract",\n', ''), '1:1: name is missing: the name is a text'],
    ['an empty title', replaced(/"title": ".*"/, '"title": ""'), '4:12: title: the title is empty'],
    [
      'an unknown dialect',
      replaced('"json": "js"', '"json": "pyton"'),
      /^\d+:11: json: one of js, php, python, go, pretty; did you mean python\?$/,
    ],
    [
      'a dialect that is no text',
      replaced('"json": "js"', '"json": 3'),
      /^\d+:11: json: one of js, php, python, go, pretty$/,
    ],
    [
      'an unknown key',
      replaced('"json": "js"', '"json": "js", "signatur": {}'),
      /^\d+:17: unknown key "signatur"; did you mean signature\?$/,
    ],
    [
      'an unknown key inside',
      replaced('"retries": 7', '"retires": 7, "retries": 7'),
      /^\d+:5: unknown key "retires"; did you mean retries\?$/,
    ],
    [
      'an unknown key of a fact',
      replaced('"status": "documented"', '"status": "documented", "statu": 1'),
      /unknown key "statu"; did you mean status\?$/,
    ],
    [
      'too many retries',
      replaced('"retries": 7', '"retries": 101'),
      /^\d+:16: retryPolicy\.retries: 0 to 100 retries$/,
    ],
    [
      'half a retry',
      replaced('"retries": 7', '"retries": 1.5'),
      /^\d+:16: retryPolicy\.retries: a whole number, 0 to 100$/,
    ],
    ['waits that shrink', replaced('"factor": 2', '"factor": 0.5'), /^\d+:15: retryPolicy\.factor: 1 to 100$/],
    [
      'a longest wait below the first',
      replaced('"maxDelayMs": 3600000', '"maxDelayMs": 10'),
      /^\d+:19: retryPolicy\.maxDelayMs: less than firstDelayMs$/,
    ],
    [
      'a wait over a week',
      replaced('"maxDelayMs": 3600000', '"maxDelayMs": 1e12'),
      /^\d+:19: retryPolicy\.maxDelayMs: at most 604800000 ms, a week$/,
    ],
    ['no retry policy', replaced(/"retryPolicy": \{[^}]*\},/, ''), /^1:1: retryPolicy is missing: /],
    [
      'a header with a space',
      replaced('"header": "X-Qualifio-Signature"', '"header": "X Sig"'),
      /signature\.header: a header name, such as X-Qualifio-Signature$/,
    ],
    [
      'a header that the request sets',
      replaced('"header": "X-Qualifio-Signature"', '"header": "Content-Length"'),
      /signature\.header: this header is set by the request itself$/,
    ],
    [
      'a prefix with a line break',
      replaced('"prefix": "sha256="', '"prefix": "a\\nb"'),
      /signature\.prefix: at most 40 visible ASCII/,
    ],
    ['an unknown encoding', replaced('"encoding": "hex"', '"encoding": "HEX"'), /signature\.encoding: hex or base64$/],
    [
      'an unknown mark',
      replaced('"status": "documented"', '"status": "official"'),
      /facts\[0\]\.status: documented, observed, assumed or unknown$/,
    ],
    [
      'a date that is none',
      replaced('"recorded": "2026-11-23"', '"recorded": "23/11/2026"'),
      /facts\[0\]\.recorded: a date, YYYY-MM-DD$/,
    ],
    [
      'a media type that is none',
      replaced('"contentType": "application/json"', '"contentType": "json\\r\\nX: y"'),
      /contentType: a media type, such as application\/json$/,
    ],
    [
      'an identity that no template writes',
      replaced('"id"\n', '"idd"\n'),
      /^\d+:5: identity "idd" is not written from the event by profile-creation\.json, .*free-gift\.json; did you mean id\?$/,
    ],
    ['broken JSON', replaced('"json": "js",', '"json": "js"'), /^\d+:3: unexpected """: "," or "}" is expected\.$/],
  ])('%s', async (_, edit, problem) => {
    const { cwd } = await contractFolder({ 'contract.json': edit })
    const [first = '', ...others] = await checkContract('my-contract', { cwd })
    expect(others).toEqual([])
    const place = first.replace('my-contract/contract.json:', '')
    if (typeof problem === 'string') expect(place).toBe(problem)
    else expect(place).toMatch(problem)
  })

  test('what it may leave out or change', async () => {
    const { cwd } = await contractFolder({
      'contract.json': (text) =>
        text
          .replace('  "contentType": "application/json",\n', '')
          .replace('"id"\n', '')
          .replace('"prefix": "sha256="', '"prefix": ""')
          .replace('"encoding": "hex"', '"encoding": "base64"'),
    })
    expect(await checkContract('my-contract', { cwd })).toEqual([])
    expect(await loadContract('my-contract', { cwd })).toMatchObject({
      name: 'my-contract',
      identity: [],
      contentType: 'application/json',
      signature: { prefix: '', encoding: 'base64' },
    })
  })
})

test('everything that is wrong is told at once, each with its place', async () => {
  const { cwd, folder } = await contractFolder({
    'contract.json': (text) => text.replace('"js"', '"jss"').replace('"hex"', '"hexa"'),
    'burning.json': null,
    'free-gift.json': '{,}',
    'earning.json': '{ "type": "{{type}}", "a": "{{data.point}}", "b": "{{id | uper}}" }',
    'change-in-level.json': new Uint8Array([0xff, 0xfe, 0x7b, 0]),
    'earnings.json': '{}',
  })
  mkdirSync(join(folder, 'notes'))
  writeFileSync(join(folder, 'README.md'), 'not a template')
  expect(await checkContract('my-contract', { cwd })).toEqual([
    'my-contract/burning.json is missing; "qualifio-sim contract new DIR" makes a whole contract to edit.',
    'my-contract/change-in-level.json looks like UTF-16; save it as UTF-8.',
    'my-contract/earnings.json belongs to no event; did you mean earning.json?',
    'my-contract/free-gift.json:1:2: unexpected ",": a key in double quotes is expected.',
    expect.stringMatching(/^my-contract\/contract\.json:\d+:11: json: one of .*; did you mean js\?/),
    expect.stringMatching(/^my-contract\/contract\.json:\d+:17: signature\.encoding: hex or base64$/),
    'my-contract/earning.json:1:59: unknown filter "uper"; did you mean upper?',
    'my-contract/earning.json:1:31: unknown path "data.point"; did you mean data.points?',
  ])
})

describe('the eight events must be told apart', () => {
  const untyped = Object.fromEntries(
    ALL_EVENT_TYPES.map((type) => [
      `${EVENT_TYPES[type].name}.json`,
      (text: string) => text.replace('  "type": "{{type}}",\n', ''),
    ]),
  )

  test('a contract whose templates share every constant is refused', async () => {
    const { cwd } = await contractFolder(untyped)
    expect(await checkContract('my-contract', { cwd })).toEqual([
      'my-contract: no value tells the eight events apart; write "{{type}}", or another constant in each template, under the same key.',
    ])
  })

  test('a nested number does', async () => {
    const nested = ALL_EVENT_TYPES.map((type, index) => [
      `${EVENT_TYPES[type].name}.json`,
      `{ "same": 1, "meta": { "k.i\\"nd": ${index} }, "id": "{{id}}" }`,
    ])
    const { cwd } = await contractFolder(Object.fromEntries(nested))
    const { discriminator } = await loadContract('my-contract', { cwd })
    expect([discriminator.keys, discriminator.wirePath]).toEqual([['meta', 'k.i"nd'], 'meta["k.i\\"nd"]'])
    expect([...discriminator.types]).toEqual(ALL_EVENT_TYPES.map((type, index) => [index, type]))
  })
})

describe('a copy', () => {
  test.each(SHIPPED_CONTRACTS)(
    'of %s is right, takes the name of its folder, and is the same otherwise',
    async (from) => {
      const cwd = temporaryFolder()
      const folder = await copyContract(from, 'deep/our "wire"', { cwd })
      expect(await checkContract('deep/our "wire"', { cwd })).toEqual([])
      const original = new URL(`../../src/contract/wire/${from}/`, import.meta.url)
      expect(readdirSync(folder)).toEqual(readdirSync(original))
      expect(readFileSync(join(folder, 'contract.json'), 'utf8')).toBe(
        readFileSync(new URL('contract.json', original), 'utf8').replace(
          `"name": "${from}"`,
          '"name": "our \\"wire\\""',
        ),
      )
      expect(readFileSync(join(folder, 'earning.json'), 'utf8')).toBe(
        readFileSync(new URL('earning.json', original), 'utf8'),
      )
    },
  )

  test('goes into an empty folder, never into one with files or over a file', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'empty'))
    writeFileSync(join(cwd, 'file'), 'mine')
    await copyContract('assumed-1', 'empty', { cwd })
    await expect(copyContract('assumed-1', 'empty', { cwd })).rejects.toThrow(
      new UsageError('empty exists and is not empty; name a new folder.'),
    )
    await expect(copyContract('assumed-1', 'file', { cwd })).rejects.toThrow(
      new UsageError('file is a file; name a new folder.'),
    )
    expect(readFileSync(join(cwd, 'file'), 'utf8')).toBe('mine')
  })

  test('can be made of a folder too', async () => {
    const { cwd } = await contractFolder({}, 'flat-snake')
    await copyContract('my-contract', 'second', { cwd })
    expect(await loadContract('second', { cwd })).toMatchObject({ name: 'second', json: 'php' })
  })
})
