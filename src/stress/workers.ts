import { Worker } from 'node:worker_threads'
import type { Collector } from './collect.ts'
import type { LoadOptions } from './run.ts'
import type { WorkerLoad, WorkerNews, WorkerOrder } from './worker.ts'

/** A thread as it is seen from the one that started it. */
export interface WorkerThread {
  postMessage(order: WorkerOrder): void
  on(event: 'message', listener: (news: WorkerNews) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  terminate(): unknown
}

/** What running a load in threads needs besides the load. */
export interface WorkersOptions {
  readonly workers: number
  readonly collector: Collector
  readonly signal?: AbortSignal | undefined
  readonly endSignal?: AbortSignal | undefined
  /** Starts a thread; the real ones run the bundle that lies beside this one. */
  readonly openThread?: ((data: WorkerLoad) => WorkerThread) | undefined
}

const openBundled = (workerData: WorkerLoad): WorkerThread =>
  new Worker(new URL('./stress-worker.cjs', import.meta.url), { workerData })

/**
 * Runs the parts of a load in threads of their own, which begin together.
 * @throws what a thread threw: that is a bug of ours
 */
export async function runWorkers(load: LoadOptions, options: WorkersOptions): Promise<void> {
  const { workers, collector, signal, endSignal, openThread = openBundled } = options
  const { url, ...endpoint } = load.endpoint
  const threads = Array.from({ length: workers }, (_, part) =>
    openThread({ load: { ...load, endpoint }, url: url.href, part, of: workers }),
  )
  const order = (what: WorkerOrder): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    for (const thread of threads) thread.postMessage(what)
  }
  const onStop = (): void => order('stop')
  const onEnd = (): void => order('end')
  let preparing = workers
  const isReady = (): void => {
    preparing -= 1
    if (preparing === 0) order('go')
  }

  signal?.addEventListener('abort', onStop)
  endSignal?.addEventListener('abort', onEnd)
  if (signal?.aborted === true) onStop()
  if (endSignal?.aborted === true) onEnd()
  try {
    await Promise.all(threads.map((thread, worker) => follow({ thread, worker, collector, isReady })))
  } finally {
    signal?.removeEventListener('abort', onStop)
    endSignal?.removeEventListener('abort', onEnd)
    await Promise.all(threads.map(async (thread) => thread.terminate()))
  }
}

/** Hears what a thread tells until it has ended. */
function follow(one: {
  readonly thread: WorkerThread
  readonly worker: number
  readonly collector: Collector
  readonly isReady: () => void
}): Promise<void> {
  const { thread, worker, collector, isReady } = one
  return new Promise((resolve, reject) => {
    thread.on('error', reject)
    thread.on('message', (news) => {
      if (news.kind === 'ready') return isReady()
      if (news.kind === 'second') return collector.add(worker, news.record)
      collector.ended(worker, news.end)
      resolve()
    })
  })
}
