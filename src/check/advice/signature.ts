import type { Advice } from '../advice.ts'

/** How the signature is required, computed and compared. */
export const SIGNATURE_ADVICE = {
  'signature-not-required': {
    express:
      "Return early: `const given = req.get('X-Qualifio-Signature'); if (!given) return res.sendStatus(401)`. Do not put the check under `if (given)`.",
    fastify:
      "Check in a `preHandler` hook of this route: `if (!request.headers['x-qualifio-signature']) return reply.code(401).send()`. Do not put the comparison under `if` the header is there.",
    hono: "Return early: `const given = c.req.header('X-Qualifio-Signature'); if (!given) return c.body(null, 401)`. Do not put the check under `if (given)`.",
    koa: "`ctx.get('X-Qualifio-Signature')` is an empty string when the header is missing: `if (!given) ctx.throw(401)` before the HMAC, and no comparison under `if (given)`.",
    nest: "Verify in a guard with `@UseGuards(SignatureGuard)` and throw `UnauthorizedException` when `req.get('x-qualifio-signature')` is missing; a guard that returns true without the header lets everything in.",
    next: "Return early: `const given = request.headers.get('x-qualifio-signature'); if (!given) return new Response(null, { status: 401 })`. In pages test `req.headers['x-qualifio-signature']`.",
    symfony:
      "`$request->headers->get('X-Qualifio-Signature')` is null when missing: return `new Response(status: 401)` then. In a `RequestParser` of the Webhook component throw `new RejectWebhookException(401, 'no signature')`.",
    laravel:
      "Start the middleware with `abort_unless($request->hasHeader('X-Qualifio-Signature'), 401)`, and do not put `hash_equals` under `if` the header is there.",
    spring:
      'Declare `@RequestHeader(name = "X-Qualifio-Signature", required = false) String given` and throw `new ResponseStatusException(HttpStatus.UNAUTHORIZED)` when it is null or blank, before the HMAC.',
    django:
      "Take `given = request.headers.get('X-Qualifio-Signature', '')` and write `if not given: return HttpResponse(status=401)` before the HMAC; do not put the check under `if given`.",
    aspnet:
      'Start with `if (!Request.Headers.TryGetValue("X-Qualifio-Signature", out var given) || given.Count != 1) return Unauthorized();` before the HMAC.',
  },
  'signature-not-verified': {
    javascript:
      "Compute `'sha256=' + createHmac('sha256', secret).update(raw).digest('hex')` of `node:crypto` over the raw body, compare it with the header by `timingSafeEqual`, and answer 401 if they differ. If the check is async, `await` it: a promise is always true.",
    php: "Compute `$expected = 'sha256=' . hash_hmac('sha256', $request->getContent(), $secret)`, go on only if `hash_equals($expected, $given)` is true, and answer 401 otherwise.",
    spring:
      'Take `Mac.getInstance("HmacSHA256")`, `init` it with `new SecretKeySpec(secretBytes, "HmacSHA256")`, write `"sha256=" + HexFormat.of().formatHex(mac.doFinal(raw))`, and answer 401 unless `MessageDigest.isEqual` of both as bytes is true.',
    django:
      "Compute `'sha256=' + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()`, and return `HttpResponse(status=401)` unless `hmac.compare_digest` of both as bytes is true.",
    aspnet:
      'Compute `"sha256=" + Convert.ToHexString(HMACSHA256.HashData(secretBytes, raw)).ToLowerInvariant()`, and return `Unauthorized()` unless `CryptographicOperations.FixedTimeEquals` of both as bytes is true.',
  },
  'partial-comparison': {
    javascript:
      "Compare the whole texts: `timingSafeEqual(Buffer.from(given), Buffer.from(expected))` after a test of equal length. No `startsWith` or `slice`, and no `Buffer.from(given, 'hex')`, which stops silently at the first character that is no hexadecimal digit.",
    php: 'Compare the whole strings by `hash_equals($expected, $given)`: no `strncmp`, `str_starts_with` or `substr`, and no `==`, which compares texts that look like numbers as numbers.',
    spring:
      'Compare the whole texts as bytes by `MessageDigest.isEqual(expectedBytes, givenBytes)`: no `startsWith`, `regionMatches` or `substring`.',
    django:
      'Compare the whole values by `hmac.compare_digest(expected, given)`: no `startswith`, no slice, and no `zip`, which stops at the shorter one.',
    aspnet:
      'Compare the whole values as bytes by `CryptographicOperations.FixedTimeEquals`, which is false for other lengths: no `StartsWith`, no slice of a span, and no `Zip`.',
  },
  'length-not-checked': {
    javascript:
      '`timingSafeEqual` throws a `RangeError` when the lengths differ: take `const a = Buffer.from(given)` and `const b = Buffer.from(expected)`, and answer 401 if `a.length !== b.length || !timingSafeEqual(a, b)`. Compare the lengths of the Buffers, not of the strings.',
    php: '`hash_equals` is false for other lengths but throws a `TypeError` for null: write `is_string($given) && hash_equals($expected, $given)` and answer 401 when it is false.',
    spring:
      '`MessageDigest.isEqual` takes arrays of any length, but `HexFormat.of().parseHex(given)` throws on bad digits: compare both texts as `getBytes(StandardCharsets.UTF_8)` instead of parsing what was given.',
    django:
      "`hmac.compare_digest` raises a `TypeError` for text outside ASCII and for None: take `given = request.headers.get('X-Qualifio-Signature', '')` and compare `expected.encode()` with `given.encode()`.",
    aspnet:
      '`CryptographicOperations.FixedTimeEquals` is false for other lengths, but `Convert.FromHexString` throws a `FormatException` on bad digits: compare `Encoding.UTF8.GetBytes(expected)` with `Encoding.UTF8.GetBytes(given)`.',
  },
  'refusal-thrown': {
    express:
      'Write `return res.sendStatus(401)` instead of `throw`, or set `error.status = 401` before it is thrown: the default error handler answers with that status, and with 500 to any other error.',
    fastify:
      'Write `return reply.code(401).send()`, or throw an error with `statusCode: 401`: Fastify answers with it, and with 500 to any other error.',
    hono: 'Write `return c.body(null, 401)`, or throw `new HTTPException(401)` from `hono/http-exception`; any other error ends as 500.',
    koa: 'Write `ctx.throw(401)`, or set `ctx.status = 401` and return; any other error ends as 500.',
    nest: 'Throw `new UnauthorizedException()` of `@nestjs/common`, or return false from a guard (403); any other error ends as 500.',
    next: 'Write `return new Response(null, { status: 401 })` in the route handler; whatever is thrown there ends as 500.',
    symfony:
      "Return `new Response('', 401)`, or throw `new UnauthorizedHttpException('signature')`; any other exception ends as 500.",
    laravel: 'Write `abort(401);`: it throws an HttpException with this status; any other exception ends as 500.',
    spring:
      'Throw `new ResponseStatusException(HttpStatus.UNAUTHORIZED)`, or return `ResponseEntity.status(401).build()`; any other exception ends as 500.',
    django: 'Return `HttpResponse(status=401)`; `PermissionDenied` becomes 403, any other exception 500.',
    aspnet: 'Return `Unauthorized()` (or `Results.Unauthorized()`); whatever is thrown ends as 500.',
  },
  'weak-algorithm': {
    javascript:
      "Write `createHmac('sha256', secret)` with the name as a constant: no `createHmac(given.split('=')[0], secret)`, and no `createHash('sha256')`, which needs no secret. Answer 401 unless the header starts with `sha256=`.",
    php: "Write `hash_hmac('sha256', $raw, $secret)` with the name as a constant: no algorithm from `explode('=', $given)`, and no `hash('sha256', $raw)`, which needs no secret. Answer 401 unless the header starts with `sha256=`.",
    spring:
      'Write `Mac.getInstance("HmacSHA256")` with the name as a constant: no algorithm from the header, and no `MessageDigest.getInstance("SHA-256")`, which needs no secret. Answer 401 unless the header starts with `sha256=`.',
    django:
      'Write `hmac.new(key, request.body, hashlib.sha256)`: no `getattr(hashlib, name)` with a name from the header, and no `hashlib.sha256(request.body)` alone, which needs no secret. Answer 401 unless the header starts with `sha256=`.',
    aspnet:
      'Write `HMACSHA256.HashData(secretBytes, raw)`: no `HMACSHA1`, and no `SHA256.HashData(raw)`, which needs no secret. Return `Unauthorized()` unless the header starts with `sha256=`.',
  },
} satisfies Advice
