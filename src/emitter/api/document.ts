import { z } from 'zod'
import { unreachable } from '../../errors.ts'
import { toolVersion } from '../../version.ts'
import { PROBLEMS } from './problem.ts'
import type { ProblemCode } from './problem.ts'
import type { ParameterTable, Route, Success } from './route.ts'
import { components } from './schemas/component.ts'
import { problemSchema } from './schemas/problem.ts'
import { tidy } from './schemas/tidy.ts'

type Json = Readonly<Record<string, unknown>>

const REFERENCES = '#/components/schemas/'
const CODES = Object.keys(PROBLEMS) as readonly ProblemCode[]

/** What every route may answer with. */
const EVERYWHERE: readonly ProblemCode[] = [
  'malformed',
  'unauthorized',
  'forbidden',
  'misdirected',
  'invalid',
  'too-many-attempts',
  'bug',
  'state-unusable',
]
/** And every one that may have a body. */
const WITH_BODY: readonly ProblemCode[] = ['too-large', 'unsupported-media-type']

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiOf(routes: readonly Route[]): Json {
  const { schemas } = z.toJSONSchema(components, { io: 'input', uri: (id) => `${REFERENCES}${id}` })
  const paths = [...new Set(routes.map(({ path }) => path))].map((path) => [
    path,
    Object.fromEntries(
      routes.filter((route) => route.path === path).map((route) => [route.method.toLowerCase(), operationOf(route)]),
    ),
  ])
  return {
    openapi: '3.1.0',
    info: { title: 'qualifio-sim emit', version: toolVersion(), description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }, { session: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, tidy(schema)])),
      responses: Object.fromEntries(CODES.map((code) => [code, problemResponse(code)])),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'the token that emit was started with, if it was' },
        session: { type: 'apiKey', in: 'cookie', name: 'qualifio_sim_{port}', description: 'from POST /api/login' },
      },
    },
  }
}

const DESCRIPTION = `Drives a Qualifio on the desk. Whatever is refused is answered with an RFC 9457 problem document; \
its \`code\` says which. 400 is for what cannot be read, 422 for what can be read and is wrong, unknown keys and \
parameters too. A path that is not listed is answered with 404, another method with 405 and Allow. Clients must ignore \
fields that they do not know.`

function operationOf(route: Route): Json {
  const { success, body, parameters = {}, query = {} } = route
  const given = [...parametersIn('path', parameters), ...parametersIn('query', query)]
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.isPublic === true && { security: [{}] }),
    ...(given.length > 0 && { parameters: given }),
    ...(body !== undefined && {
      requestBody: {
        required: route.isBodyOptional !== true,
        content: { 'application/json': { schema: refTo(body) } },
      },
    }),
    responses: { [success.status]: successResponse(success), ...problemResponses(route) },
  }
}

function parametersIn(place: 'path' | 'query', table: ParameterTable): readonly Json[] {
  return Object.entries(table).map(([name, { description, schema }]) => ({
    name,
    in: place,
    required: place === 'path',
    description,
    schema: refTo(schema),
  }))
}

function successResponse(success: Success<unknown>): Json {
  const { description } = success
  switch (success.kind) {
    case 'json':
      return {
        description,
        ...(success.location !== undefined && { headers: headersOf(['Location']) }),
        content: { 'application/json': { schema: refTo(success.schema) } },
      }
    case 'stream':
      return { description, content: { 'text/event-stream': streamed(success.messages.map(refTo)) } }
    case 'empty':
      return { description, ...(success.headers !== undefined && { headers: headersOf(success.headers) }) }
    default:
      return unreachable(success)
  }
}

/** OpenAPI 3.1 has no word for server-sent events. */
function streamed(messages: readonly Json[]): Json {
  const names = messages.map(({ $ref }) => String($ref)).join(' or ')
  const description = `text/event-stream: each event has the \`name\` of a message after \`event:\`, and its \`data\`, as JSON in one line, after \`data:\`. A message is a ${names}`
  return { schema: { type: 'string', description }, 'x-messages': { oneOf: messages } }
}

function headersOf(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }]))
}

function problemResponses({ method, problems = [] }: Route): Json {
  const codes = [...EVERYWHERE, ...(method === 'GET' ? [] : WITH_BODY), ...problems]
  return Object.fromEntries(codes.map((code) => [PROBLEMS[code].status, { $ref: `#/components/responses/${code}` }]))
}

const HEADERS: Partial<Record<ProblemCode, string>> = {
  unauthorized: 'WWW-Authenticate',
  'method-not-allowed': 'Allow',
  'too-many-attempts': 'Retry-After',
  'too-many-streams': 'Retry-After',
}

function problemResponse(code: ProblemCode): Json {
  const header = HEADERS[code]
  return {
    description: PROBLEMS[code].when,
    ...(header !== undefined && { headers: headersOf([header]) }),
    content: { 'application/problem+json': { schema: refTo(problemSchema) } },
  }
}

/** A schema with a name as a reference to it, another one as it is. */
function refTo(schema: z.ZodType): Json {
  const id = components.get(schema)?.id
  if (id !== undefined) return { $ref: `${REFERENCES}${id}` }
  return tidy(z.toJSONSchema(schema, { io: 'input' }))
}
