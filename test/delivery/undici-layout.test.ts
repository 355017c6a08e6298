import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The files of undici that the sources import, found in the sources. */
const imported = [...readFileSync('src/delivery/transport.ts', 'utf8').matchAll(/^import (\w+) from '(undici[^']*)'/gm)]

test('undici is imported by two files of its own, never by its root', () => {
  expect(imported.map(([, name, file]) => [name, file])).toEqual([
    ['buildConnector', 'undici/lib/core/connect.js'],
    ['Client', 'undici/lib/dispatcher/client.js'],
  ])
})

test('these files have the shape we use, and load neither the root nor fetch', () => {
  const program = `
    const connect = require('undici/lib/core/connect.js')
    const Client = require('undici/lib/dispatcher/client.js')
    const loaded = Object.keys(require.cache).map((file) => file.replaceAll('\\\\', '/').split('/undici/')[1])
    const client = new Client('http://127.0.0.1:1', { connect: connect({ timeout: 0 }), pipelining: 1 })
    client.dispatch(
      { method: 'POST', path: '/', headers: ['A', 'b'], body: Buffer.from('[]') },
      { onRequestStart() {}, onResponseStart() {}, onResponseData() {}, onResponseEnd() {},
        onResponseError(_, error) { console.log(JSON.stringify({ code: error.code, loaded })); client.destroy() } },
    )`
  const output = execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  const { code, loaded } = JSON.parse(output) as { code: string; loaded: string[] }
  expect(code).toBe('ECONNREFUSED')
  expect(loaded).toContain('lib/dispatcher/client-h1.js')
  expect(loaded.filter((file) => /^index|^lib\/(web|api|cache|mock|interceptor|global)/.test(file))).toEqual([])
  // Start-up time follows the number of files: 19 in undici 7.30.
  expect(loaded.length).toBeLessThanOrEqual(25)
})
