import { describe, expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { checksNamed, selectChecks } from '../../src/check/selection.ts'
import { UsageError } from '../../src/errors.ts'

const only = (...selectors: string[]) => selectChecks({ only: selectors, skip: [] }).map(({ number }) => number)
const skip = (...selectors: string[]) => selectChecks({ only: [], skip: selectors }).map(({ number }) => number)
const group = (prefix: string) => CATALOG.flatMap(({ number }) => (number.startsWith(prefix) ? [number] : []))
const ALL = CATALOG.map(({ number }) => number)

describe('checks are selected', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['by id', ['authenticity/changed-body'], ['AUT-04']],
    ['by id in any case', ['Authenticity/Changed-Body'], ['AUT-04']],
    ['by what comes after the group', ['changed-body'], ['AUT-04']],
    ['by number', ['AUT-05'], ['AUT-05']],
    ['by number in any case', ['aut-05', 'Rob-01'], ['AUT-05', 'ROB-01']],
    ['with white space around', [' AUT-05 '], ['AUT-05']],
    ['by group', ['performance'], group('PRF')],
    ['by group in any case', ['TRANSPORT'], group('TRN')],
    ['by a glob of numbers', ['DLV-*'], group('DLV')],
    ['by a glob of ids', ['delivery/*'], group('DLV')],
    ['by a glob inside', ['*signature*'], ['AUT-01', 'AUT-07', 'AUT-13']],
    ['by the end', ['*-0*9'], ['CON-09', 'AUT-09', 'DLV-09', 'ROB-09', 'TRN-09']],
    ['by severity', ['info'], CATALOG.flatMap(({ severity, number }) => (severity === 'INFO' ? [number] : []))],
    ['several with commas', ['AUT-05,CON-01, rob-02'], ['CON-01', 'AUT-05', 'ROB-02']],
    [
      'in the order of the catalogue, each once',
      ['TRN-03', 'AUT-*', 'AUT-01', 'CON-01'],
      ['CON-01', ...group('AUT'), 'TRN-03'],
    ],
    ['all without a selector', [], ALL],
    ['all by a star', ['*'], ALL],
  ])('%s', (_, selectors, wanted) => {
    expect(only(...selectors)).toEqual(wanted)
  })

  test('and left out the same way', () => {
    expect(skip('AUT-*', 'should', 'INFO')).toEqual(
      CATALOG.flatMap(({ number, severity }) => (severity === 'MUST' && !number.startsWith('AUT') ? [number] : [])),
    )
    expect(selectChecks({ only: ['AUT-*'], skip: ['must', 'info'] }).map(({ number }) => number)).toEqual([
      'AUT-07',
      'AUT-14',
      'AUT-15',
    ])
  })

  test('a dot or a bracket in a glob is only itself', () => {
    expect(() => only('AUT.0*')).toThrow(UsageError)
    expect(() => only('[A]UT-0*')).toThrow(UsageError)
  })
})

describe('a selector that is wrong says what is near', () => {
  test.each<[string, readonly string[], string]>([
    [
      'an unknown id',
      ['authenticity/chaned-body'],
      '--only: unknown check authenticity/chaned-body; nearest authenticity/changed-body; see check --list.',
    ],
    ['an unknown number', ['AUT-5'], '--only: unknown check AUT-5; nearest AUT-05; see check --list.'],
    [
      'nothing near',
      ['completely-different-thing'],
      '--only: unknown check completely-different-thing; see check --list.',
    ],
    ['a glob without a match', ['zzzzzzzz*'], '--only: unknown check zzzzzzzz*; see check --list.'],
    ['an empty one', [''], '--only is empty: name a check, a group, a glob or a severity; see check --list.'],
    [
      'an empty one after a comma',
      ['AUT-01,'],
      '--only is empty: name a check, a group, a glob or a severity; see check --list.',
    ],
  ])('%s', (_, selectors, message) => {
    expect(() => only(...selectors)).toThrow(new UsageError(message))
  })

  test('also when it is to be left out', () => {
    expect(() => skip('AUT-99')).toThrow(/^--skip: unknown check AUT-99; nearest AUT-09/)
  })

  test('and when nothing is left', () => {
    expect(() => selectChecks({ only: ['AUT-05'], skip: ['AUT-*'] })).toThrow(
      new UsageError('no check selected: --only and --skip leave none; see check --list.'),
    )
    expect(() => skip('*')).toThrow(/leave none/)
  })

  test('under the name of the flag that it stands at', () => {
    expect(() => checksNamed('AUT-99', '--explain')).toThrow(/^--explain: unknown check AUT-99/)
    expect(checksNamed('AUT-05', '--explain')).toMatchObject([{ id: 'authenticity/space-appended' }])
  })
})
