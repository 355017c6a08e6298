import { EVENT_TYPES } from '../contract/event-types.ts'
import type { Expectation } from '../fixture/fixture.ts'
import { fixtureText } from '../fixture/write.ts'
import type { Exchange } from './exchange.ts'
import type { CredentialState, Verdict } from './judge.ts'
import type { ReceivedEvent } from './reader.ts'
import type { Scrub } from './scrub.ts'

/** A fixture to be written to a folder, or why a body has none. */
export type Recording =
  | {
      readonly kind: 'fixture'
      /** Sorts in the order of arrival, `000001-earning.json`. */
      readonly fileName: string
      /** A fixture of version 1. It holds no value of a header, so no secret. */
      readonly text: string
      /** What a scrub left as it was because the contract does not describe it. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'left-out'; readonly problem: string }

/** How a recording is made. */
export interface RecorderOptions {
  /** Name or folder of the contract, written into each fixture; none by default. */
  readonly contract?: string | undefined
  /** Replaces personal data; without it the bytes are recorded exactly. */
  readonly scrub?: Scrub | undefined
  /** Number of the first fixture, 1 by default: for a folder that has some. */
  readonly firstNumber?: number | undefined
  /** Where the JSON Schema of fixtures lies, from the folder of the recording. */
  readonly schema?: string | undefined
}

/** Makes the fixture of an exchange; undefined for one that has none: a retry, another path or method. */
export type Recorder = (exchange: Exchange) => Recording | undefined

/**
 * A recorder of one fixture per body, accepted or refused. The first verdict decides what is expected: a later
 * request with the same bytes changes nothing. Bodies that the receiver has forgotten are recorded anew.
 */
export function createRecorder(options: RecorderOptions = {}): Recorder {
  let number = (options.firstNumber ?? 1) - 1
  return ({ body, verdict, request, followedRedirect }) => {
    const isDelivery = verdict.kind === 'accepted' || (verdict.status !== 404 && verdict.status !== 405)
    if (!isDelivery || followedRedirect || request > 1) return undefined
    if (body === 'too-large') return { kind: 'left-out', problem: 'a body that was too large was not kept' }
    const scrubbed = options.scrub?.(body)
    if (scrubbed?.kind === 'unscrubbable')
      return { kind: 'left-out', problem: `its personal data cannot be found: ${scrubbed.problem}` }
    number += 1
    const name = `${String(number).padStart(6, '0')}-${topicOf(verdict)}`
    const text = fixtureText({
      name,
      description: verdict.kind === 'refused' ? `refused: ${verdict.reason}` : undefined,
      body: scrubbed?.bytes ?? body,
      contract: options.contract,
      sign: asSeen(verdict.credentials.signature, 'wrong-secret'),
      authorization: asSeen(verdict.credentials.authorization, 'wrong'),
      expect: expectationOf(verdict),
      schema: options.schema,
    })
    return { kind: 'fixture', fileName: `${name}.json`, text, notes: scrubbed?.notes ?? [] }
  }
}

function expectationOf(verdict: Verdict): Expectation {
  return { status: [verdict.kind === 'accepted' ? '2xx' : verdict.status] }
}

/** What nobody asked for was not judged either, so the fixture says nothing of it and the default holds. */
function asSeen<W extends string>(state: CredentialState, wrong: W): boolean | W | undefined {
  switch (state) {
    case 'right':
      return true
    case 'absent':
      return false
    case 'wrong':
      return wrong
    default:
      return undefined
  }
}

function topicOf(verdict: Verdict): string {
  if (verdict.kind === 'refused') return `refused-${verdict.status}`
  const names = new Set(verdict.events.map(nameOf))
  if (names.size > 1) return 'mixed'
  return [...names][0] ?? 'empty'
}

function nameOf({ type }: ReceivedEvent): string {
  return type !== undefined && Object.hasOwn(EVENT_TYPES, type)
    ? EVENT_TYPES[type as keyof typeof EVENT_TYPES].name
    : 'unknown'
}
