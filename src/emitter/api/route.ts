import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { Emitter } from '../emitter.ts'
import type { ProblemCode } from './problem.ts'
import type { Sessions } from './sessions.ts'
import type { Streams } from './streams.ts'

/** A value in the path or the query. */
export interface Parameter<T> {
  readonly description: string
  /** Of the text as the document describes it, so that clients can check it. */
  readonly schema: z.ZodType
  /** @throws Refusal that says what it must be */
  readonly read: (text: string) => T
}
/** Parameters by name. */
export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>
type ValuesOf<P extends ParameterTable> = { readonly [K in keyof P]: ReturnType<P[K]['read']> }

/** What the routes work with. */
export interface Surroundings {
  readonly emitter: Emitter
  readonly sessions: Sessions
  readonly streams: Streams
  /** The OpenAPI document. */
  readonly document: unknown
}

/** One request for a route, read and checked. */
export interface Call<P extends ParameterTable, Q extends ParameterTable, B> extends Surroundings {
  readonly parameters: ValuesOf<P>
  readonly query: Partial<ValuesOf<Q>>
  readonly body: B
  /** Always true where the token is needed. */
  readonly isAdmitted: boolean
  readonly request: IncomingMessage
  /** For headers of its own, and for the stream. */
  readonly response: ServerResponse
}

/** How a route answers when all is well. */
export type Success<A> =
  | {
      readonly kind: 'json'
      readonly status: 200 | 201 | 202
      readonly description: string
      readonly schema: z.ZodType<A>
      /** Where the new thing is. */
      readonly location?: (value: A) => string
    }
  | { readonly kind: 'empty'; readonly status: 204; readonly description: string; readonly headers?: readonly string[] }
  /** The route answers by itself. */
  | {
      readonly kind: 'stream'
      readonly status: 200
      readonly description: string
      /** Names and data of its server-sent events. */
      readonly messages: readonly z.ZodType[]
    }

/** One line of the table that both the router and the document are made from. */
export interface RouteSpec<P extends ParameterTable, Q extends ParameterTable, B, A> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `/api/webhooks/{id}`. */
  readonly path: string
  /** `operationId` of the document. */
  readonly id: string
  readonly tag: string
  readonly summary: string
  readonly parameters?: P
  readonly query?: Q
  readonly body?: z.ZodType<B>
  /** No body is the same as `{}`. */
  readonly isBodyOptional?: true
  /** Answers without the token, too. */
  readonly isPublic?: true
  readonly success: Success<A>
  /** Besides those that every route may answer with. */
  readonly problems?: readonly ProblemCode[]
  readonly handle: (call: Call<P, Q, B>) => A | Promise<A>
}

/** A route, whatever it is about. */
export type Route = RouteSpec<ParameterTable, ParameterTable, unknown, unknown>

/** A route of the table: its handler is checked against its schemas. */
export function route<P extends ParameterTable, Q extends ParameterTable, B, A>(spec: RouteSpec<P, Q, B, A>): Route {
  return spec as unknown as Route
}
