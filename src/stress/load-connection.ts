import type { FailureCode } from '../delivery/outcome.ts'
import { failureOf } from '../delivery/transport-error.ts'
import { answerMemo } from './answer-memo.ts'
import type { AnswerMemo } from './answer-memo.ts'
import { answerReader } from './answer-reader.ts'
import { openSocket } from './lane-socket.ts'
import type { ConnectionOptions, LaneSocket } from './lane-socket.ts'
import type { Lane, LaneListener, LaneMaker, SendMode, Traffic } from './lane.ts'
import type { RequestFrame } from './request-frame.ts'

/** All sockets of a worker read into the same bytes: each piece is taken before the next one is read. */
const READ_BYTES = 64 * 1024

/**
 * Makes lanes over HTTP/1.1: TCP or TLS connections that are kept alive, one request at a time on each, in the bytes
 * that a frame puts together. Nothing is sent twice and no redirect is followed.
 */
export function connectionMaker(options: ConnectionOptions, frame: () => RequestFrame): LaneMaker {
  const shared = { options, memo: answerMemo(), readBuffer: Buffer.allocUnsafeSlow(READ_BYTES) }
  return (lane, listener, traffic) => openLane({ ...shared, lane, listener, traffic, frame: frame() })
}

interface LaneParts {
  readonly lane: number
  readonly listener: LaneListener
  readonly traffic: Traffic
  readonly options: ConnectionOptions
  readonly frame: RequestFrame
  readonly memo: AnswerMemo
  readonly readBuffer: Buffer
}

function openLane({ lane, listener, traffic, options, frame, memo, readBuffer }: LaneParts): Lane {
  const reader = answerReader()
  let socket: LaneSocket | undefined
  let isBusy = false
  let isLosing = false
  let idleMs = 0
  /** Until when the idle connection may be used again, monotonic ms. */
  let usableUntilMs = 0

  function settle(status: number, failure?: FailureCode): void {
    isBusy = false
    // What the listener asks for at once comes in time.
    usableUntilMs = Number.POSITIVE_INFINITY
    listener.ended(lane, status, failure)
    if (!isBusy) usableUntilMs = traffic.nowMs + idleMs
  }

  function drop(): void {
    socket?.destroy()
    socket = undefined
    isBusy = false
  }

  /** Ends the connection and the request under way, whose status line settles the outcome whatever else goes wrong. */
  function conclude(failure: FailureCode): void {
    const wasBusy = isBusy
    drop()
    if (!wasBusy) return
    if (reader.isBroken) traffic.brokenBodies += 1
    if (reader.status === 0) settle(0, failure)
    else settle(reader.status)
  }

  function onData(bytes: Buffer, length: number): void {
    traffic.bytesReceived += length
    // Nothing was asked: that connection is not to be trusted.
    if (!isBusy) return drop()
    if (isLosing) return conclude('aborted')
    const isFirst = !reader.hasBegun
    const known = isFirst && socket?.isWritten === true ? memo.find(bytes, length) : undefined
    if (known !== undefined) {
      idleMs = known.idleMs
      return settle(known.status)
    }
    const piece = bytes.subarray(0, length)
    if (!reader.push(piece)) return
    idleMs = reader.idleMs
    // An answer before the end of the request leaves a connection that nobody can use.
    if (reader.failure !== undefined || idleMs === 0 || socket?.isWritten !== true)
      return conclude(reader.failure ?? 'closed')
    if (isFirst) memo.keep(piece, { status: reader.status, idleMs })
    settle(reader.status)
  }

  function onEnd(error: Error | undefined): void {
    if (error === undefined) {
      if (isBusy) reader.end()
      return conclude(reader.failure ?? 'closed')
    }
    const { code } = error as NodeJS.ErrnoException
    const phase = socket?.phase ?? 'tcp'
    const failed = failureOf(error, phase)
    if (failed !== undefined) traffic.failed = failed
    const failure = failed?.code
    // One that nobody knows yet still comes from the network when the system named it.
    if (failure === undefined && code === undefined) throw error
    conclude(failure ?? (phase === 'open' ? 'reset' : 'unreachable'))
  }

  function write(): void {
    const { buffer, start, end } = frame
    traffic.bytesSent += end - start
    socket?.write(buffer.subarray(start, end))
  }

  return {
    send(index: number, mode: SendMode) {
      if (socket !== undefined && traffic.nowMs > usableUntilMs) drop()
      frame.fill(index, mode === 'forged' ? 'forged' : 'signed')
      isBusy = true
      isLosing = mode === 'lost-ack'
      reader.reset()
      if (socket === undefined) socket = openSocket(options, readBuffer, { onOpen: write, onData, onEnd })
      else write()
    },
    expire: () => conclude(socket?.phase === 'open' ? 'timeout' : 'connect-timeout'),
    drop,
  }
}
