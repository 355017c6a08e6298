import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { frameworkOf } from '../../src/signing/explain-framework.ts'
import type { AnswerHeaders, Framework } from '../../src/signing/explain-framework.ts'
import { digestIn } from '../../src/signing/explain-given.ts'
import { frameworkOfBody, mendFor } from '../../src/signing/explain-mend.ts'
import { explainSignature } from '../../src/signing/explain.ts'

const HEX = createHmac('sha256', 'k').update('x').digest('hex')
const BASE64 = 'ab/cd+ef'.repeat(5) + 'ghI='
const OTHER = HEX.replace(/./g, (digit) => (digit === '0' ? '1' : '0'))

describe('a digest is found in an answer', () => {
  test.each([
    ['a prefix', `expected sha256=${HEX}`, `sha256=${HEX}`],
    ['JSON', JSON.stringify({ error: 'bad signature', expected: HEX }), HEX],
    ['HTML', `<p>computed ${HEX.toUpperCase()}</p>`, HEX.toUpperCase()],
    ['SHA-1', `computed ${HEX.slice(0, 40)}.`, HEX.slice(0, 40)],
    ['SHA-512', `(${HEX}${HEX})`, HEX + HEX],
    ['base64', `computed: ${BASE64}`, BASE64],
    ['base64 in JSON with escaped slashes', JSON.stringify({ computed: BASE64 }).replaceAll('/', '\\/'), BASE64],
    ['base64 after a prefix', `sha256=${BASE64}`, `sha256=${BASE64}`],
    ['the prefixed one rather than a commit', `at ${HEX.slice(0, 40)}: sha256=${HEX}`, `sha256=${HEX}`],
    ['nothing in a UUID', '{"id":"b6abeb50-c9ca-4562-a197-0bc4e31f3c9a"}', undefined],
    ['nothing in longer text', 'a'.repeat(65) + ' ' + 'b'.repeat(200), undefined],
    ['nothing in nothing', '', undefined],
  ])('%s', (_, text, found) => {
    expect(digestIn(text)).toBe(found)
  })

  test('that is not the one that was sent', () => {
    const text = `got sha256=${HEX}, expected ${OTHER}`
    expect(digestIn(text, { except: `sha256=${HEX}` })).toBe(OTHER)
    expect(digestIn(`got ${HEX}`, { except: `sha256=${HEX}` })).toBeUndefined()
  })
})

describe('a framework gives itself away', () => {
  test.each<[Framework | undefined, AnswerHeaders]>([
    ['express', { 'x-powered-by': ['Express'], 'keep-alive': ['timeout=5'] }],
    ['next', { 'x-powered-by': ['Next.js'] }],
    ['symfony', { 'x-powered-by': ['PHP/8.2.1'], 'x-debug-token': ['abc123'] }],
    ['laravel', { 'x-powered-by': ['PHP/8.2.1'], 'set-cookie': ['XSRF-TOKEN=e', 'laravel_session=e; path=/'] }],
    ['php', { 'x-powered-by': ['PHP/8.2.1'] }],
    ['aspnet', { server: ['Kestrel'] }],
    ['django', { server: ['WSGIServer/0.2 CPython/3.11.7'] }],
    ['spring', { 'set-cookie': ['JSESSIONID=1; Path=/'] }],
    [
      'spring',
      {
        'cache-control': ['no-cache, no-store, max-age=0, must-revalidate'],
        expires: ['0'],
        'x-xss-protection': ['0'],
      },
    ],
    ['fastify', { 'keep-alive': ['timeout=72'] }],
    [undefined, { server: ['nginx'], 'x-powered-by': ['somebody'] }],
    [undefined, {}],
  ])('%s', (framework, headers) => {
    expect(frameworkOf(headers)).toBe(framework)
  })

  test('plain Node, as it really answers', async () => {
    const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    server.close()
    expect(frameworkOf(Object.fromEntries([...headers].map(([name, value]) => [name, [value]])))).toBe('node')
  })
})

