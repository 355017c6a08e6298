import addFormats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'vitest'
import { openApiOf } from '../../../src/emitter/api/document.ts'
import { ROUTES } from '../../../src/emitter/api/table.ts'

/** The document of the API. */
export const DOCUMENT = openApiOf(ROUTES) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly responses: Readonly<Record<string, Documented>> } & Readonly<Record<string, unknown>>
}

interface Documented {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
  readonly headers?: Readonly<Record<string, unknown>>
}

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[]
  readonly requestBody?: Documented & { readonly required: boolean }
  readonly responses: Readonly<Record<string, Documented>>
}

const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false })
// ajv-formats is CommonJS, and its types see the module where there is the function.
const addAll = addFormats as unknown as (to: Ajv2020) => void
addAll(ajv)
ajv.addSchema({ $id: 'https://api.test/document', components: closed(DOCUMENT.components) })

/** Clients must ignore what they do not know, but here nothing may be there that is not documented. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (value === null || typeof value !== 'object') return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]))
  const isObject = inner['type'] === 'object' && inner['properties'] !== undefined
  return isObject && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner
}

/** What is wrong with a value, by a schema of the document. */
export function errorsOf(schema: object, value: unknown): readonly string[] {
  const known = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"https://api.test/document#/')) as object
  const validate = ajv.compile(known)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** An exchange with the API. */
export interface Exchanged {
  readonly method: string
  /** With the query. */
  readonly target: string
  readonly body: string | Buffer | undefined
  readonly answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    readonly text: string
  }
}

/** Fails when the exchange is not as the document says; what the server refuses may be as it likes. */
export function expectDocumented({ method, target, body, answer }: Exchanged): void {
  const url = new URL(target, 'http://localhost')
  if (!url.pathname.startsWith('/api/')) return
  const operation = operationOf(method === 'HEAD' ? 'GET' : method, url.pathname)
  const documented = operation?.responses[answer.status] ?? elsewhere(answer.status)
  expect(documented, `${method} ${url.pathname} answered ${answer.status}`).toBeDefined()
  expectBody(resolved(documented ?? {}), answer, method)
  if (operation === undefined || answer.status >= 400) return
  for (const [name, value] of url.searchParams) {
    const parameter = operation.parameters?.find((parameter) => parameter.in === 'query' && parameter.name === name)
    expect(parameter, `?${name}`).toBeDefined()
    expect(errorsOf(parameter?.schema ?? {}, /^\d+$/.test(value) ? Number(value) : value)).toEqual([])
  }
  const schema = operation.requestBody?.content?.['application/json']?.schema
  if (body !== undefined && schema !== undefined) expect(errorsOf(schema, JSON.parse(String(body)))).toEqual([])
}

function expectBody(documented: Documented, { headers, text }: Exchanged['answer'], method: string): void {
  for (const name of Object.keys(documented.headers ?? {}))
    if (name !== 'Set-Cookie') expect(headers).toHaveProperty(name.toLowerCase())
  if (documented.content === undefined) return expect(text).toBe('')
  const type = String(headers['content-type']).split(';')[0] ?? ''
  expect(Object.keys(documented.content)).toContain(type)
  if (type.endsWith('json') && method !== 'HEAD')
    expect(errorsOf(documented.content[type]?.schema ?? {}, JSON.parse(text))).toEqual([])
}

/** What does not belong to an operation: another path, another method, OPTIONS. */
function elsewhere(status: number): Documented | undefined {
  if (status === 204) return {}
  const { 'not-found': notFound, 'method-not-allowed': otherMethod } = DOCUMENT.components.responses
  return status === 404 ? notFound : status === 405 ? otherMethod : DOCUMENTED_EVERYWHERE.get(status)
}

const DOCUMENTED_EVERYWHERE = new Map(
  Object.entries(DOCUMENT.paths['/api/program']?.['get']?.responses ?? {}).map(([status, documented]) => [
    Number(status),
    documented,
  ]),
)

function operationOf(method: string, path: string): Operation | undefined {
  const templates = Object.keys(DOCUMENT.paths).toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
  const template = templates.find((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
  return template === undefined ? undefined : DOCUMENT.paths[template]?.[method.toLowerCase()]
}

function resolved(documented: Documented): Documented {
  const name = documented.$ref?.split('/').at(-1)
  return name === undefined ? documented : (DOCUMENT.components.responses[name] ?? {})
}
