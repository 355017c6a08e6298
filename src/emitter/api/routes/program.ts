import { z } from 'zod'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { health, loginRequest, programChange, programView, streamHello, streamMessage } from '../schemas/program.ts'

/** The program, whether it runs, and the way in. */
export const PROGRAM_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/program',
    id: 'getProgram',
    tag: 'program',
    summary: 'The program and how it lives',
    success: { kind: 'json', status: 200, description: 'the program', schema: programView },
    handle: ({ emitter }) => emitter.program(),
  }),
  route({
    method: 'PATCH',
    path: '/api/program',
    id: 'changeProgram',
    tag: 'program',
    summary: 'Changes the pace or the speed, pauses it or lets it go on',
    body: programChange,
    success: { kind: 'json', status: 200, description: 'the program', schema: programView },
    problems: ['conflict'],
    handle: ({ emitter, body }) => emitter.changeProgram(body),
  }),
  route({
    method: 'GET',
    path: '/api/stream',
    id: 'streamChanges',
    tag: 'program',
    summary: 'What changes, as server-sent events',
    success: {
      kind: 'stream',
      status: 200,
      description:
        'First `event: hello` with a Program; then an event for each StreamMessage (deliveries, events, webhooks, program), its name as `event`, its data as `data`. What changes is told up to 250 ms later, all of it together: each thing once, as it is then, at most the latest 100 deliveries and 100 events, `more` when there were others. A comment every 15 seconds. Nothing is told twice: read the lists again after `hello`.',
      messages: [streamHello, streamMessage],
    },
    problems: ['too-many-streams'],
    handle: ({ streams, response }) => streams.open(response),
  }),
  route({
    method: 'GET',
    path: '/api/health',
    id: 'getHealth',
    tag: 'program',
    summary: 'Whether it runs',
    isPublic: true,
    success: { kind: 'json', status: 200, description: 'it runs; without the token only that', schema: health },
    handle: ({ emitter, isAdmitted }) => (isAdmitted ? emitter.health() : { status: emitter.health().status }),
  }),
  route({
    method: 'GET',
    path: '/api/openapi.json',
    id: 'getDocument',
    tag: 'program',
    summary: 'This document',
    success: {
      kind: 'json',
      status: 200,
      description: 'OpenAPI 3.1',
      schema: z.record(z.string(), z.unknown()),
    },
    handle: ({ document }) => document as Record<string, unknown>,
  }),
  route({
    method: 'POST',
    path: '/api/login',
    id: 'login',
    tag: 'session',
    summary: 'Begins a session: a cookie stands for the token from then on',
    isPublic: true,
    body: loginRequest,
    success: {
      kind: 'empty',
      status: 204,
      description: 'logged in; no cookie when no token is needed',
      headers: ['Set-Cookie'],
    },
    handle: async ({ sessions, request, response, body }) => {
      const cookie = await sessions.login(request, body.token)
      if (cookie !== undefined) response.setHeader('Set-Cookie', cookie)
    },
  }),
  route({
    method: 'POST',
    path: '/api/logout',
    id: 'logout',
    tag: 'session',
    summary: 'Ends the session',
    isPublic: true,
    success: { kind: 'empty', status: 204, description: 'logged out', headers: ['Set-Cookie'] },
    handle: ({ sessions, request, response }) => void response.setHeader('Set-Cookie', sessions.logout(request)),
  }),
]
