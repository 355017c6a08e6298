import { expect, test } from 'vitest'
import {
  changesOf,
  emptyForm,
  formOf,
  overlapText,
  problemsOf,
  type Form,
  type Secrets,
} from '../../../src/emitter/console/client/webhooks/form-values.ts'
import { sampleWebhook } from '../console-people.ts'

const filled: Form = { ...emptyForm, name: 'shop', url: 'http://localhost:3000/' }
const noSecrets: Secrets = { headerValue: '', secret: '', secretChoice: 'keep' }
const withHeader = sampleWebhook('w', 'shop', { header: { name: 'X-Api-Key' } })

test.each<[what: string, form: Partial<Form>, secrets: Partial<Secrets>, problems: Record<string, string>]>([
  ['filled', {}, {}, {}],
  ['no name', { name: '  ' }, {}, { name: 'Give it a name.' }],
  ['no URL', { url: '' }, {}, { url: 'Write where it listens, such as http://localhost:3000/webhooks.' }],
  ['no program', { scope: { events: null, programs: [] } }, {}, { 'scope.programs': 'Tick at least one program.' }],
  ['no event', { scope: { events: [], programs: null } }, {}, { 'scope.events': 'Tick at least one event.' }],
  ['a value for no header', {}, { headerValue: 'k' }, { 'header.name': 'Give the header a name: it has a value.' }],
  [
    'a header without value',
    { headerName: 'X-Api-Key' },
    {},
    { 'header.value': 'Write the value that your endpoint expects.' },
  ],
])('a new webhook, %s, is told of in the words of the form', (_what, form, secrets, problems) => {
  const found = problemsOf({ ...filled, ...form }, { ...noSecrets, secretChoice: 'set', ...secrets }, undefined)
  expect(Object.fromEntries(found.map(({ at, detail }) => [at, detail]))).toEqual(problems)
})

test('a known webhook keeps its header and secret, unless another is meant', () => {
  const at = (form: Form, secrets: Secrets) => problemsOf(form, secrets, withHeader).map((problem) => problem.at)
  expect(at(formOf(withHeader), noSecrets)).toEqual([])
  expect(at({ ...formOf(withHeader), headerName: 'X-Other' }, noSecrets)).toEqual(['header.value'])
  expect(at({ ...formOf(withHeader), headerName: '' }, noSecrets)).toEqual([])
  expect(at(formOf(withHeader), { ...noSecrets, secretChoice: 'set' })).toEqual(['secret'])
})

test.each<[speed: number | 'max', text: string]>([
  [1, 'the old secret signs for 30 min more, as at Qualifio'],
  [60, 'the old secret signs for 30 s more (30 min at Qualifio)'],
  [3600, 'the old secret signs for 0.5 s more (30 min at Qualifio)'],
  ['max', 'the old secret stops at once: there are no waits at this speed'],
])('after a change at speed %s %s', (speed, text) => expect(overlapText(speed)).toBe(text))

test('of a known webhook only what was changed here is asked for, of a new one everything', () => {
  const form = { ...formOf(withHeader), name: ' till ', url: 'http://localhost:3000/mine' }
  expect(changesOf(form, noSecrets, { webhook: withHeader, changed: ['name'] })).toEqual({ name: 'till' })
  expect(changesOf(form, noSecrets, { webhook: undefined, changed: [] })).toMatchObject({
    name: 'till',
    url: 'http://localhost:3000/mine',
    active: true,
  })
})
