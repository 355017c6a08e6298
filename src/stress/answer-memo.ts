/** An answer that came before, whole and in one piece. */
export interface KnownAnswer {
  readonly bytes: Buffer
  readonly status: number
  /** How long the connection may idle and be used again, ms. */
  readonly idleMs: number
}

/** Answers that came before: a receiver under load says the same again and again, second by second. */
export interface AnswerMemo {
  /** The answer that these bytes are, if they came before. */
  readonly find: (bytes: Buffer, length: number) => KnownAnswer | undefined
  /** Keeps the answer that these bytes are; they are copied. */
  readonly keep: (bytes: Buffer, answer: Omit<KnownAnswer, 'bytes'>) => void
}

/** A few, since receivers that fail sometimes alternate. */
const MOST_KEPT = 4
/** Longer answers are rarely twice the same, and cost as much to compare as to read. */
const LONGEST_KEPT_BYTES = 2048

/** An empty memo. */
export function answerMemo(): AnswerMemo {
  const known: KnownAnswer[] = []
  let oldest = 0
  return {
    find: (bytes, length) => {
      for (let index = 0; index < known.length; index++) {
        const answer = known[index] as KnownAnswer
        if (answer.bytes.length === length && answer.bytes.compare(bytes, 0, length) === 0) return answer
      }
      return undefined
    },
    keep: (bytes, answer) => {
      if (bytes.length > LONGEST_KEPT_BYTES) return
      known[oldest] = { bytes: Buffer.from(bytes), ...answer }
      oldest = (oldest + 1) % MOST_KEPT
    },
  }
}
