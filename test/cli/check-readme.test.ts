import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import express, { type Express } from 'express'
import { expect, test } from 'vitest'
import { CATALOG } from '../../src/check/catalog.ts'
import { started } from '../receivers/receiver.ts'
import { eventStore } from '../receivers/store.ts'
import { checkOf, closeReceivers, faulty, found, sound } from './checking.ts'

closeReceivers()
const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const steady = (text: string): string =>
  text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replace(/\b\d+ ms/g, 'N ms')

test('the output in the README is what is printed, but for what is left out', async () => {
  const [, shown = ''] = /<!-- output: check -->\n+```text\n([\s\S]*?)```/.exec(readme) ?? []
  const [, args = ''] = /`(--only authenticity,ROB-01 --seed [^`]*)`/.exec(readme) ?? []
  const { stdout, stderr } = await checkOf(await faulty('re-serialises'), args.split(' '))
  const parts = steady(shown)
    .split('…')
    .map((part) => part.trim())
  expect(parts.length).toBeGreaterThan(4)
  let rest = steady(stderr + stdout)
  for (const part of parts) {
    expect(rest).toContain(part)
    rest = rest.slice(rest.indexOf(part) + part.length)
  }
})

test('the oracle in the README counts what was applied', async () => {
  const [, example = ''] = /<!-- test: oracle -->\n+```js\n([\s\S]*?)```/.exec(readme) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-oracle-'))
  const file = join(folder, 'oracle.mjs')
  writeFileSync(file, `export function mount(app, db) {\n${example}}\n`)
  const { mount } = (await import(pathToFileURL(file).href)) as { mount: (app: Express, db: object) => void }
  rmSync(folder, { recursive: true })
  const receivers = await Promise.all([sound(), faulty('not-idempotent')])
  const verdicts = await Promise.all(
    receivers.map(async (receiver) => {
      const app = express()
      const query = async (_: string, [id = '']: string[]) => ({
        rows: [{ times: String((await receiver.applied()).get(id) ?? 0) }],
      })
      mount(app, { query })
      const oracle = await started(createServer(app), eventStore())
      const args = ['--oracle-url', oracle.oracleUrl, '--only', 'DLV-01,AUT-01', '--format', 'json']
      const result = await checkOf(receiver, args)
      await oracle.close()
      return found(result, 'DLV-01').verdict
    }),
  )
  expect(verdicts).toEqual(['PASS', 'FAIL'])
})

test('the figures in the README are those of the catalogue', () => {
  const safe = CATALOG.filter(({ sideEffect, zeroEventForm }) => /^(P|S0)$/.test(sideEffect) || zeroEventForm === true)
  expect([CATALOG.length, safe.length]).toEqual([60, 28])
  expect(readme).toContain('which is 28 of the 60')
})
