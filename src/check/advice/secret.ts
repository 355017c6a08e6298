import type { Advice } from '../advice.ts'

/** Where the secret and the authorization come from, and what must not get out. */
export const SECRET_ADVICE = {
  'empty-secret': {
    javascript:
      "At the start: `const secret = process.env.QUALIFIO_SECRET; if (!secret) throw new Error('QUALIFIO_SECRET is not set')`. No `?? ''` and no `|| ''`: `createHmac` takes an empty key without a word.",
    hono: "`const { QUALIFIO_SECRET } = env(c)` of `hono/adapter`, then `if (!QUALIFIO_SECRET) throw new Error('QUALIFIO_SECRET is not set')`. No `?? ''`: an empty key is taken without a word.",
    nest: "Read it with `configService.getOrThrow('QUALIFIO_SECRET')` in the constructor and throw when it is empty, so that the application does not start. No `?? ''`: `createHmac` takes an empty key without a word.",
    symfony:
      'Inject `%env(QUALIFIO_SECRET)%`, which fails when it is not set, without an empty line in `.env` and not through `%env(default::QUALIFIO_SECRET)%`; throw in the constructor when it is empty. `hash_hmac` takes an empty key without a word.',
    laravel:
      "Read `config('services.qualifio.secret')`, not `env()`, which is null once the configuration is cached, and throw when it is empty: `hash_hmac` takes an empty key without a word.",
    spring:
      'Inject `@Value("${qualifio.secret}")` without a default after a colon, so that the application does not start without it, and throw in the constructor when `isBlank()` is true.',
    django:
      "Read `os.environ['QUALIFIO_SECRET']` in the settings, which fails when it is not set, instead of `os.getenv('QUALIFIO_SECRET', '')`, and raise `ImproperlyConfigured` when it is empty.",
    aspnet:
      'Bind it to an options class with `[Required]`, `ValidateDataAnnotations()` and `ValidateOnStart()`, so that the application does not start without it; no `?? ""` after `builder.Configuration["Qualifio:Secret"]`.',
  },
  'authorization-not-checked': {
    javascript:
      "Compare the header that you configured, whole and as bytes, by `timingSafeEqual` in a middleware before the handler, and answer 401 when it is missing or differs. For Basic compare with `'Basic ' + Buffer.from(user + ':' + password).toString('base64')`.",
    fastify:
      'Compare `request.headers.authorization`, or the name that you configured, whole and by `timingSafeEqual` in an `onRequest` hook of this route, and end with `return reply.code(401).send()`; for Basic use `@fastify/basic-auth`.',
    hono: 'Put `basicAuth({ username, password })` of `hono/basic-auth` or `bearerAuth({ token })` of `hono/bearer-auth` before the handler; compare another header whole, and answer 401 when it is missing or differs.',
    nest: 'Compare the whole header by `timingSafeEqual` in a guard, put `@UseGuards(AuthorizationGuard)` on the controller, and throw `UnauthorizedException` when it is missing or differs.',
    php: "Compare the whole value by `hash_equals($expected, (string) $request->headers->get('Authorization'))`, or the name that you configured, and answer 401 otherwise. Apache with CGI or FPM drops `Authorization` unless `CGIPassAuth On` is set.",
    spring:
      'Use `httpBasic(withDefaults())` in a `SecurityFilterChain` with `securityMatcher("/webhooks/**")` and `anyRequest().authenticated()`, not `permitAll()`. Compare another header in a filter by `MessageDigest.isEqual` and send 401.',
    django:
      "Compare `request.headers.get('Authorization', '').encode()`, or the name that you configured, by `hmac.compare_digest`, and return `HttpResponse(status=401)`. Under Apache with mod_wsgi set `WSGIPassAuthorization On`.",
    aspnet:
      'Compare the whole header as bytes by `CryptographicOperations.FixedTimeEquals` in a filter of the action and return `Unauthorized()`. `[AllowAnonymous]` switches `[Authorize]` off, and `UseAuthorization()` has to run.',
  },
  'rotation-not-supported': {
    javascript:
      'Read two secrets and accept if one fits: `[current, previous].filter(Boolean).some((secret) => matches(secret, raw, given))`. Take the previous one out 30 minutes after the change.',
    php: 'Read two secrets, loop over `array_filter([$current, $previous])` and accept if `hash_equals` is true for one of them. Take the previous one out 30 minutes after the change; in Laravel run `php artisan config:cache` after it.',
    spring:
      'Read two secrets and accept if `MessageDigest.isEqual` is true for one of them; give `@Value("${qualifio.previous-secret:}")` an empty default and skip it when blank. Take it out 30 minutes after the change.',
    django:
      'Read two secrets and accept `any(hmac.compare_digest(digest(secret), given) for secret in (current, previous) if secret)`. Take the previous one out 30 minutes after the change.',
    aspnet:
      'Read both through `IOptionsMonitor`, which follows a change without a restart, skip the previous one when it is empty, and accept if `FixedTimeEquals` is true for one. Take the previous one out 30 minutes after the change.',
  },
  'leaks-internals': {
    express:
      'Run with `NODE_ENV=production`, or end with `app.use((error, req, res, next) => res.sendStatus(error.status ?? 500))`: the default handler prints the stack otherwise. Never send the expected digest.',
    fastify:
      'Set `setErrorHandler((error, request, reply) => reply.code(error.statusCode ?? 500).send())`: the default one sends `error.message`. Never send the expected digest.',
    hono: "Answer a fixed text in `app.onError((error, c) => c.text('Internal Server Error', 500))` instead of `error.stack` or `error.message`, and never send the expected digest.",
    koa: "Throw `ctx.throw(401, 'invalid signature')`: Koa sends the message only of errors with `expose`. Leave `ctx.body = error.stack` and the expected digest out.",
    nest: 'Throw `new UnauthorizedException()` without details; unknown errors become a plain 500 by themselves. Take `exception.stack` and `exception.message` out of your own `@Catch()` filters.',
    next: "Run `next start` and not `next dev`, put the handler in `try`/`catch`, and return a fixed text, `new Response('invalid signature', { status: 401 })`, without `error.stack` and the expected digest.",
    symfony:
      'Run with `APP_ENV=prod` and `APP_DEBUG=0`: the debug page shows the trace, and `X-Debug-Exception` the message. Answer a fixed text, without the expected digest.',
    laravel:
      'Set `APP_DEBUG=false`, run `php artisan config:cache`, and call `abort(401)` instead of returning `$e->getMessage()` or the expected digest.',
    spring:
      'Set `spring.web.error.include-stacktrace=never` and `spring.web.error.include-message=never` (before Spring Boot 4 `server.error.` instead of `spring.web.error.`), and leave `spring-boot-devtools` out of the build: it sets `always`.',
    django:
      'Set `DEBUG = False` and `ALLOWED_HOSTS`: the debug page shows the trace and local variables. Return `HttpResponse(status=401)` with a fixed text, without the expected digest.',
    aspnet:
      'Run with `ASPNETCORE_ENVIRONMENT=Production`, call `UseDeveloperExceptionPage()` only if `app.Environment.IsDevelopment()`, and `UseExceptionHandler()` with `AddProblemDetails()` otherwise. Never send the expected digest.',
  },
} satisfies Advice
