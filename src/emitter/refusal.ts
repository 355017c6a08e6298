import type { StoryView } from './view/views.ts'

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

/** That a step of a story cannot be taken, for another one comes next: with the story as it is. */
export class OtherStep extends Error {
  override readonly name = 'OtherStep'
  readonly story: StoryView

  constructor(text: string, story: StoryView) {
    super(text)
    this.story = story
  }
}

/** Text with one full stop at its end, or the question mark it has. */
export function asSentence(text: string): string {
  const bare = text.replace(/\.+$/, '')
  return /[?!]$/.test(bare) ? bare : `${bare}.`
}

/** What a refusal says, for somebody who does not see where: the place is named once. */
export function refusalSentence({ message, at = '' }: Pick<Refusal, 'message' | 'at'>): string {
  return asSentence(message.includes(at) ? message : `${at}: ${message}`)
}

/** What a refusal says, for somebody who sees where: without its place and its full stop. */
export function refusalDetail({ message, at = '' }: Pick<Refusal, 'message' | 'at'>): string {
  const rest = message.startsWith(at) ? message.slice(at.length).replace(/^:? /, '') : message
  return rest.replace(/\.+$/, '')
}

/**
 * `not-found`: no such thing. `invalid`: what was sent is wrong. `conflict`: not as things stand now. `stopping`: not
 * any more in this run.
 */
export type RefusalKind = 'not-found' | 'invalid' | 'conflict' | 'stopping'
