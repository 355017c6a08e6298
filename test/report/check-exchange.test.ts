import { describe, expect, test } from 'vitest'
import type { Probe } from '../../src/check/probe.ts'
import { writesOf } from '../../src/check/request-bytes.ts'
import { redactor, textRedactor } from '../../src/delivery/redact.ts'
import { exchangeLines, exchangeReport, requestReport, type Masks } from '../../src/report/check-exchange.ts'

const SECRETS = ['hush-hush']
const MASKS: Masks = {
  redact: redactor(SECRETS),
  redactText: textRedactor(SECRETS),
  authorizing: new Set(['x-auth']),
}

function probe(body: string | Uint8Array, more: Partial<Parameters<typeof writesOf>[0]> = {}): Probe {
  const writes = writesOf({ method: 'POST', path: '/x', headers: [['Host', 'h']], body: Buffer.from(body), ...more })
  return { name: 'a probe', shown: '', request: { method: 'POST', writes }, eventIds: [], events: 0 }
}

describe('a request', () => {
  test('is told as it went over the wire', () => {
    const headers = [
      ['Host', 'h'],
      ['X-Sig', 'one'],
      ['X-Sig', 'two'],
    ] as const
    expect(requestReport(probe('[]', { headers }), MASKS)).toEqual({
      name: 'a probe',
      method: 'POST',
      path: '/x',
      headers: ['Host: h', 'X-Sig: one', 'X-Sig: two', 'Content-Length: 2'],
      bodyBytes: 2,
      bodyStart: '[]',
    })
  })

  test('shows neither secrets nor what authorizes, be it wrong, nor the values of a query', () => {
    const report = requestReport(
      probe('a hush-hush b', {
        path: '/x?key=abc&def',
        headers: [
          ['X-Auth', 'hush-husx'],
          ['X-Other', 'is hush-hush'],
        ],
      }),
      MASKS,
    )
    expect(report).toMatchObject({ path: '/x?key=…&…', bodyStart: 'a … b' })
    expect(report.headers).toEqual(['X-Auth: …', 'X-Other: is …', 'Content-Length: 13'])
  })

  test.each<[what: string, body: string | Uint8Array, shown: string]>([
    ['line breaks', 'a\r\n\tb', String.raw`a\r\n\tb`],
    ['terminal escapes', '\u001b[31m\u009b\u202e', String.raw`\x1b[31m\x9b\u202e`],
    ['letters of any script', 'Zoë مريم', 'Zoë مريم'],
    ['bytes that are no text', Uint8Array.of(0x61, 0xff, 0x00), String.raw`a\xff\x00`],
    ['no more than 200 characters', 'é'.repeat(5000), 'é'.repeat(200)],
  ])('has a body with %s', (_, body, shown) => {
    const report = requestReport(probe(body), MASKS)
    expect(report.bodyStart).toBe(shown)
    expect(report.bodyBytes).toBe(Buffer.from(body).length)
  })

  test('is told whole when it is written in pieces, and with its chunk sizes', () => {
    const split = probe('[1,2,3]', { transfer: { kind: 'split', at: [0, 3], pauseMs: 1 } })
    expect(requestReport(split, MASKS)).toMatchObject({ bodyBytes: 7, bodyStart: '[1,2,3]' })
    const chunked = probe('[1]', { transfer: { kind: 'chunked', sizes: [1] } })
    expect(requestReport(chunked, MASKS).bodyStart).toBe(String.raw`1\r\n[\r\n2\r\n1]\r\n0\r\n\r\n`)
  })
})

test('an answer is its status and the first line that says something, without secrets', () => {
  const result = {
    kind: 'responded',
    status: 500,
    headers: {},
    bodySnippet: '\n\n<b>hush-hush\u001b[1m</b>\nand more',
    bodyBytes: 40,
  } as unknown as Parameters<Masks['redact']>[0]
  const exchange = { result, startedMs: 0, headMs: 3, endedMs: 4 }
  const report = exchangeReport({ probe: probe('x'.repeat(300)), exchange, controls: 'none' }, MASKS)
  expect(exchangeLines(report)).toEqual([
    '> POST /x (a probe)',
    '> Host: h',
    '> Content-Length: 300',
    `> ${'x'.repeat(200)} … (300 bytes)`,
    '< 500 in 3 ms: <b>…</b>',
  ])
})
