import { expect, test } from 'vitest'
import { changedNames, edited, isContested, withEdit, type Edits } from '../../../src/emitter/console/client/edits.ts'

interface Form {
  readonly name: string
  readonly scope: readonly string[] | null
}
const filled: Form = { name: 'shop', scope: ['earning'] }
const none: Edits<Form> = {}

test.each<[what: string, change: Partial<Form>, known: Form, shown: Form, changed: string[], contested: string[]]>([
  ['nothing', {}, filled, filled, [], []],
  ['one field', { name: 'till' }, filled, { ...filled, name: 'till' }, ['name'], []],
  [
    'the other one elsewhere',
    { name: 'till' },
    { ...filled, scope: null },
    { name: 'till', scope: null },
    ['name'],
    [],
  ],
  ['both, and elsewhere', { name: 'till' }, { ...filled, name: 'a' }, { ...filled, name: 'till' }, ['name'], ['name']],
  ['the same elsewhere', { name: 'till' }, { ...filled, name: 'till' }, { ...filled, name: 'till' }, [], []],
  ['a list, equal', { scope: ['earning'] }, { ...filled, scope: null }, { ...filled, scope: null }, [], []],
])('changed here: %s', (_what, change, known, shown, changed, contested) => {
  const edits = withEdit(none, filled, change)
  expect(edited(known, edits)).toEqual(shown)
  expect(changedNames(edits, known)).toEqual(changed)
  expect((['name', 'scope'] as const).filter((name) => isContested(edits, known, name))).toEqual(contested)
})

test('a field that is written back to what it was follows again', () => {
  const edits = withEdit(withEdit(none, filled, { name: 'shops' }), { ...filled, name: 'till' }, { name: 'shop' })
  expect(edits).toEqual({})
})
