import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diagnose, printable } from '../../src/delivery/diagnosis.ts'
import type { Responded } from '../../src/delivery/outcome.ts'

const url = new URL('http://shop.example/hook?token=abc')

function hints(status: number, bodySnippet = '', headers: Record<string, string> = {}): string {
  const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
  const answer: Responded = { kind: 'responded', status, headers: listed, bodySnippet, bodyBytes: bodySnippet.length }
  return diagnose(answer, url).join('\n')
}

test('a success needs no diagnosis', () => {
  expect(hints(204)).toBe('')
})

describe('redirects', () => {
  test.each([
    [301, 'https://shop.example/hook?token=abc', 'use --to https://shop.example/hook?token=… (https)'],
    [308, '/hook/', 'use --to http://shop.example/hook/ '],
    [302, '/login?next=/hook', 'leads to a login page (http://shop.example/login?next=…)'],
    [302, 'https://login.microsoftonline.com/x', 'login page'],
    [302, 'https://team.cloudflareaccess.com/cdn-cgi/access/login/shop', 'login page'],
    [303, '/oauth2/sign_in', 'covers this path: exempt this path from the login or firewall.'],
    [302, '/catalogin/', 'use --to'],
    [302, 'javascript:alert(1)', 'answer 2xx on this path'],
    [302, 'http://169.254.169.254/latest', 'no receiver can live: answer 2xx on this path'],
    [307, 'http://[fe80::1]/hook', 'no receiver can live: answer 2xx on this path'],
    [302, 'http://[bad', 'answer 2xx on this path'],
    [302, '/a\x1b]0;x\x07b', 'use --to http://shop.example/a%1B]0;x%07b'],
  ])('%i to %s', (status, location, hint) => {
    expect(hints(status, '', { location })).toContain(hint)
    expect(hints(status, '', { location })).toContain(`${status} is a failure to Qualifio, which follows no redirect`)
  })

  test('without a location', () => {
    expect(hints(304)).toContain('answer 2xx')
  })
})

test.each([
  [400, '<center>The plain HTTP request was sent to HTTPS port</center>', 'https://'],
  [400, 'Client sent an HTTP request to an HTTPS server.\n', 'https://'],
  [401, '', '--secret'],
  [403, '', 'CSRF'],
  [404, '', 'path in --to'],
  [405, '', 'POST'],
  [413, '', '--batch'],
  [415, '', 'application/json'],
  [419, '', 'CSRF'],
  [502, '', 'proxy'],
])('%i %s', (status, body, hint) => {
  expect(hints(status, body)).toContain(hint)
})

