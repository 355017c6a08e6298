import type { FailureCode } from '../delivery/outcome.ts'
import { kindOf } from './job.ts'
import type { Lane, LaneMaker, Traffic } from './lane.ts'

/** A request that has ended. The object is the same every time. */
export interface EndedRequest {
  /** Of its delivery. */
  index: number
  /** Its job, see `job.ts`. */
  note: number
  /** When it was due, ms on the clock of the run. */
  dueMs: number
  /** 0 without an answer. */
  status: number
  failure: FailureCode | undefined
}

/** The lanes of a worker, and what each is doing. */
export interface LaneBoard {
  readonly freeCount: number
  /** Deliveries under way: copies are none. */
  readonly deliveryCount: number
  /** Sends a request on a free lane, with the body of another delivery if they were swapped. */
  readonly start: (request: { index: number; note: number; dueMs: number; body: number }) => void
  /** Ends what began before this moment. */
  readonly expire: (beforeMs: number) => void
  /** Drops everything; nobody hears of it. */
  readonly drop: () => void
}

/** What a board needs. */
export interface BoardOptions {
  readonly lanes: number
  readonly makeLane: LaneMaker
  readonly traffic: Traffic
  readonly onEnded: (request: Readonly<EndedRequest>) => void
}

/** A board with all lanes free. The lane that was used last is used first, so that few connections serve a small load. */
export function laneBoard({ lanes: count, makeLane, traffic, onEnded }: BoardOptions): LaneBoard {
  const index = new Float64Array(count)
  const notes = new Uint16Array(count)
  const due = new Float64Array(count)
  /** When the request of each lane began; NaN for a free one. */
  const began = new Float64Array(count).fill(Number.NaN)
  const free = Int32Array.from({ length: count }, (_, lane) => count - 1 - lane)
  let freeCount = count
  const request: EndedRequest = { index: 0, note: 0, dueMs: 0, status: 0, failure: undefined }
  const lanes: Lane[] = Array.from({ length: count }, (_, lane) => makeLane(lane, { ended }, traffic))

  function ended(lane: number, status: number, failure: FailureCode | undefined): void {
    began[lane] = Number.NaN
    free[freeCount++] = lane
    request.index = index[lane] as number
    request.note = notes[lane] as number
    request.dueMs = due[lane] as number
    request.status = status
    request.failure = failure
    onEnded(request)
  }

  return {
    get freeCount() {
      return freeCount
    },
    get deliveryCount() {
      let deliveries = 0
      for (let lane = 0; lane < count; lane++)
        if (!Number.isNaN(began[lane]) && kindOf(notes[lane] as number) !== 'copy') deliveries += 1
      return deliveries
    },
    start({ index: delivery, note, dueMs, body }) {
      const lane = free[--freeCount] as number
      index[lane] = delivery
      notes[lane] = note
      due[lane] = dueMs
      began[lane] = traffic.nowMs
      const kind = kindOf(note)
      lanes[lane]?.send(body, kind === 'forged' || kind === 'lost-ack' ? kind : 'signed')
    },
    expire(beforeMs) {
      for (let lane = 0; lane < count; lane++) if ((began[lane] as number) <= beforeMs) lanes[lane]?.expire()
    },
    drop() {
      for (const lane of lanes) lane.drop()
    },
  }
}
