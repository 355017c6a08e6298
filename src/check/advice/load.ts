import type { Advice } from '../advice.ts'

/** How the answer comes in time, also in a burst, and how connections are kept. */
export const LOAD_ADVICE = {
  'slow-answer': {
    javascript:
      'Write the events to a table or queue, such as `await queue.addBulk(jobs)` of BullMQ, then answer 204 and let a worker do the rest. No `setImmediate` and no promise without `await` after the answer: a crash loses it.',
    nest: "Write the events to a queue of `@nestjs/bullmq`: `await this.queue.addBulk(jobs)`, then answer 204 and let a `@Processor('qualifio')` do the rest. A promise without `await` is lost in a crash.",
    next: 'Insert the events into a table or queue, then answer 204; let a cron job or queue consumer do the rest. `after()` of `next/server` and `waitUntil` run in the same instance and are lost with it.',
    symfony:
      'Dispatch a message with `$bus->dispatch(new QualifioEvents($raw))`, route it to a transport such as `doctrine://default` (without a route it is handled at once), and run `messenger:consume async`.',
    laravel:
      'Dispatch `ProcessQualifioEvents::dispatch($events)` with `QUEUE_CONNECTION=database` or `redis`, then return `response()->noContent()`; `sync` works in the request, and `dispatchAfterResponse` is lost in a crash.',
    spring:
      "Insert the events as rows and answer 204; let a `@Scheduled` worker or a broker's listener do the rest. `@Async` and `CompletableFuture.runAsync` keep the work in memory only.",
    django:
      'Save the events as rows and answer 204; let Celery do the rest, started by `transaction.on_commit(lambda: process.delay(batch.pk))`. A thread is lost when the worker process is recycled.',
    aspnet:
      'Save the events as rows and return `NoContent()`; let a `BackgroundService` that reads the table, or Hangfire, do the rest. `Task.Run` and an in-memory `Channel` are lost in a crash.',
  },
  'no-backpressure': {
    express:
      "Leave this path out of `express-rate-limit` with its option `skip: (req) => req.path === '/webhooks'`, insert the events into a queue, and refuse with `res.set('Retry-After', '5').sendStatus(503)` only when it is full.",
    fastify:
      "Set `config: { rateLimit: false }` in the options of this route (`@fastify/rate-limit`), insert the events into a queue, and refuse with `reply.code(503).header('retry-after', '5').send()` only when it is full.",
    hono: "Mount rate limiters on other paths than this one, insert the events into a queue, and refuse with `c.body(null, 503, { 'Retry-After': '5' })` only when it is full.",
    koa: "Leave this path out of `koa-ratelimit` with its option `whitelist: (ctx) => ctx.path === '/webhooks'`, insert the events into a queue, and refuse with status 503 and `ctx.set('Retry-After', '5')` only when it is full.",
    nest: "Put `@SkipThrottle()` of `@nestjs/throttler` on the controller, insert the events into a queue, and refuse with status 503 and `res.set('Retry-After', '5')` only when it is full.",
    next: "Put a pooler (PgBouncer) between the functions and the database, for each instance opens connections of its own, and refuse with `new Response(null, { status: 503, headers: { 'Retry-After': '5' } })`.",
    symfony:
      'Raise `pm.max_children` of PHP-FPM to the burst, leave this route out of rate limiters, dispatch to Messenger, and refuse with `new ServiceUnavailableHttpException(5)`, which sets `Retry-After`.',
    laravel:
      "Raise `pm.max_children` of PHP-FPM to the burst, add `->withoutMiddleware('throttle:api')` to the route, dispatch to a queue, and refuse with `abort(503, headers: ['Retry-After' => 5])`.",
    spring:
      'Fit `spring.datasource.hikari.maximum-pool-size` and `server.tomcat.threads.max` to the burst, only insert rows in the request, and refuse with `ResponseEntity.status(503).header(HttpHeaders.RETRY_AFTER, "5").build()`.',
    django:
      "Set `throttle_classes = []` on the view (REST framework), raise `--workers` and `--threads` of gunicorn to the burst, only insert rows in the request, and refuse with `HttpResponse(status=503, headers={'Retry-After': '5'})`.",
    aspnet:
      'Put `[DisableRateLimiting]` on the action, only insert rows in the request, and where you refuse set `Response.Headers.RetryAfter = "5"` (in `AddRateLimiter` through `OnRejected`).',
  },
  'slow-sender': {
    javascript:
      "Wait for the end of the body: no `req.setTimeout()` or abort timer below 10 s, and leave `server.requestTimeout` at Node's 300 s. Raise `client_body_timeout` of an nginx before it where it is lower.",
    fastify:
      'Leave `requestTimeout` and `connectionTimeout` at least at 10 s (both are off, 0, by default), and raise `client_body_timeout` of an nginx before it where it is lower.',
    php: 'Leave `proxy_request_buffering` or `fastcgi_request_buffering` on in nginx, so that PHP gets the whole body at once, set `client_body_timeout` to 10 s or more, and `max_input_time` of php.ini too.',
    spring:
      'Set `server.tomcat.connection-timeout=20s`, which also counts while the body is read, and `client_body_timeout` of an nginx before it to 10 s or more.',
    django:
      'Put nginx with `proxy_request_buffering on` before gunicorn, so that a slow body does not hold a sync worker until its `--timeout`, and set `client_body_timeout` to 10 s or more.',
    aspnet:
      "Lower Kestrel's minimum rate (240 bytes/s after 5 s): `options.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 50, gracePeriod: TimeSpan.FromSeconds(20))`.",
  },
  'connection-handling': {
    javascript:
      'Set `server.keepAliveTimeout = 65_000` on what `listen` returns, longer than the proxy keeps idle connections, and `server.headersTimeout` above it. Catch the error of reading an aborted body in the request; let it not reach `uncaughtException`.',
    fastify:
      "Keep `keepAliveTimeout` (72000 ms by default) longer than the proxy keeps idle connections, and apply nothing before `request.body` is whole: read it with `parseAs: 'buffer'`, which fails on an aborted body.",
    nest: 'Set `app.getHttpServer().keepAliveTimeout = 65_000`, longer than the proxy keeps idle connections, and apply nothing before `req.rawBody` is whole and verified.',
    next: 'Run `next start --keepAliveTimeout 70000`, longer than the proxy keeps idle connections; put `await request.arrayBuffer()` in `try`/`catch`, which throws for an aborted body, and return status 400.',
    php: 'Apply nothing before the signature over `$request->getContent()` fits, and wrap the effect in a transaction, so that a client that goes away leaves no half. Keep idle connections in nginx with `keepalive_timeout 65s`.',
    spring:
      'Set `server.tomcat.keep-alive-timeout=65s`, longer than the proxy keeps idle connections, and let `@RequestBody byte[]` read the whole body before anything is applied: an aborted one then never reaches the method.',
    django:
      'Catch `UnreadablePostError` of `request.body`, which an aborted body raises, and return `HttpResponse(status=400)`; give gunicorn `--keep-alive 65` with threads, longer than the proxy keeps idle connections.',
    aspnet:
      'Catch `BadHttpRequestException` and `IOException` while reading `Request.Body`, apply nothing of a cut body, and keep `Limits.KeepAliveTimeout` (130 s by default) longer than the proxy keeps idle connections.',
  },
} satisfies Advice
