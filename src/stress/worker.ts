import type { Clock } from '../ports.ts'
import type { EngineEnd } from './engine-options.ts'
import type { SecondRecord } from './meters.ts'
import { preparePart } from './run.ts'
import type { LoadOptions } from './run.ts'

/** What a worker is told: to begin, to start nothing new, to end at once. */
export type WorkerOrder = 'go' | 'stop' | 'end'

/** What a worker tells. */
export type WorkerNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'second'; readonly record: SecondRecord }
  | { readonly kind: 'ended'; readonly end: EngineEnd }

/** A load as it goes to another thread, where a URL cannot go. */
export interface WorkerLoad {
  readonly load: Omit<LoadOptions, 'endpoint'> & { readonly endpoint: Omit<LoadOptions['endpoint'], 'url'> }
  readonly url: string
  readonly part: number
  readonly of: number
}

/** The way between a worker and the thread that started it. */
export interface WorkerPort {
  readonly tell: (news: WorkerNews) => void
  readonly onOrder: (listener: (order: WorkerOrder) => void) => void
}

/** A record must be read so many seconds after it was told; its histograms are shared between the threads. */
const RECORDS_KEPT = 10

/** Runs one part of a load as it is ordered, and tells of it. */
export async function serveWorker({ load, url, part, of }: WorkerLoad, port: WorkerPort, clock: Clock): Promise<void> {
  const [stop, end] = [new AbortController(), new AbortController()]
  let go = (): void => {}
  const begun = new Promise<void>((resolve) => {
    go = resolve
  })
  port.onOrder((order) => {
    if (order === 'go') go()
    else if (order === 'stop') stop.abort()
    else end.abort()
  })
  const run = await preparePart({ ...load, endpoint: { ...load.endpoint, url: new URL(url) } })
  port.tell({ kind: 'ready' })
  await begun
  const ended = await run({
    part: { part, of },
    clock,
    signal: stop.signal,
    endSignal: end.signal,
    recordsKept: RECORDS_KEPT,
    onSecond: (record) => port.tell({ kind: 'second', record }),
  })
  port.tell({ kind: 'ended', end: ended })
}
