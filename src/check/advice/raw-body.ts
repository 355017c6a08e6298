import type { Advice } from '../advice.ts'

/** How the bytes of the body are reached, and kept as they came. */
export const RAW_BODY_ADVICE = {
  're-serialised-body': {
    express:
      "Mount `express.raw({ type: () => true, limit: '10mb' })` on this route before any `express.json()`, sign `req.body` (a Buffer) and parse it afterwards. Or keep the bytes with `express.json({ verify: (req, _res, buffer) => { req.rawBody = buffer } })` and sign `req.rawBody`.",
    fastify:
      "In the plugin of this route call `removeAllContentTypeParsers()` and `addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body))`. Sign `request.body`, which is then a Buffer, and call `JSON.parse` after the check.",
    hono: 'Take `const raw = Buffer.from(await c.req.arrayBuffer())`, sign `raw`, and parse it after the check with `JSON.parse(raw.toString())`. Leave `c.req.json()` and `c.req.text()` out: `text()` drops a BOM and replaces invalid UTF-8.',
    koa: "Register this route before `bodyParser()` of `@koa/bodyparser` (or `koa-bodyparser`) and read the bytes yourself: `const raw = await getRawBody(ctx.req, { limit: '10mb' })` of the `raw-body` package. Sign `raw`, not `ctx.request.body`.",
    nest: 'Create the application with `NestFactory.create(AppModule, { rawBody: true })`, take `@Req() req: RawBodyRequest<Request>` in the controller and sign `req.rawBody`, a Buffer. Leave `bodyParser: false` out: it switches `rawBody` off.',
    next: 'App router: sign `Buffer.from(await request.arrayBuffer())` in `route.ts`, not `request.json()`. Pages: write `export const config = { api: { bodyParser: false } }`, collect the chunks of `req` and sign `Buffer.concat(chunks)`. Parse the same bytes after the check.',
    symfony:
      'Sign `$request->getContent()`, the body as it arrived, and decode it after the check. Do not `json_encode` what `$request->toArray()`, `$request->getPayload()` or `#[MapRequestPayload]` returned.',
    laravel:
      "Sign `$request->getContent()`: `$request->all()` has passed `TrimStrings` and `ConvertEmptyStringsToNull`, so `json_encode` of it is another text. Outside `routes/api.php` also exclude the path from CSRF: `validateCsrfTokens(except: ['webhooks/*'])` (Laravel 13: `preventRequestForgery`).",
    spring:
      "Declare the parameter as `@RequestBody byte[] raw`, compute the HMAC over `raw`, and call `objectMapper.readTree(raw)` after the check. A `String` is decoded with the request's charset, and a DTO or `Map` no longer holds the bytes.",
    django:
      'Sign `request.body` (bytes) before anything touches `request.POST` or, in REST framework, `request.data`; call `json.loads(request.body)` after the check and never sign `json.dumps`. Put `@csrf_exempt` on the view, or CSRF answers 403 first.',
    aspnet:
      'Read the bytes before model binding: `using var memory = new MemoryStream(); await Request.Body.CopyToAsync(memory); var raw = memory.ToArray();` in an action without `[FromBody]`. If a middleware reads first, call `Request.EnableBuffering()` and set `Request.Body.Position = 0`.',
  },
  'text-decoding': {
    express:
      "Let `express.raw({ type: () => true })` collect the bytes, and decode once with `req.body.toString('utf8')` after the check. Where you read by hand, push the chunks to an array and `Buffer.concat` them: `body += chunk` breaks letters that span two chunks.",
    fastify:
      "Use `parseAs: 'buffer'` in `addContentTypeParser`, not `parseAs: 'string'` and no `payload.on('data', chunk => { data += chunk })`. Sign the Buffer and decode it once with `body.toString('utf8')`.",
    hono: 'Use `await c.req.arrayBuffer()` instead of `c.req.text()`, sign those bytes, and decode them once with `new TextDecoder().decode(bytes)` after the check.',
    koa: "Call `getRawBody(ctx.req)` without the `encoding` option: it then returns a Buffer. Sign it and decode it once with `raw.toString('utf8')`; do not join chunks as strings.",
    nest: "Sign `req.rawBody` (option `rawBody: true`) and parse `req.rawBody.toString('utf8')`. In a middleware of your own `Buffer.concat` the chunks: `body += chunk` breaks letters that span two chunks.",
    next: "App router: use `await request.arrayBuffer()` instead of `request.text()`. Pages with `bodyParser: false`: push the chunks to an array, `Buffer.concat` them and call `toString('utf8')` once; `body += chunk` breaks letters that span two chunks.",
    php: 'Keep the byte string of `$request->getContent()`: no `utf8_decode`, `mb_convert_encoding` or `iconv` before the HMAC. On MySQL store the text in `utf8mb4` columns, or emoji are refused.',
    spring:
      'Take `@RequestBody byte[] raw` and not a `String`. Decode once, with `new String(raw, StandardCharsets.UTF_8)`, or let Jackson read the bytes.',
    django:
      "Sign `request.body` as bytes and give the same bytes to `json.loads`, which reads UTF-8; no `.decode('latin-1')` and no `str(request.body)`. Catch `UnicodeDecodeError`, a `ValueError`, and answer 400.",
    aspnet:
      'Sign the `byte[]` and let `JsonDocument.Parse(raw)` or `JsonSerializer.Deserialize` read it as UTF-8. `Encoding.ASCII`, `Encoding.Latin1` or a `StreamReader` with such an encoding changes letters before the HMAC.',
  },
  'content-type-strict': {
    express:
      "Give `express.raw` the option `type: () => true`: with `type: 'application/json'` a missing or other type leaves `req.body` undefined, and `createHmac().update(req.body)` throws. Test `req.is('json')` after the signature and answer 415 if it is false.",
    fastify:
      "After `removeAllContentTypeParsers()` add one parser for `'*'` with `{ parseAs: 'buffer' }`: it takes every content type and a missing one. Answer 415 yourself, comparing `application/json` without parameters and in lower case.",
    hono: "Do not write `c.req.header('content-type') === 'application/json'`: take the part before `;`, trimmed and in lower case, and answer 415 to other types. `c.req.arrayBuffer()` reads the body whatever the type.",
    koa: "Read with `getRawBody(ctx.req)`, which ignores the type; `bodyParser()` leaves the body unread for types outside its `enableTypes`. Test `ctx.is('json')` instead of comparing the header, and answer 415 when it is false.",
    nest: "`req.rawBody` is undefined for content types that no parser reads: test it before the HMAC and throw `UnsupportedMediaTypeException` (415). Do not compare the header's text, which may carry `; charset=utf-8`.",
    next: "Take `request.headers.get('content-type')` up to the `;`, trimmed and in lower case, before comparing, and return status 415 for other types. `request.arrayBuffer()`, and in pages `bodyParser: false`, read the body whatever the type.",
    symfony:
      "Compare `strtolower(trim(explode(';', (string) $request->headers->get('Content-Type'))[0]))` with `application/json`, and throw `UnsupportedMediaTypeHttpException` for other types. `$request->getContent()` reads the body whatever the type.",
    laravel:
      "Compare `strtolower(trim(explode(';', (string) $request->header('Content-Type'))[0]))` with `application/json` (`$request->isJson()` minds the case) and `abort(415)` for other types. `$request->getContent()` reads the body whatever the type.",
    spring:
      'Write `@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)`, which takes parameters and any case and answers 415 to the rest; do not compare `request.getContentType()` as text.',
    django:
      "Compare `request.content_type.lower()`, from which Django has taken the parameters, with `application/json`, not `request.headers['Content-Type']`; answer `HttpResponse(status=415)` to other types. `request.body` is there whatever the type.",
    aspnet:
      'Use `Request.HasJsonContentType()`, which takes parameters and any case, instead of comparing `Request.ContentType` as text, and return `StatusCode(415)` when it is false. Read `Request.Body` directly, whatever the type.',
  },
  'body-limit': {
    express:
      "Write `express.raw({ type: () => true, limit: '10mb' })` on this route: the default limit is `100kb`. Raise `client_max_body_size` of an nginx before it (1m by default) to the same.",
    fastify:
      'Set `bodyLimit: 10485760` in the options of this route or of `addContentTypeParser`: the default is 1 MiB. Raise `client_max_body_size` of an nginx before it (1m by default) to the same.',
    hono: 'Put `bodyLimit({ maxSize: 10 * 1024 * 1024 })` of `hono/body-limit` before the handler: Hono itself has no limit. Raise the limit of the platform, or `client_max_body_size` of nginx, to the same.',
    koa: "Call `getRawBody(ctx.req, { limit: '10mb' })`, which throws a 413 beyond; without `limit` there is none. In `@koa/bodyparser` the option is `jsonLimit`, `1mb` by default.",
    nest: "Call `app.useBodyParser('json', { limit: '10mb' })` on the `NestExpressApplication`: the default is 100kb, and `rawBody` stays as it is. On Fastify create `new FastifyAdapter({ bodyLimit: 10485760 })`.",
    next: "Pages: `bodyParser: false` lifts the default of 1mb (with the parser: `bodyParser: { sizeLimit: '10mb' }`). A route handler has no limit: count the bytes. With a `proxy.ts`, raise `experimental.proxyClientMaxBodySize` (10MB). Vercel itself refuses above 4.5 MB.",
    symfony:
      'Raise `post_max_size` in php.ini (8M by default) to 10M: beyond it PHP warns and `$request->getContent()` is empty. Raise `client_max_body_size` of nginx (1m by default) to the same.',
    laravel:
      'Raise `post_max_size` in php.ini (8M by default) to 10M: the `ValidatePostSize` middleware answers 413 beyond it. Raise `client_max_body_size` of nginx (1m by default) to the same.',
    spring:
      'Check the length of `raw` and answer 413 above 10 MB: `server.tomcat.max-http-form-post-size` counts for forms only. On WebFlux raise `spring.http.codecs.max-in-memory-size` (256KB by default); before it, `client_max_body_size` of nginx (1m).',
    django:
      'Set `DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024` in the settings: above the default of 2.5 MB `request.body` raises `RequestDataTooBig`. Raise `client_max_body_size` of nginx (1m by default) to the same.',
    aspnet:
      "Put `[RequestSizeLimit(10_485_760)]` on the action; Kestrel's own `MaxRequestBodySize` is 30,000,000 bytes. IIS has `maxAllowedContentLength`, and nginx `client_max_body_size` (1m by default): raise them to the same.",
  },
  'transfer-coding': {
    express:
      'Add `inflate: false` to `express.raw`, so that a `Content-Encoding` answers 415 instead of changing the bytes before the signature. Chunked bodies need nothing: do not test `content-length`.',
    fastify:
      'Fastify reads chunked bodies itself: do not test `content-length`. Set `globalDecompression: false` where `@fastify/compress` is registered, so that the bytes are signed as they came, and answer 415 when `content-encoding` is set.',
    hono: "`c.req.arrayBuffer()` reads chunked bodies to the end: do not test `Content-Length`. Hono does not decompress requests: answer 415 when `c.req.header('content-encoding')` is set.",
    koa: "`getRawBody(ctx.req)` reads chunked bodies to the end and does not decompress: do not require `ctx.length`. `@koa/bodyparser` inflates first, so answer 415 when `ctx.get('content-encoding')` is set.",
    nest: "`req.rawBody` holds the body after inflating: `app.useBodyParser('json', { inflate: false })` answers 415 to a `Content-Encoding` instead. Chunked bodies need nothing: do not test `content-length`.",
    next: "Read `await request.arrayBuffer()` and do not test `content-length`, which a chunked request has not. Return status 415 when `request.headers.get('content-encoding')` is set.",
    php: 'PHP-FPM counts on `CONTENT_LENGTH`, which a chunked request has not: keep `fastcgi_request_buffering on` in nginx, which buffers the body and fills it in. `$request->getContent()` is not decompressed: answer 415 when `Content-Encoding` is set.',
    spring:
      'Do not test `request.getContentLength()`, which is -1 for a chunked request: `@RequestBody byte[]` is read to the end. Tomcat does not decompress requests: answer 415 when `Content-Encoding` is set.',
    django:
      'Under WSGI Django reads `CONTENT_LENGTH` bytes, so a chunked body is empty: put nginx with `proxy_request_buffering on` before it, which fills the length in, or run under ASGI (uvicorn, daphne). Answer 415 when `Content-Encoding` is set.',
    aspnet:
      'Copy `Request.Body` to its end and do not count on `Request.ContentLength`, which is null for a chunked request. Leave `UseRequestDecompression()` out, or check the signature before it, and answer 415 when `Content-Encoding` is set.',
  },
} satisfies Advice
