import type { Advice } from '../advice.ts'

/** What the address answers before, beside and instead of the receiver. */
export const ANSWER_ADVICE = {
  redirects: {
    express:
      "Configure the exact path, and mount this route before middlewares that redirect to https, a host or a login. Behind a proxy that ends TLS call `app.set('trust proxy', 1)`, so that `req.secure` is true.",
    fastify:
      'Configure the exact path (or accept both with `routerOptions: { ignoreTrailingSlash: true }`), and exempt it from hooks that redirect. Behind a proxy that ends TLS set `trustProxy: true`, so that `request.protocol` is `https`.',
    hono: 'Configure the exact path (or accept both with `new Hono({ strict: false })`), and mount this route before logins and before `trimTrailingSlash()` or `appendTrailingSlash()` of `hono/trailing-slash`.',
    koa: 'Configure the exact path, and mount this route before middlewares that redirect to https or a login. Behind a proxy that ends TLS set `app.proxy = true`, so that `ctx.secure` is true.',
    nest: "Configure the exact path with its `setGlobalPrefix` and version, and exempt it from middlewares that redirect to https or a login. Behind a proxy that ends TLS call `app.set('trust proxy', 1)`.",
    next: 'Configure the path with or without a slash as `trailingSlash` says, for Next answers 308 to the other, or set `skipTrailingSlashRedirect: true`. Exempt the path in the `matcher` of `proxy.ts` (before Next 16 `middleware.ts`).',
    symfony:
      'Configure the exact path, for a slash too many or too few answers 301. Put `- { path: ^/webhooks, roles: PUBLIC_ACCESS }` first in `access_control`, without `requires_channel`, and set `trusted_proxies` behind a proxy that ends TLS.',
    laravel:
      "A failed `$request->validate()` and the `auth` middleware answer 302 unless JSON is expected: call `$exceptions->shouldRenderJsonWhen(fn ($request) => $request->is('webhooks/*'))` in `bootstrap/app.php`, and keep the route out of `auth`.",
    spring:
      'Permit the path, so that Spring Security does not send to `/login`: `requestMatchers("/webhooks/**").permitAll()`. Behind a proxy that ends TLS set `server.forward-headers-strategy=framework`.',
    django:
      'Configure the path with the slash of its pattern: `APPEND_SLASH` answers 301 otherwise. Set `SECURE_PROXY_SSL_HEADER` beside `SECURE_SSL_REDIRECT` behind a proxy that ends TLS, and put `@login_not_required` on the view.',
    aspnet:
      'Call `UseForwardedHeaders()` before `UseHttpsRedirection()`, which answers 307 when a proxy ends TLS, and put `[AllowAnonymous]` on the action, so that a cookie login does not send to `/Account/Login`.',
  },
  'answers-with-a-page': {
    javascript:
      'Register the POST route before static files and before the catch-all that serves `index.html`, restrict that catch-all to GET, and answer 204 without a body.',
    next: 'Export `POST` from `app/webhooks/route.ts` and have no `page.tsx` in that folder; exempt the path in the `matcher` of `proxy.ts` (before Next 16 `middleware.ts`), where a rewrite may serve the login.',
    symfony:
      'Return `new Response(status: 204)` and put `- { path: ^/webhooks, roles: PUBLIC_ACCESS }` first in `access_control`, so that no login form answers; declare the route before any catch-all.',
    laravel:
      'Return `response()->noContent()`, declare the route with `Route::post` before `Route::fallback` or a catch-all `{any}` of the single-page application, and keep it out of `auth`.',
    spring:
      'Use `@RestController`, for in a `@Controller` a returned String is the name of a view, return `ResponseEntity.noContent().build()`, and `permitAll()` the path, so that no login page answers.',
    django:
      'Place the path before the catch-all `re_path` that serves the single-page application, return `HttpResponse(status=204)`, and put `@login_not_required` on the view where `LoginRequiredMiddleware` is on.',
    aspnet:
      'Return `NoContent()`, call `MapControllers()` beside `MapFallbackToFile("index.html")` and check that the path is that of the action, and put `[AllowAnonymous]` on it.',
  },
  'other-methods': {
    express:
      "Write `app.route('/webhooks').post(handler).all((req, res) => res.set('Allow', 'POST').sendStatus(405))`, and no `app.all` or `app.use` for the handler itself.",
    fastify:
      "Register the handler with `fastify.post`, not `fastify.all`: other methods answer 404. For a 405 add `fastify.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE'], url, handler: (request, reply) => reply.code(405).header('allow', 'POST').send() })`.",
    hono: "Write `app.post('/webhooks', handler)` and after it `app.all('/webhooks', (c) => c.body(null, 405, { Allow: 'POST' }))`; no `app.all` for the handler itself.",
    koa: "Write `router.post('/webhooks', handler)` and `app.use(router.routes()).use(router.allowedMethods())`, which answers 405 with `Allow`. Without a router test `ctx.method === 'POST'` first.",
    nest: 'Use `@Post()` and not `@All()`: other methods answer 404, which is right. For a 405 add a second method with `@All()` below it that throws `MethodNotAllowedException`.',
    next: "Export only `POST` from `route.ts`: Next answers 405 to the others. In pages begin with `if (req.method !== 'POST') return res.setHeader('Allow', 'POST').status(405).end()`.",
    symfony:
      "Write `#[Route('/webhooks', methods: ['POST'])]`: Symfony then answers 405 with `Allow`. Without `methods` every method reaches the controller.",
    laravel:
      "Write `Route::post('/webhooks', QualifioController::class)`, not `Route::any` or `Route::match`: Laravel then answers 405 with `Allow`.",
    spring: 'Use `@PostMapping`, not `@RequestMapping` without a `method`: Spring then answers 405 with `Allow`.',
    django:
      'Put `@require_POST` of `django.views.decorators.http` on the view, which answers 405 with `Allow`; a function view without it takes every method.',
    aspnet:
      'Use `[HttpPost]` on the action, or `app.MapPost` instead of `app.Map`: ASP.NET then answers 405 with `Allow`.',
  },
  'header-case': {
    express:
      "Read `req.get('X-Qualifio-Signature')`, which ignores case; in `req.headers` all names are in lower case, so `req.headers['X-Qualifio-Signature']` is undefined.",
    fastify:
      "Read `request.headers['x-qualifio-signature']`: in `request.headers` all names are in lower case, so `request.headers['X-Qualifio-Signature']` is undefined.",
    hono: "Read `c.req.header('X-Qualifio-Signature')`, which ignores case; `c.req.header()` without a name returns names in lower case.",
    koa: "Read `ctx.get('X-Qualifio-Signature')`, which ignores case; in `ctx.headers` all names are in lower case.",
    nest: "Read `@Headers('x-qualifio-signature')` or `req.get('X-Qualifio-Signature')`, which ignore case; in `req.headers` all names are in lower case.",
    next: "Read `request.headers.get('X-Qualifio-Signature')`, which ignores case; in pages `req.headers` has all names in lower case. A Lambda event has the names as they were sent: lower them first.",
    symfony:
      "Read `$request->headers->get('X-Qualifio-Signature')`, which ignores case; `getallheaders()` has the names as they were sent.",
    laravel:
      "Read `$request->header('X-Qualifio-Signature')`, which ignores case; `getallheaders()` has the names as they were sent.",
    spring:
      'Read `@RequestHeader("X-Qualifio-Signature")` or `HttpHeaders`, which ignore case; a `@RequestHeader Map<String, String>` does not.',
    django:
      "Read `request.headers.get('X-Qualifio-Signature')`, which ignores case, or `request.META['HTTP_X_QUALIFIO_SIGNATURE']`; a `dict(request.headers)` does not ignore it.",
    aspnet:
      'Read `Request.Headers["X-Qualifio-Signature"]`, which ignores case; give a dictionary that you copy it into `StringComparer.OrdinalIgnoreCase`.',
  },
  'front-door': {
    nest: 'Exempt the controller from global guards (`APP_GUARD`) by a decorator that they read through `Reflector`, and from CSRF middlewares. In the CDN or firewall exempt the path from bot checks and user-agent rules.',
    next: "Exempt the path in the `matcher` of `proxy.ts` (before Next 16 `middleware.ts`) from logins. On Vercel use the production domain: Deployment Protection answers 401 on the others, and the firewall's bot checks need a rule for the path.",
    symfony:
      'Put `- { path: ^/webhooks, roles: PUBLIC_ACCESS }` first in `access_control`, or give the path a firewall with `security: false`. In the CDN or firewall exempt it from bot checks and user-agent rules.',
    laravel:
      "A 419 is the CSRF check: put the route in `routes/api.php`, or call `$middleware->validateCsrfTokens(except: ['webhooks/*'])` (Laravel 13: `preventRequestForgery`) in `bootstrap/app.php`. A 503 is `php artisan down`, a 429 the `throttle` middleware.",
    spring:
      'A 401 or 403 before the controller is Spring Security: add `csrf(csrf -> csrf.ignoringRequestMatchers("/webhooks/**"))` and `requestMatchers("/webhooks/**").permitAll()`. In the CDN or firewall exempt the path from bot checks.',
    django:
      'A 403 that names CSRF needs `@csrf_exempt` on the view, a 400 the host name in `ALLOWED_HOSTS`. In the CDN or firewall exempt the path from bot checks and user-agent rules.',
    aspnet:
      'Put `[AllowAnonymous]` and `[IgnoreAntiforgeryToken]` on the action, and the host name into `AllowedHosts` of appsettings.json, which answers 400 otherwise. In the CDN or firewall exempt the path from bot checks.',
  },
  'plain-http': {
    express:
      "Let the proxy refuse plain http; in the application call `app.set('trust proxy', 1)` and answer 403 when `req.secure` is false.",
    fastify:
      'Let the proxy refuse plain http; in the application set `trustProxy: true` and answer 403 when `request.protocol` is not `https`.',
    koa: 'Let the proxy refuse plain http; in the application set `app.proxy = true` and answer 403 when `ctx.secure` is false.',
    nest: "Let the proxy refuse plain http; in the application call `app.set('trust proxy', 1)` and throw `ForbiddenException` when `req.secure` is false.",
    symfony:
      "Let the proxy refuse plain http; in the application set `trusted_proxies` and answer 403 when `$request->isSecure()` is false, or give the route `schemes: ['https']`.",
    laravel:
      "Let the proxy refuse plain http; in the application call `$middleware->trustProxies(at: '*')` behind your own proxy, and `abort_unless($request->isSecure(), 403)`.",
    spring:
      'Let the proxy refuse plain http; in the application set `server.forward-headers-strategy=framework` and `http.redirectToHttps(withDefaults())` (Spring Security 6.5 and later).',
    django:
      "Let the proxy refuse plain http; in the application set `SECURE_SSL_REDIRECT = True` and, behind your own proxy, `SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')`.",
    aspnet:
      'Let the proxy refuse plain http; in the application call `UseForwardedHeaders()` and then `UseHttpsRedirection()`, or answer 403 when `Request.IsHttps` is false.',
  },
} satisfies Advice
