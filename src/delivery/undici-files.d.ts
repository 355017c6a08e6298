/*
 * The two files of undici that are imported by name. Its package root loads fetch, WebSocket, caches
 * and mocks, which costs more time than the rest of a short run. A test pins this layout.
 */

declare module 'undici/lib/dispatcher/client.js' {
  export default class Client {
    constructor(origin: string, options: Readonly<Record<string, unknown>>)
    dispatch(options: object, handler: object): boolean
    destroy(error?: Error): Promise<void>
  }
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net'

  export type Connector = (
    target: { hostname: string; host: string; protocol: string; port: string; servername?: string | null },
    callback: (error: Error | null, socket?: Socket) => void,
  ) => Socket
  export default function buildConnector(options: Readonly<Record<string, unknown>>): Connector
}
