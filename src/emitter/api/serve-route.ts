import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson } from './body.ts'
import { sendJson } from './http-answer.ts'
import type { Surroundings } from './route.ts'
import type { Router } from './router.ts'
import { unauthorized } from './sessions.ts'
import { bodyOf, parametersOf, queryOf } from './validate.ts'

/**
 * Answers a request for the API: who asks, then what, then the answer of its route.
 * @throws Problem, Refusal or UsageError when it cannot be
 */
export async function serveRoute(asked: {
  readonly path: string
  readonly search: string
  readonly router: Router
  readonly surroundings: Surroundings
  readonly request: IncomingMessage
  readonly response: ServerResponse
}): Promise<void> {
  const { path, search, router, surroundings, request, response } = asked
  const { method = '' } = request
  const isAdmitted = await surroundings.sessions.admits(request)
  const match = isAdmitted ? router.find(method, path) : publicMatch(router, method, path)
  if ('options' in match) return void response.writeHead(204, { Allow: match.options }).end()
  const { route } = match
  const parameters = parametersOf(route, match.parameters)
  const query = queryOf(route, new URLSearchParams(search))
  const body = route.method === 'GET' ? {} : bodyOf(route, await readJson(request))
  const { success } = route
  if (success.kind === 'stream' && method === 'HEAD') {
    return void response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' }).end()
  }
  const value = await route.handle({ ...surroundings, parameters, query, body, isAdmitted, request, response })
  switch (success.kind) {
    case 'json':
      if (success.location !== undefined) response.setHeader('Location', success.location(value))
      return sendJson(response, success.status, value)
    case 'empty':
      return void response.writeHead(204).end()
    case 'stream':
      return undefined
  }
}

/** Who may not see what there is gets the same answer for everything that is not public. */
function publicMatch(router: Router, method: string, path: string): ReturnType<Router['find']> {
  const found = matchOf()
  if (found !== undefined && 'route' in found && found.route.isPublic === true) return found
  throw unauthorized('The token is needed: send Authorization: Bearer TOKEN, or log in with POST /api/login.')

  function matchOf(): ReturnType<Router['find']> | undefined {
    try {
      return router.find(method, path)
    } catch {
      return undefined
    }
  }
}
