import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { adviceFor, FRAMEWORKS } from '../../src/check/advice.ts'
import type { Framework } from '../../src/check/advice.ts'
import { CAUSES } from '../../src/check/cause.ts'
import type { CauseId } from '../../src/check/cause.ts'

const CAUSE_IDS = Object.keys(CAUSES) as CauseId[]

describe('advice', () => {
  test.each(CAUSE_IDS)('%s has a paragraph to read in every framework', (cause) => {
    for (const framework of [undefined, ...FRAMEWORKS.map(({ id }) => id)]) {
      const text = adviceFor(cause, framework)
      const where = `${cause} ${framework ?? 'neutral'}: ${text}`
      expect(text.length, where).toBeGreaterThan(40)
      expect(text.length, where).toBeLessThanOrEqual(350)
      expect(text, where).toMatch(/^\S.*[.]$/)
      expect(text, where).not.toMatch(/\s\s|\n/)
      expect(text, where).not.toMatch(/TODO|FIXME|XXX|…|\.\.\./)
      expect(text.split('`').length % 2, `backticks in pairs: ${where}`).toBe(1)
      for (const [open, close] of ['()', '[]', '{}']) {
        expect(text.split(open ?? '').length, `${open} and ${close} in pairs: ${where}`).toBe(
          text.split(close ?? '').length,
        )
      }
    }
  })

  test.each(CAUSE_IDS)('%s says what is wrong and why that bites', (cause) => {
    const { title, why, mend } = CAUSES[cause]
    expect(title).toMatch(/^[A-Z][^.]{10,80}$/)
    expect(why).toMatch(/^[A-Z].{40,}\.$/)
    expect(adviceFor(cause)).toBe(mend)
  })

  test('is the neutral one where the framework does not change the answer', () => {
    expect(adviceFor('old-events-refused', 'django')).toBe(CAUSES['old-events-refused'].mend)
    expect(adviceFor('tls', 'express')).toBe(CAUSES.tls.mend)
  })

  test.each([
    're-serialised-body',
    'text-decoding',
    'content-type-strict',
    'body-limit',
    'other-methods',
    'header-case',
    'redirects',
    'leaks-internals',
    'crashes-on-bad-input',
    'signature-not-required',
    'no-backpressure',
  ] as const)('%s is mended in another way in each framework of a language', (cause) => {
    const texts = FRAMEWORKS.filter(({ id }) => id !== 'symfony' && id !== 'laravel').map(({ id }) =>
      adviceFor(cause, id),
    )
    expect(new Set(texts).size).toBe(9)
    expect(texts).not.toContain(CAUSES[cause].mend)
  })

  test.each<[CauseId, Framework, ...string[]]>([
    [
      're-serialised-body',
      'express',
      "express.raw({ type: () => true, limit: '10mb' })",
      'verify: (req, _res, buffer)',
    ],
    [
      're-serialised-body',
      'fastify',
      'removeAllContentTypeParsers()',
      "addContentTypeParser('*', { parseAs: 'buffer' }",
    ],
    ['re-serialised-body', 'hono', 'await c.req.arrayBuffer()'],
    ['re-serialised-body', 'koa', "getRawBody(ctx.req, { limit: '10mb' })", 'before `bodyParser()`'],
    ['re-serialised-body', 'nest', 'NestFactory.create(AppModule, { rawBody: true })', 'req.rawBody'],
    [
      're-serialised-body',
      'next',
      'await request.arrayBuffer()',
      'export const config = { api: { bodyParser: false } }',
    ],
    ['re-serialised-body', 'symfony', '$request->getContent()'],
    ['re-serialised-body', 'laravel', '$request->getContent()', "validateCsrfTokens(except: ['webhooks/*'])"],
    ['re-serialised-body', 'spring', '@RequestBody byte[] raw'],
    ['re-serialised-body', 'django', 'request.body', '@csrf_exempt'],
    ['re-serialised-body', 'aspnet', 'Request.Body.CopyToAsync(memory)', 'Request.EnableBuffering()'],
    ['length-not-checked', 'koa', 'a.length !== b.length || !timingSafeEqual(a, b)'],
    ['partial-comparison', 'laravel', 'hash_equals($expected, $given)'],
    ['partial-comparison', 'aspnet', 'CryptographicOperations.FixedTimeEquals'],
    ['body-limit', 'fastify', 'bodyLimit: 10485760'],
    ['body-limit', 'django', 'DATA_UPLOAD_MAX_MEMORY_SIZE'],
    ['body-limit', 'aspnet', '[RequestSizeLimit(10_485_760)]'],
    ['body-limit', 'hono', 'bodyLimit({ maxSize: 10 * 1024 * 1024 })'],
    ['not-idempotent', 'laravel', 'insertOrIgnore'],
    ['not-idempotent', 'django', 'get_or_create', 'unique=True'],
    ['front-door', 'spring', 'csrf.ignoringRequestMatchers("/webhooks/**")'],
    ['redirects', 'next', 'skipTrailingSlashRedirect: true'],
    ['unknown-refused', 'nest', 'forbidNonWhitelisted'],
    ['slow-sender', 'aspnet', 'MinRequestBodyDataRate'],
  ])('%s in %s names the call', (cause, framework, ...facts) => {
    for (const fact of facts) expect(adviceFor(cause, framework)).toContain(fact)
  })
})

describe('the advice of an installed framework does what it says', () => {
  const AS_SENT = '[ 1.0 ]\n'
  const TYPES = ['application/json', 'Application/JSON; charset=utf-8', 'application/x-www-form-urlencoded', '']

  test.each(TYPES)('Express keeps the bytes of "%s" and refuses other methods', async (type) => {
    const app = express()
    app
      .route('/webhooks')
      .post(express.raw({ type: () => true, limit: '10mb' }), (req, res) => {
        res.send(Buffer.isBuffer(req.body) ? req.body : Buffer.from('not a Buffer'))
      })
      .all((_req, res) => void res.set('Allow', 'POST').sendStatus(405))
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
      const answer = await fetch(url, { method: 'POST', headers, body: new TextEncoder().encode(AS_SENT) })
      expect(await answer.text()).toBe(AS_SENT)
      const other = await fetch(url)
      expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test.each(TYPES)('Fastify keeps the bytes of "%s"', async (type) => {
    const app = Fastify()
    app.register((plugin, _options, registered) => {
      plugin.removeAllContentTypeParsers()
      plugin.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
      plugin.post('/webhooks', (request, reply) => reply.type('text/plain').send(request.body))
      registered()
    })
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
    const answer = await app.inject({ method: 'POST', url: '/webhooks', headers, payload: Buffer.from(AS_SENT) })
    expect(answer.body).toBe(AS_SENT)
    await app.close()
  })

  test('Hono refuses other methods', async () => {
    const app = new Hono()
    app.post('/webhooks', async (c) => c.body(await c.req.arrayBuffer()))
    app.all('/webhooks', (c) => c.body(null, 405, { Allow: 'POST' }))
    expect(await (await app.request('/webhooks', { method: 'POST', body: AS_SENT })).text()).toBe(AS_SENT)
    const other = await app.request('/webhooks')
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
