/**
 * Something that was asked for and cannot be: told to whoever asked, as an RFC 9457 problem over HTTP. The text says
 * what is wrong and what to do, in one or two sentences, and holds no secret.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  /** Where in what was sent: `scope.events[1]`. */
  readonly at: string | undefined

  constructor(kind: RefusalKind, text: string, at?: string) {
    super(text)
    this.kind = kind
    this.at = at
  }
}

/** `not-found`: no such thing. `invalid`: what was sent is wrong. `conflict`: not as things stand now. */
export type RefusalKind = 'not-found' | 'invalid' | 'conflict'
