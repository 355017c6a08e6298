import type { Framework } from './explain-framework.ts'
import type { SignatureExplanation } from './explain.ts'
import { DEFAULT_SIGNATURE } from './signature.ts'
import type { SignatureFormat } from './signature.ts'

/** How the three things that make a signature are written in one framework. */
interface Mend {
  readonly name: string
  /** How to get the body's bytes before anything has parsed them. */
  readonly body: string
  /** Where the secret should come from, and how to keep it whole. */
  readonly key: string
  /** The digest over `raw`, keyed with `secret`, in the encoding of the contract. */
  readonly digest: Readonly<Record<SignatureFormat['encoding'], string>>
  /** What compares in constant time. */
  readonly compare: string
}

const nodeDigest = (encoding: string) =>
  `createHmac('sha256', secret).update(raw).digest('${encoding}') from node:crypto`
const NODE = {
  digest: { hex: nodeDigest('hex'), base64: nodeDigest('base64') },
  compare: 'timingSafeEqual on two buffers of the same length',
} as const
const NODE_KEY =
  'read it once at the start from process.env, stop if it is undefined, and log its length (not its value) to find a newline or quotes that came with it'
const PHP = {
  digest: {
    hex: "hash_hmac('sha256', $raw, $secret)",
    base64: "base64_encode(hash_hmac('sha256', $raw, $secret, true))",
  },
  compare: 'hash_equals($expected, $given)',
} as const

const MENDS: Readonly<Record<Framework, Mend>> = {
  express: {
    name: 'Express',
    body: "give the route its own parser, app.post('/webhooks', express.raw({ type: 'application/json', limit: '10mb' }), handler), before any app.use(express.json()): req.body is then the Buffer that arrived. Or keep the bytes with express.json({ verify: (req, _res, buffer) => { req.rawBody = buffer } })",
    key: NODE_KEY,
    ...NODE,
  },
  fastify: {
    name: 'Fastify',
    body: "in the plugin that has the route, fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body)): request.body is then the Buffer that arrived, and JSON.parse comes after the check",
    key: NODE_KEY,
    ...NODE,
  },
  hono: {
    name: 'Hono',
    body: 'const raw = Buffer.from(await c.req.arrayBuffer()); the JSON is JSON.parse(raw.toString()) after the check, and c.req.json() is not what to sign',
    key: 'read it from env(c) of hono/adapter, or process.env on Node, stop if it is undefined, and log its length (not its value) to find a newline or quotes that came with it',
    ...NODE,
  },
  koa: {
    name: 'Koa',
    body: 'read the stream yourself, const raw = await getRawBody(ctx.req) of the raw-body package, on a route before the body parser; or with @koa/bodyparser hash ctx.request.rawBody (the text as it came), not ctx.request.body',
    key: NODE_KEY,
    ...NODE,
  },
  nest: {
    name: 'NestJS',
    body: 'create the application with NestFactory.create(AppModule, { rawBody: true }) and hash req.rawBody, a Buffer, from @Req() req: RawBodyRequest<Request>; do not set bodyParser: false',
    key: "configService.getOrThrow('QUALIFIO_SECRET') stops at once when it is not set; log its length (not its value) to find a newline or quotes that came with it",
    ...NODE,
  },
  next: {
    name: 'Next.js',
    body: 'in a route handler (app/…/route.ts) const raw = Buffer.from(await request.arrayBuffer()), and JSON.parse after the check; in pages/api export const config = { api: { bodyParser: false } } and collect the chunks of req',
    key: 'read process.env in the handler, without NEXT_PUBLIC_, stop if it is undefined; .env files replace $NAME inside a value, so write a dollar sign as \\$',
    ...NODE,
  },
  node: {
    name: 'node:http',
    body: 'const chunks = []; for await (const chunk of request) chunks.push(chunk); const raw = Buffer.concat(chunks); never join chunks as strings, which breaks letters of several bytes',
    key: NODE_KEY,
    ...NODE,
  },
  symfony: {
    name: 'Symfony',
    body: '$raw = $request->getContent(); decode it after the check, and do not encode $request->toArray() or $request->getPayload() again',
    key: 'inject it with %env(trim:QUALIFIO_SECRET)%, which takes a newline off; in .env put a value with # or $ in single quotes',
    ...PHP,
  },
  laravel: {
    name: 'Laravel',
    body: '$raw = $request->getContent(); $request->all() has been trimmed and changed by the TrimStrings and ConvertEmptyStringsToNull middleware, and json_encode of it is another text',
    key: "read it with config('services.qualifio.secret'), not env(), which is null once the configuration is cached (php artisan config:clear after a change); in .env put a value with # or $ in single quotes",
    ...PHP,
  },
  php: {
    name: 'PHP',
    body: "$raw = file_get_contents('php://input'); json_decode it after the check, and do not json_encode it again",
    key: "getenv('QUALIFIO_SECRET') is false when it is not set, which becomes an empty key: stop then; trim() what was read from a file",
    ...PHP,
  },
  spring: {
    name: 'Spring',
    body: 'take the body as bytes, @PostMapping handler(@RequestBody byte[] raw), and give them to ObjectMapper after the check; a String is decoded with the charset of the request, and a Map is no longer the text that came',
    key: '@Value("${qualifio.secret}") stops the start when it is not set; use secret.getBytes(StandardCharsets.UTF_8), and strip() what was read from a file',
    digest: {
      hex: 'Mac.getInstance("HmacSHA256") with new SecretKeySpec(secretBytes, "HmacSHA256"), then HexFormat.of().formatHex(mac.doFinal(raw))',
      base64:
        'Mac.getInstance("HmacSHA256") with new SecretKeySpec(secretBytes, "HmacSHA256"), then Base64.getEncoder().encodeToString(mac.doFinal(raw))',
    },
    compare: 'MessageDigest.isEqual(expectedBytes, givenBytes)',
  },
  django: {
    name: 'Django',
    body: 'raw = request.body, the bytes, before anything reads request.POST or (in REST framework) request.data; json.loads(raw) after the check, and no json.dumps',
    key: "os.environ['QUALIFIO_SECRET'] fails at once when it is not set, where os.getenv gives None; use secret.strip().encode() of what was read from a file",
    digest: {
      hex: 'hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()',
      base64: 'base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()',
    },
    compare: 'hmac.compare_digest(expected, given)',
  },
  aspnet: {
    name: 'ASP.NET Core',
    body: 'using var memory = new MemoryStream(); await Request.Body.CopyToAsync(memory); var raw = memory.ToArray(); without [FromBody] on the action, which reads the stream first (or Request.EnableBuffering() in a middleware before, and Request.Body.Position = 0)',
    key: 'builder.Configuration["Qualifio:Secret"] is null when it is not set: stop then; use Encoding.UTF8.GetBytes(secret), not Encoding.Unicode, and Trim() what was read from a file',
    digest: {
      hex: 'Convert.ToHexString(HMACSHA256.HashData(secretBytes, raw)).ToLowerInvariant(); BitConverter.ToString writes dashes and upper case',
      base64: 'Convert.ToBase64String(HMACSHA256.HashData(secretBytes, raw))',
    },
    compare: 'CryptographicOperations.FixedTimeEquals(expectedBytes, givenBytes)',
  },
}

