import type { Failed, FailureCode } from '../delivery/outcome.ts'
import type { Signing } from './request-frame.ts'

/**
 * How a request is sent. `lost-ack`: the connection is dropped when the answer begins, as if it never came.
 */
export type SendMode = Signing | 'lost-ack'

/** Who hears what came of the requests of a lane; once per `send`, never within it. */
export interface LaneListener {
  /**
   * @param lane its number
   * @param status of the answer, or 0 when there was none
   * @param failure why there was none
   */
  readonly ended: (lane: number, status: number, failure: FailureCode | undefined) => void
}

/** A place for one request at a time: a connection, made when it is needed and again when it is gone. */
export interface Lane {
  /** Sends the request with the body of this index. The lane must be free. */
  readonly send: (index: number, mode: SendMode) => void
  /** Ends the request under way as overdue, and its connection. */
  readonly expire: () => void
  /** Drops the connection; nobody hears of the request under way. */
  readonly drop: () => void
}

/** What all lanes of a run write down. */
export interface Traffic {
  /** The moment at hand, monotonic ms: kept by the engine, so that lanes need not ask the clock again. */
  nowMs: number
  bytesSent: number
  bytesReceived: number
  /** Answers with a status whose body did not come to its end. */
  brokenBodies: number
  /** What went wrong last with a connection, in more words than its code. */
  failed?: Failed | undefined
}

/** Makes the lane with a number. */
export type LaneMaker = (lane: number, listener: LaneListener, traffic: Traffic) => Lane
