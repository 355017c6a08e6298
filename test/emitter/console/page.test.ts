import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { consolePage } from '../../../src/emitter/console/page.ts'

describe('the page of the console', () => {
  const { html, files } = consolePage()

  test('names every file that it has, and no other', () => {
    const named = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)
    expect(new Set(named)).toEqual(new Set(files.keys()))
  })

  test('has nothing inline, and asks no other host: the strictest policy holds', () => {
    expect(html).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]* src=)/i)
    for (const { body, type } of files.values()) {
      expect(body.length).toBeGreaterThan(0)
      const urls = [...body.matchAll(/https?:\/\/[\w.-]+/g)].map(([url]) => url)
      // Names of XML, and the example in an empty field.
      expect({ type, urls: urls.filter((url) => !/www\.w3\.org|localhost/.test(url)) }).toEqual({ type, urls: [] })
    }
  })

  test('is small', () => {
    const bytes = [...files.values()].reduce((sum, { body }) => sum + gzipSync(body).length, 0)
    expect(bytes).toBeLessThan(40 * 1024)
  })
})
