/* A thread of `stress --workers`: the program's other entry, which connects a part of a load with the real world. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveWorker } from '../stress/worker.ts'
import type { WorkerLoad, WorkerNews, WorkerOrder } from '../stress/worker.ts'
import { systemClock } from '../system-clock.ts'

const port = parentPort
if (port === null) throw new Error('this is the thread of a load, and is not started by itself')
// What goes wrong here goes wrong in the thread that started this one.
void serveWorker(
  workerData as WorkerLoad,
  {
    tell: (news: WorkerNews) => port.postMessage(news),
    onOrder: (listener) => port.on('message', (order: WorkerOrder) => listener(order)),
  },
  systemClock,
)
