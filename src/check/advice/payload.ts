import type { Advice } from '../advice.ts'

/** How the array is read, with all that may be in it. */
export const PAYLOAD_ADVICE = {
  'expects-one-event': {
    javascript:
      "Parse the raw body and loop: `const events = JSON.parse(raw.toString('utf8'))`, answer 400 unless `Array.isArray(events)`, then `for (const event of events) await apply(event)`. No `body[0]` and no `body.type`.",
    nest: 'Take a list, not `@Body() event: EventDto`: `@Body(new ParseArrayPipe({ items: EventDto })) events: EventDto[]`, or parse `req.rawBody` yourself, and loop with `for (const event of events) await this.apply(event)`.',
    symfony:
      'Decode with `json_decode($raw, true, 512, JSON_THROW_ON_ERROR)`, test `array_is_list($events)` and loop with `foreach`. A DTO is a list as `#[MapRequestPayload(type: EventDto::class)] array $events`.',
    laravel:
      "Decode with `json_decode($request->getContent(), true, 512, JSON_THROW_ON_ERROR)` and loop with `foreach ($events as $event)`. Rules for a list begin with a star, `'*.id' => 'required'`; `$request->input('id')` is null.",
    spring:
      'Read a list: `objectMapper.readValue(raw, new TypeReference<List<JsonNode>>() {})`, and loop over it; `readValue(raw, Event.class)` fails on an array.',
    django:
      'Decode with `events = json.loads(request.body)`, answer 400 unless `isinstance(events, list)`, and loop. In REST framework give the serializer `many=True`.',
    aspnet:
      'Read a list: `JsonSerializer.Deserialize<List<QualifioEvent>>(raw)`, and loop with `foreach`; a parameter of the type `QualifioEvent` answers 400 to an array.',
  },
  'unknown-refused': {
    javascript:
      'Let the schema pass what it does not know: `z.looseObject` instead of `z.strictObject` (zod), no `additionalProperties: false` (ajv). Read `type` before any `z.discriminatedUnion`, and log and skip unknown types in the `default` of the `switch`.',
    fastify:
      "Take `additionalProperties: false` and the `enum` of `type` out of this route's `schema.body`, read `type` as any string, log and skip the unknown ones, and answer 204.",
    nest: 'Leave `forbidNonWhitelisted: true` out of the `ValidationPipe` of this route (`whitelist: true` alone drops unknown fields), declare `type` as `@IsString()` instead of `@IsEnum()` or `@IsIn()`, and log and skip unknown types.',
    symfony:
      "Leave `allow_extra_attributes: false` out of the serializer's context, set `allowExtraFields: true` in `Assert\\Collection`, and read the type by `EventType::tryFrom($event['type'])`, which is null instead of an error; log and skip then.",
    laravel:
      "Take `Rule::in` and `Rule::enum` off `*.type` (unknown fields are ignored anyway), read it by `EventType::tryFrom($event['type'])`, log and `continue` when it is null, and give each `match` a `default` arm.",
    spring:
      "Inject Boot's mapper, which ignores unknown fields, or disable `FAIL_ON_UNKNOWN_PROPERTIES`, which `new ObjectMapper()` of Jackson 2 has on. Read `type` as a `String` and give the `switch` a `default` that logs and skips.",
    django:
      "Declare `type` as `CharField` and not `ChoiceField` in the serializer, set `extra='ignore'` in pydantic, dispatch with `HANDLERS.get(event['type'])`, and log and skip when it is None.",
    aspnet:
      'Leave `JsonUnmappedMemberHandling.Disallow` out, read `type` as a string and not as an enum, set `IgnoreUnrecognizedTypeDiscriminators = true` in `[JsonPolymorphic]`, and log and skip unknown types.',
  },
  'empty-batch': {
    javascript:
      'Test `Array.isArray(events)` and loop with `for (const event of events)`: no `events[0].type`, which throws for `[]`, no `.nonempty()` (zod), `minItems: 1` (ajv) or `@ArrayNotEmpty()` (class-validator).',
    symfony:
      'Test `is_array($events)` instead of `if (!$events)`, which is true for an empty array, loop with `foreach`, and leave `Assert\\Count(min: 1)` and `Assert\\NotBlank` off the list.',
    laravel:
      'Test `is_array($events)` instead of `empty($events)`, which is true for an empty array; the rule `required` refuses `[]` too, `present` does not. Return `response()->noContent()`.',
    spring:
      'Take `@NotEmpty` and `@Size(min = 1)` off the list and loop over it: `events.get(0)` and `getFirst()` throw for an empty one.',
    django:
      'Test `isinstance(events, list)` instead of `if not events`, which is true for `[]`, loop instead of reading `events[0]`, and leave `allow_empty=False` out of a serializer with `many=True`.',
    aspnet:
      'Take `[MinLength(1)]` off the list and loop with `foreach`: `events[0]` and `events.First()` throw for an empty one. Return `NoContent()`.',
  },
  'crashes-on-bad-input': {
    express:
      'Put `JSON.parse(req.body.toString())` in `try`/`catch` with `res.sendStatus(400)`, after a test of `Buffer.isBuffer(req.body)` (it is undefined without a body), and test `Array.isArray(events)` and that each event is an object.',
    fastify:
      'Put `JSON.parse(request.body)` in `try`/`catch` with `return reply.code(400).send()`, or throw an error with `statusCode = 400`. Then test `Array.isArray(events)` and that each event is an object.',
    hono: 'Put `JSON.parse` in `try`/`catch` and throw `new HTTPException(400)` of `hono/http-exception`. Then test `Array.isArray(events)` and that each event is an object.',
    koa: 'Put `JSON.parse` in `try`/`catch` with `ctx.throw(400)`: an uncaught `SyntaxError` becomes a 500. Then test `Array.isArray(events)` and that each event is an object.',
    nest: 'Put `JSON.parse(req.rawBody)` in `try`/`catch` and throw `new BadRequestException()`. Test that `req.rawBody` is there, `Array.isArray(events)` and that each event is an object, not null.',
    next: 'Put `JSON.parse` in `try`/`catch` and return `new Response(null, { status: 400 })` (pages: `res.status(400).end()`). Then test `Array.isArray(events)` and that each event is an object.',
    symfony:
      'Catch `\\JsonException` of `json_decode($raw, true, 512, JSON_THROW_ON_ERROR)` and throw `BadRequestHttpException`. Then test `is_array($events)`, `array_is_list($events)` and `is_array($event)` for each.',
    laravel:
      'Catch `\\JsonException` of `json_decode($raw, true, 512, JSON_THROW_ON_ERROR)` and call `abort(400)`. Then test `is_array($events)`, `array_is_list($events)` and `is_array($event)` for each.',
    spring:
      'Catch `JacksonException` of `objectMapper.readTree(raw)` and throw `new ResponseStatusException(HttpStatus.BAD_REQUEST)`. Then test `root.isArray()` and `event.isObject()` for each.',
    django:
      'Catch `ValueError` of `json.loads(request.body)`, which covers `JSONDecodeError` and `UnicodeDecodeError`, and `RecursionError`; return `HttpResponse(status=400)`. Then test `isinstance(events, list)` and `isinstance(event, dict)`.',
    aspnet:
      'Catch `JsonException` of `JsonDocument.Parse(raw)` and return `BadRequest()`. Then test `RootElement.ValueKind == JsonValueKind.Array` and `JsonValueKind.Object` for each element.',
  },
} satisfies Advice