describe('the mend', () => {
  const bytes = Buffer.from('[ 1 ]')
  const explanation = (key: string, content: string, hash = 'sha256') => {
    const given = `sha256=${createHmac(hash, key).update(content).digest('hex')}`
    const [first] = explainSignature({ secrets: ['k'], previousSecrets: ['old'], bytes, given })
    if (first === undefined) throw new Error('no explanation')
    return first
  }

  test.each<[Framework, RegExp, RegExp, RegExp]>([
    ['express', /express\.raw\(/, /process\.env/, /createHmac\('sha256', secret\)/],
    ['fastify', /addContentTypeParser\('application\/json', \{ parseAs: 'buffer' \}/, /process\.env/, /createHmac/],
    ['hono', /c\.req\.arrayBuffer\(\)/, /env\(c\)/, /createHmac/],
    ['koa', /ctx\.request\.rawBody/, /process\.env/, /createHmac/],
    ['nest', /rawBody: true/, /configService/, /createHmac/],
    ['next', /request\.arrayBuffer\(\).*bodyParser: false/, /process\.env/, /createHmac/],
    ['node', /Buffer\.concat\(chunks\)/, /process\.env/, /createHmac/],
    ['symfony', /\$request->getContent\(\)/, /%env\(trim:/, /hash_hmac\('sha256', \$raw, \$secret\)/],
    ['laravel', /\$request->getContent\(\)/, /config\(/, /hash_hmac/],
    ['php', /php:\/\/input/, /getenv/, /hash_hmac/],
    ['spring', /@RequestBody byte\[\] raw/, /@Value/, /HmacSHA256/],
    ['django', /request\.body/, /os\.environ/, /hmac\.new\(secret\.encode\(\), raw, hashlib\.sha256\)/],
    ['aspnet', /Request\.Body\.CopyToAsync/, /builder\.Configuration/, /HMACSHA256\.HashData/],
  ])('in %s tells of what is wrong, and of nothing else', (framework, body, key, digest) => {
    const told = (text: string) => [body, key, digest].map((pattern) => pattern.test(text))
    expect(told(mendFor(explanation('k', '[1]'), framework))).toEqual([true, false, false])
    expect(told(mendFor(explanation('k\n', '[ 1 ]'), framework))).toEqual([false, true, false])
    expect(told(mendFor(explanation('k', '[ 1 ]', 'sha1'), framework))).toEqual([false, false, true])
    expect(told(mendFor(explanation('k', '[ 1 ]'), framework))).toEqual([false, false, false])
  })

  test('of a previous secret is to accept both for 30 minutes', () => {
    expect(mendFor(explanation('old', '[ 1 ]'), 'express')).toContain('30 minutes')
  })

  test('writes the digest as the contract does', () => {
    const mend = mendFor(explanation('k', '[ 1 ]', 'sha1'), 'php', { prefix: '', encoding: 'base64' })
    expect(mend).toContain("base64_encode(hash_hmac('sha256', $raw, $secret, true))")
    expect(mend).not.toContain('before it')
  })
})

test.each<[Framework | undefined, readonly string[]]>([
  ['php', ['php', 'php-slashes', 'php-unicode-arrays', 'element-0-php', 'php-string', 'literal-Array']],
  ['django', ['python', 'python-compact', 'sorted-python', 'element-0-python-unicode', 'python-bytes', 'literal-None']],
  ['spring', ['java', 'element-0-java']],
  ['aspnet', ['dotnet', 'element-0-dotnet']],
  ['node', ['js', 'js-pretty-2', 'element-0', 'element-12', 'sorted', 'object-object', 'literal-undefined']],
  [undefined, ['exact', 'trimmed', 'go', 'sorted-go', 'element-0-go', 'element-0-raw', 'json-string', 'empty']],
])('the language of a body form leads to %s', (framework, forms) => {
  expect(forms.map((form) => frameworkOfBody(form))).toEqual(forms.map(() => framework))
})
