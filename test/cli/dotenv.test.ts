import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { readDotenv } from '../../src/cli/dotenv.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'qualifio-sim-dotenv-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

function read(content: string): Readonly<Record<string, string>> {
  writeFileSync(join(cwd, '.env'), content)
  return readDotenv({ cwd } as Context, '.env')
}

describe('.env', () => {
  test.each([
    ['QUALIFIO_SIM_SECRET="a b"\n', { QUALIFIO_SIM_SECRET: 'a b' }],
    ["QUALIFIO_SIM_SECRET='\"a'\n", { QUALIFIO_SIM_SECRET: '"a' }],
    ['QUALIFIO_SIM_SECRET=""\n', { QUALIFIO_SIM_SECRET: '' }],
    ['QUALIFIO_SIM_HEADER="x-a: 1\nx-b: 2"\n', { QUALIFIO_SIM_HEADER: 'x-a: 1\nx-b: 2' }],
    ["export QUALIFIO_SIM_SECRET=it's\n", { QUALIFIO_SIM_SECRET: "it's" }],
    ['OTHER="open\nQUALIFIO_SIM_SEED=1\n', { QUALIFIO_SIM_SEED: '1' }],
    ['# QUALIFIO_SIM_SECRET="a\n', {}],
    ['QUALIFIO_SIM_SECRET="a" # of "staging\r\nQUALIFIO_SIM_SEED=1\r\n', { QUALIFIO_SIM_SECRET: 'a' }],
  ])('%j is read', (content, expected) => {
    expect(read(content)).toMatchObject(expected)
  })

  test.each([
    ['QUALIFIO_SIM_SECRET="hunter2\n', '.env:1: QUALIFIO_SIM_SECRET: the quote before its value is not closed'],
    ["A=1\nQUALIFIO_SIM_SECRET='hunter2", '.env:2: QUALIFIO_SIM_SECRET: the quote before its value is not closed'],
    ['export QUALIFIO_SIM_SECRET=`hunter2\n', '.env:1: QUALIFIO_SIM_SECRET: the quote before'],
    [
      'QUALIFIO_SIM_SECRET="hunter2\nQUALIFIO_SIM_BEARER="x"\n',
      '.env:1: QUALIFIO_SIM_SECRET: the quote before its value is not closed',
    ],
    ['QUALIFIO_SIM_SECRET="hunter2\nOTHER="x"\n', '.env:1: QUALIFIO_SIM_SECRET: the quote before'],
    ['OTHER="hunter2\nQUALIFIO_SIM_SEED=1\nLAST="x"\n', '.env:2: QUALIFIO_SIM_SEED: is taken for a part'],
  ])('%j has a quote that is not closed, which is told without the value', (content, expected) => {
    expect(() => read(content)).toThrow(expected)
    expect(() => read(content)).not.toThrow('hunter2')
  })

  test('a file that is not there gives nothing', () => {
    expect(readDotenv({ cwd } as Context, '.env')).toEqual({})
  })
})
