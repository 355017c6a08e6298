import type { Socket } from 'node:net'

/** Who hears of what happens on a connection, while a request is under way. */
export interface WireListener {
  onData(bytes: Uint8Array): void
  /** The other side says nothing more; `error` when that was not its plan, or when writing to it failed before. */
  onEnd(error?: Error): void
}

/** A connection that stands, TCP or TLS. */
export interface WireSocket {
  /** False once either side has closed it, or bytes came that nobody had asked for. */
  readonly isOpen: boolean
  /** Whom to tell; without one the connection is idle. */
  listener: WireListener | undefined
  /**
   * Resolves once the bytes are with the operating system, or cannot go there: then reading goes on, since an answer may
   * already be there, and the error is told at the end of it.
   */
  write(bytes: Uint8Array): Promise<void>
  /** FIN: nothing more is written. */
  endWriting(): void
  /** RST at once. */
  reset(): void
  /** Drops the connection without ceremony. */
  destroy(): void
}

/** Written in pieces, so that an answer is heard between them and TLS need not encrypt all at once. */
const PIECE_BYTES = 256 * 1024

/**
 * @param socket what is written to and read from
 * @param raw the TCP connection: the same, or what is below TLS
 */
export function wireSocket(socket: Socket, raw: Socket): WireSocket {
  let isOpen = true
  let writeError: Error | undefined
  let listener: WireListener | undefined

  function end(error?: Error): void {
    isOpen = false
    const told = listener
    listener = undefined
    told?.onEnd(error ?? writeError)
  }

  // A stream that cannot be written to is destroyed, and what it had received is lost with it: so the error is kept back.
  // oxlint-disable no-underscore-dangle -- that is its name in the documentation of streams
  const write = socket._write.bind(socket)
  socket._write = (chunk, encoding, callback) =>
    write(chunk, encoding, (error) => {
      if (error) writeError ??= error
      callback()
    })
  // oxlint-enable no-underscore-dangle
  socket.on('data', (bytes) => {
    if (listener !== undefined) return listener.onData(bytes)
    isOpen = false
    socket.destroy()
  })
  socket.on('end', () => end())
  socket.on('error', end)
  socket.on('close', () => end())
  raw.on('error', () => {})

  const canWrite = (): boolean => isOpen && writeError === undefined

  async function writePieces(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && canWrite(); at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES)
      await new Promise<void>((resolve) => {
        socket.write(piece, () => resolve())
      })
    }
  }

  return {
    get isOpen() {
      return canWrite() && !socket.destroyed
    },
    get listener() {
      return listener
    },
    set listener(next) {
      listener = next
    },
    write: writePieces,
    endWriting: () => void socket.end(),
    reset() {
      isOpen = false
      listener = undefined
      // Only TCP can be reset; what is above it goes with it.
      raw.resetAndDestroy()
      socket.destroy()
    },
    destroy() {
      isOpen = false
      socket.destroy()
      raw.destroy()
    },
  }
}
