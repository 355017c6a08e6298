import { signal } from '@preact/signals'
import type { StoryView } from '../../view/views.ts'

/** A problem document of RFC 9457, as an error. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  /** What is wrong with which part of what was sent. */
  readonly errors: readonly FieldProblem[]
  /** The story as it is, where another step comes next than the one that was asked for. */
  readonly story: StoryView | undefined

  constructor(status: number, text: string, more: Pick<ProblemBody, 'errors' | 'story'> = {}) {
    super(text)
    this.status = status
    this.errors = more.errors ?? []
    this.story = more.story
  }
}

interface ProblemBody {
  readonly title?: string
  readonly detail?: string
  readonly errors?: readonly FieldProblem[]
  readonly story?: StoryView
}

/** One thing that is wrong with what was sent. */
export interface FieldProblem {
  /** `scope.events[1]`. */
  readonly at: string
  readonly detail: string
}

/** Whether the server wants a token that this page did not show yet. */
export const needsLogin = signal(false)

/** Reads. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path, signal === undefined ? {} : { signal })
}

/** Asks for something to be done. */
export function post<T>(path: string, body?: unknown): Promise<T> {
  return call<T>('POST', path, { body })
}

/** Changes what is named. */
export function patch<T>(path: string, body: unknown): Promise<T> {
  return call<T>('PATCH', path, { body })
}

/** Deletes. */
export function remove(path: string): Promise<void> {
  return call<void>('DELETE', path, {})
}

/** Shows the token; afterwards a cookie, that no script can read, stands for it. */
export async function login(token: string): Promise<void> {
  await post('/api/login', { token })
  needsLogin.value = false
}

/** What went wrong, in words. */
export function problemText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function call<T>(method: string, path: string, how: { body?: unknown; signal?: AbortSignal }): Promise<T> {
  const response = await answerOf(method, path, how)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T
  if (response.status === 401 && path !== '/api/login') needsLogin.value = true
  throw problemOf(response, text)
}

async function answerOf(
  method: string,
  path: string,
  how: { body?: unknown; signal?: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(how.body !== undefined && { 'content-type': 'application/json' }) },
      ...(how.body !== undefined && { body: JSON.stringify(how.body) }),
      ...(how.signal !== undefined && { signal: how.signal }),
      credentials: 'same-origin',
    })
  } catch (error) {
    if (how.signal?.aborted === true) throw error
    throw new ApiProblem(0, 'qualifio-sim does not answer. Is it still running?')
  }
}

function problemOf(response: Response, text: string): ApiProblem {
  try {
    const body = JSON.parse(text) as ProblemBody
    const words = body.detail ?? body.title
    if (words !== undefined) return new ApiProblem(response.status, words, body)
  } catch {
    // No problem document: the status says it.
  }
  return new ApiProblem(response.status, `The server answered ${response.status} ${response.statusText}`.trim() + '.')
}