/** Forms of the body that only one language makes, and what is plain in that language or usual there. */
const LANGUAGES: readonly (readonly [form: RegExp, framework: Framework])[] = [
  [/^(?:element-0-)?php\b|^literal-Array$/, 'php'],
  [/^(?:element-0-|sorted-)?python\b|^literal-None$/, 'django'],
  [/^(?:element-0-)?java$/, 'spring'],
  [/^(?:element-0-)?dotnet$/, 'aspnet'],
  [/^js\b|^element-\d+$|^object-objects?$|^sorted$|^literal-undefined$|^utf8-as-binary$/, 'node'],
]

/**
 * The framework to show a mend for when the answer does not give it away, by the language that wrote such a body;
 * undefined for a form that any language makes, or one without a framework here (Go).
 * @param bodyFormId `body` of an explanation
 */
export function frameworkOfBody(bodyFormId: string): Framework | undefined {
  return LANGUAGES.find(([form]) => form.test(bodyFormId))?.[1]
}

/**
 * One paragraph on how to mend a wrong signature in this framework: the raw body, the right key, the
 * right call, whichever the explanation says is wrong.
 */
export function mendFor(
  explanation: SignatureExplanation,
  framework: Framework,
  format: Pick<SignatureFormat, 'prefix' | 'encoding'> = DEFAULT_SIGNATURE,
): string {
  const { name, body, key, digest, compare } = MENDS[framework]
  const call = digest[format.encoding]
  const written = format.prefix === '' ? '' : `, with "${format.prefix}" before it`
  if (explanation.right) return `${name}: there is nothing to mend in the digest; compare it by ${compare}.`
  const sentences = [
    ...(explanation.body === 'exact' ? [] : [`The raw body: ${body}.`]),
    ...(explanation.key === 'secret' || explanation.key === 'none' ? [] : [keySentence(explanation, key)]),
    ...(explanation.algorithm === 'hmac-sha256' &&
    explanation.encoding === format.encoding &&
    explanation.around === 'as-expected'
      ? []
      : [`The digest: ${call}${written}; compare by ${compare}.`]),
  ]
  return `${name}: ${sentences.join(' ')}`
}

function keySentence({ key }: SignatureExplanation, howTo: string): string {
  if (key !== 'previous') return `The key: the UTF-8 bytes of the secret as it stands; ${howTo}.`
  return `The key: the secret was changed, and the old one may sign for 30 minutes after a change, so accept both for that time; ${howTo}.`
}
