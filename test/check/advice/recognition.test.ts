import Fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { frameworkOfAnswer } from '../../../src/check/advice.ts'
import type { Framework } from '../../../src/check/advice.ts'
import type { Responded } from '../../../src/delivery/outcome.ts'

describe('the framework of an answer', () => {
  const answer = (bodySnippet: string, headers: Responded['headers'] = {}, status = 500): Responded => ({
    kind: 'responded',
    status,
    headers,
    bodySnippet,
    bodyBytes: Buffer.byteLength(bodySnippet),
  })

  test.each<[string, Framework | undefined, Responded]>([
    ['the name in a header', 'express', answer('no', { 'x-powered-by': ['Express'] }, 401)],
    [
      'Nest, which calls itself Express in the header',
      'nest',
      answer('{"message":"Unauthorized","statusCode":401}', { 'x-powered-by': ['Express'] }, 401),
    ],
    [
      "Fastify's 404, which has Nest's fields",
      'fastify',
      answer('{"message":"Route POST:/hooks not found","error":"Not Found","statusCode":404}', {}, 404),
    ],
    [
      'a code of Fastify',
      'fastify',
      answer('{"statusCode":415,"code":"FST_ERR_CTP_INVALID_MEDIA_TYPE","error":"Unsupported Media Type"}', {}, 415),
    ],
    ['an expired page of Laravel', 'laravel', answer('<html><title>Page Expired</title></html>', {}, 419)],
    [
      'an exception of Laravel',
      'laravel',
      answer('{"message":"x","exception":"Illuminate\\\\Database\\\\QueryException"}'),
    ],
    ['the error page of Symfony', 'symfony', answer('<h1>Oops! An Error Occurred</h1>')],
    [
      'the JSON of Spring',
      'spring',
      answer('{"timestamp":"2026-01-01T00:00:00.000+00:00","status":403,"error":"Forbidden","path":"/hooks"}', {}, 403),
    ],
    ['the CSRF page of Django', 'django', answer('<p>CSRF verification failed. Request aborted.</p>', {}, 403)],
    [
      'the problem details of ASP.NET',
      'aspnet',
      answer(
        '{"title":"Bad Request","status":400,"traceId":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"}',
      ),
    ],
    ['the 404 of Hono', 'hono', answer('404 Not Found', {}, 404)],
    ['the same text in a 500 is not Hono', undefined, answer('404 Not Found')],
    ['the stack of Express', 'express', answer('<title>Error</title></head><body><pre>Error: x</pre>')],
    ['a page of Next', 'next', answer('<script id="__NEXT_DATA__">', {}, 404)],
    ['plain Node names a language only', undefined, answer('no', { 'keep-alive': ['timeout=5'] }, 401)],
    ['plain PHP names a language only', undefined, answer('no', { 'x-powered-by': ['PHP/8.4.1'] }, 401)],
    ['nothing told', undefined, answer('', {}, 401)],
  ])('%s', (_, framework, result) => {
    expect(frameworkOfAnswer(result)).toBe(framework)
  })

  test('is unknown without an answer', () => {
    expect(frameworkOfAnswer({ kind: 'failed', code: 'refused', reason: 'x' })).toBeUndefined()
  })

  test('Fastify and Hono are known by what they really answer', async () => {
    const fastify = Fastify()
    const missing = await fastify.inject({ method: 'POST', url: '/hooks' })
    expect(frameworkOfAnswer(answer(missing.body, {}, missing.statusCode))).toBe('fastify')
    await fastify.close()
    const missed = await new Hono().request('/hooks')
    expect(frameworkOfAnswer(answer(await missed.text(), {}, missed.status))).toBe('hono')
  })
})
