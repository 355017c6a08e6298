import { UsageError } from '../../errors.ts'
import { OtherStep, Refusal, asSentence, refusalDetail, refusalSentence } from '../refusal.ts'
import type { RefusalKind } from '../refusal.ts'
import { StateError } from '../state-error.ts'
import type { StoryView } from '../view/views.ts'

/** Every way in which a request is not answered as asked: forgetting to describe one does not compile. */
export const PROBLEMS = {
  malformed: { status: 400, title: 'The request cannot be read', when: 'the address or the JSON cannot be read' },
  unauthorized: { status: 401, title: 'The token is needed', when: 'the token or the session is missing or wrong' },
  forbidden: { status: 403, title: 'Not from another site', when: 'a page of another site asks' },
  'not-found': { status: 404, title: 'Not found', when: 'there is no such thing' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', when: 'the path knows other methods: see Allow' },
  timeout: { status: 408, title: 'The request took too long', when: 'the request did not come whole in time' },
  conflict: { status: 409, title: 'Not as things stand', when: 'it cannot be done as things stand now' },
  'too-large': { status: 413, title: 'The body is too large', when: 'the body is larger than 1 MB' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON', when: 'the body is not application/json' },
  misdirected: { status: 421, title: 'Not this host', when: 'the Host header has a name that is not known here' },
  invalid: { status: 422, title: 'The request is not valid', when: 'what was sent can be read, and is wrong' },
  'too-many-attempts': {
    status: 429,
    title: 'Too many wrong tokens',
    when: 'too many wrong tokens came: see Retry-After',
  },
  'headers-too-large': { status: 431, title: 'The headers are too large', when: 'the headers are larger than 16 KB' },
  bug: { status: 500, title: 'A bug of qualifio-sim', when: 'qualifio-sim has a bug: its own log has the error' },
  'state-unusable': {
    status: 507,
    title: 'The state cannot be used',
    when: 'the state cannot be read or written any more, a full disk for instance: qualifio-sim ends',
  },
  stopping: { status: 503, title: 'It stops', when: 'emit was asked to stop before there was an answer' },
  'too-many-streams': { status: 503, title: 'Too many streams', when: '100 streams are open already' },
} as const satisfies Record<string, { readonly status: number; readonly title: string; readonly when: string }>

/** A kind of problem, the `code` of its document. */
export type ProblemCode = keyof typeof PROBLEMS

/** What is wrong in one place of what was sent. */
export interface FieldProblem {
  /** `scope.events[1]` in the body, `?limit` in the query. */
  readonly at: string
  readonly detail: string
}

/** A request that is answered with a problem document. The text is shown, and holds no secret. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly errors: readonly FieldProblem[]
  /** Of the answer. */
  readonly headers: Readonly<Record<string, string>>
  /** As it is, where another step comes next than the one that was asked for. */
  readonly story: StoryView | undefined

  constructor(
    code: ProblemCode,
    detail: string,
    more: {
      readonly errors?: readonly FieldProblem[]
      readonly headers?: Readonly<Record<string, string>>
      readonly story?: StoryView | undefined
    } = {},
  ) {
    super(detail)
    this.code = code
    this.errors = more.errors ?? []
    this.headers = more.headers ?? {}
    this.story = more.story
  }
}

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** The path that was asked for. */
  readonly instance: string
  readonly code: ProblemCode
  readonly errors?: readonly FieldProblem[]
  readonly story?: StoryView
}

/** The document of a problem. */
export function problemDocument({ code, message, errors, story }: Problem, path: string): ProblemDocument {
  const { status, title } = PROBLEMS[code]
  return {
    type: `urn:qualifio-sim:problem:${code}`,
    title,
    status,
    detail: message,
    instance: path,
    code,
    ...(errors.length > 0 && { errors }),
    ...(story !== undefined && { story }),
  }
}

const CODES = {
  'not-found': 'not-found',
  invalid: 'invalid',
  conflict: 'conflict',
  stopping: 'stopping',
} as const satisfies Record<RefusalKind, ProblemCode>

/** What was thrown, as a problem; undefined when it is a bug of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof StateError) return new Problem('state-unusable', error.message)
  if (error instanceof UsageError) return new Problem('invalid', asSentence(error.message))
  if (error instanceof OtherStep) return new Problem('conflict', asSentence(error.message), { story: error.story })
  if (!(error instanceof Refusal)) return undefined
  const { kind, at } = error
  const errors = at === undefined ? [] : [{ at, detail: refusalDetail(error) }]
  return new Problem(CODES[kind], refusalSentence(error), { errors })
}