describe('what a framework says of itself', () => {
  const express = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>TypeError: Cannot read properties of undefined (reading &#39;id&#39;)<br> &nbsp; &nbsp;at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)<br> &nbsp; &nbsp;at /app/server.js:12:34</pre>
</body>
</html>`
  const django = `<!DOCTYPE html>
<html lang="en">
<head>
  <title>KeyError
          at /hook</title>
</head>
<body><div id="summary"><h1>KeyError
       at /hook</h1>
  <pre class="exception_value">&#x27;member&#x27;</pre>`
  const spring = `{"timestamp":"2026-01-01T00:00:00.000+00:00","status":500,"error":"Internal Server Error","message":"Member is null","path":"/hook"}`
  const laravel = JSON.stringify(
    { message: 'Undefined array key "id"', exception: 'ErrorException', file: '/app/Hook.php', line: 7 },
    null,
    4,
  )

  test.each<[string, string, Record<string, string>, string]>([
    ['Express', express, {}, "TypeError: Cannot read properties of undefined (reading 'id') at /app/server.js:12:34"],
    [
      'Symfony',
      '',
      { 'x-debug-exception': 'Call%20to%20undefined%20method', 'x-debug-exception-file': '%2Fapp%2FHook.php:12' },
      'Call to undefined method at /app/Hook.php:12',
    ],
    ['Symfony', '<!-- Boom &amp; bust (500 Internal Server Error) -->\n<!DOCTYPE html>', {}, 'Boom & bust'],
    ['Laravel', laravel, {}, 'ErrorException: Undefined array key "id" at /app/Hook.php:7'],
    [
      'Laravel',
      `${laravel.slice(0, -1)},"trace":[{"file":"/ven`,
      {},
      'ErrorException: Undefined array key "id" at /app/Hook.php:7',
    ],
    ['Spring', spring, {}, 'Internal Server Error: Member is null'],
    ['Django', django, {}, "KeyError at /hook: 'member'"],
    [
      'ASP.NET',
      'System.NullReferenceException: Object reference not set.\r\n   at Hook.Post(Event e) in /app/Hook.cs:line 9\r\n',
      {},
      'System.NullReferenceException: Object reference not set. at Hook.Post(Event e) in /app/Hook.cs:line 9',
    ],
    [
      'Rails',
      '{"status":500,"error":"Internal Server Error","exception":"#<NoMethodError: undefined method `id\' for nil>"}',
      {},
      "NoMethodError: undefined method `id' for nil",
    ],
    [
      'Rails',
      '<html><h1>NoMethodError in HooksController#create</h1>',
      { 'x-runtime': '0.1' },
      'NoMethodError in HooksController#create',
    ],
    ['JSON', '{"statusCode":500,"error":"Internal Server Error","message":"db is down"}', {}, 'db is down'],
    ['JSON', '{"detail":"boom\\u001b[31m"}', {}, 'boom'],
  ])('%s, in the %$th form', (framework, body, headers, said) => {
    expect(hints(500, body, headers)).toBe(`The receiver says (${framework}): ${said}`)
  })

  test.each(['', 'Internal Server Error', '<html><body><h1>500</h1></body></html>', '{', 'null', '[]', '{"":5}'])(
    'nothing is made up from %j',
    (body) => {
      expect(hints(500, body)).toBe('')
    },
  )

  test('only for a 5xx: a 4xx is the receiver speaking to us, in its own words', () => {
    expect(hints(422, laravel)).toMatch(/^The receiver answers: \{ "message": "Undefined array key/)
  })
})

describe('a plain answer is shown as it is', () => {
  test.each<[number, string, Record<string, string>, string]>([
    [401, '{"error":"bad signature"}', { 'content-type': 'application/json' }, '{"error":"bad signature"}'],
    [422, 'member is\nunknown\n', { 'content-type': 'text/plain; charset=utf-8' }, 'member is unknown'],
    [400, 'bad signature', { 'content-type': 'text/html; charset=UTF-8' }, 'bad signature'],
    [500, 'no database', {}, 'no database'],
    [503, '\x1b]0;x\x07busy', {}, 'busy'],
    [302, 'moved for good', { location: '/x' }, 'moved for good'],
    [409, 'x'.repeat(300), {}, `${'x'.repeat(200)}…`],
    [409, `${'x'.repeat(199)}🎁`, {}, `${'x'.repeat(199)}…`],
  ])('%i %j', (status, body, headers, said) => {
    expect(hints(status, body, headers).split('\n')).toContain(`The receiver answers: ${said}`)
  })

  test('after what a framework says of itself, which it would only repeat', () => {
    expect(hints(500, '{"message":"db is down"}')).toBe('The receiver says (JSON): db is down')
  })

  test('before the general advice for the status', () => {
    expect(hints(401, 'bad signature')).toMatch(/^The receiver answers: bad signature\nThe receiver refused/)
  })

  test.each<[number, string, Record<string, string>]>([
    [404, '<!DOCTYPE html><p>Nothing here', {}],
    [404, ' \n<br /><b>Warning</b>: oops', { 'content-type': 'text/html' }],
    [404, 'Not Found', {}],
    [404, '404 page not found\n', {}],
    [409, 'not text at all', { 'content-type': 'image/png' }],
    [409, 'not text at all', { 'content-encoding': 'gzip' }],
    [204, 'fine', {}],
  ])('but not %i %j %j', (status, body, headers) => {
    expect(hints(status, body, headers)).not.toContain('answers')
  })
})

describe('printable', () => {
  test.each([
    ['a\x1b]0;title\x07b', 'ab'],
    ['a\x1b]8;;http://x\x1b\\b', 'ab'],
    ['\x1b[1;31mred\x1b[0m', 'red'],
    ['\x9b31mred', 'red'],
    ['a\x1b', 'a'],
    ['a\x1b]0;never ends', 'a'],
    ['a\r\nb\tc', 'a b c'],
    ['a\x00\x08b', 'ab'],
    ['\u202eevil', 'evil'],
    ['Zoë 🎁', 'Zoë 🎁'],
    ['a [0m b', 'a [0m b'],
  ])('%j is shown as %j', (text, shown) => {
    expect(printable(text)).toBe(shown)
  })

  test('no control character is left of anything', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'\x1b \x9b \x07 \x00 \r \n [ ] 0 ; m \\ a b \x85 \u2028'.split(' ')),
    })
    fc.assert(fc.property(hostile, (text) => !/[\x00-\x1f\x7f-\x9f\u2028]/.test(printable(text))))
  })
})

test('no answer, however odd, makes the diagnosis throw or shows a control character', () => {
  const words = fc.constantFrom(
    '<title>',
    '</title>',
    '<pre>',
    '"exception":',
    '"',
    '{',
    '}',
    '&#x10ffff;',
    '&#999999;',
    '<!--',
    '(500 x)-->',
    '\x1b[',
    '<h1>',
  )
  const body = fc.array(fc.oneof(words, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), body, fc.string({ unit: 'binary' }), (status, text, location) => {
      const shown = hints(status, text, { location, 'x-debug-exception': text })
      expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    }),
  )
})
