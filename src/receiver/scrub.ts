import type { Contract } from '../contract/contract-file.ts'
import type { EventType } from '../contract/event-types.ts'
import { writerOf } from '../contract/filter-chain.ts'
import { decodeJsonBytes, parseJsonSource } from '../contract/json-source.ts'
import type { JsonMember, JsonNode } from '../contract/json-source.ts'
import { typeOfElement } from '../contract/payload.ts'
import { UsageError } from '../errors.ts'
import { spliced } from '../fixture/fresh-literal.ts'
import type { Splice } from '../fixture/fresh-literal.ts'
import { createPseudonyms } from './pseudonym.ts'
import { scrubPlaces } from './scrub-places.ts'
import type { ScrubPlace } from './scrub-places.ts'
import { createNotes } from './scrub-notes.ts'
import { roleOf, SCRUBBED_TEXT, standIn } from './scrub-rules.ts'
import { createSweep } from './scrub-sweep.ts'

/** A body without its personal data, or why that could not be made. Texts hold no value of the body. */
export type Scrubbed =
  | {
      readonly kind: 'scrubbed'
      readonly bytes: Uint8Array
      /** What may be personal still, because the contract does not describe it, by its place. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'unscrubbable'; readonly problem: string }

/** Replaces the personal data of one body. */
export type Scrub = (body: Uint8Array) => Scrubbed

/**
 * A scrubber that remembers the people it saw. It replaces ids, e-mail addresses, names, birth dates, free texts and
 * promo codes token by token: everything else of a body stays byte for byte, and one person has one pseudonym, so that ledgers
 * still add up. Points, times, ids of events, language and country stay.
 * @param options `seed` decides the pseudonyms, 0 to 4294967295
 */
export function createScrub(contract: Contract, options: { readonly seed: number }): Scrub {
  const pseudonyms = createPseudonyms(options.seed)
  return (body) => {
    let text: string
    let elements: readonly JsonNode[]
    try {
      text = decodeJsonBytes(body, 'the body')
      const { root } = parseJsonSource(text, 'the body', { duplicateKeys: 'note' })
      if (root.kind !== 'array') return unscrubbable('it is not a list of events')
      elements = root.items
    } catch (error) {
      // The parser's own words would quote the body.
      if (error instanceof UsageError) return unscrubbable('it is not JSON in UTF-8')
      throw error
    }
    const payload = JSON.parse(text) as readonly unknown[]
    const splices: Splice[] = []
    const notes = createNotes(contract.name)
    for (const [index, element] of elements.entries()) {
      const type = typeOfElement(contract, payload[index])
      if (type === undefined) return unscrubbable(`events[${index}] is none of the events of ${contract.name}`)
      scrubElement(element, type)
    }
    return { kind: 'scrubbed', bytes: Buffer.from(spliced(text, splices)), notes: notes.texts() }

    function scrubElement(element: JsonNode, type: EventType): void {
      const { values, unknownKeys } = scrubPlaces(contract.templates[type], element)
      const sweep = createSweep(values, type, pseudonyms)
      for (const place of values) {
        const literal = literalFor(place, type)
        if (literal !== undefined) splices.push({ node: place.node, literal })
      }
      for (const member of unknownKeys) {
        const key = sweep.text(member.key, 'names')
        if (key !== member.key) splices.push({ node: keyNode(text, member), literal: JSON.stringify(key) })
      }

      /** Other digits; the exponent stays. */
      function numberLike(token: string): string {
        const [mantissa = token] = token.split(/e/i, 1)
        return pseudonyms.like(mantissa) + token.slice(mantissa.length)
      }

      function literalFor(place: ScrubPlace, type: EventType): string | undefined {
        const { value } = place.node
        if (value === null || value === '' || typeof value === 'boolean') return undefined
        const role = roleOf(place, type)
        if (role === 'kept' || role === 'unknown') {
          const swept = sweep.value(value, role === 'unknown' ? 'names' : 'addresses')
          notes.add(place, swept)
          return swept === value ? undefined : JSON.stringify(swept)
        }
        if (role === 'text' || role === 'code') {
          // The token as it is written: a number may be longer than a double holds.
          if (typeof value === 'number') return numberLike(text.slice(place.node.offset, place.node.end))
          // Same letters, same case: what a filter made of it stays so.
          if (role === 'code') return JSON.stringify(pseudonyms.like(value))
        }
        const stand = role === 'text' ? SCRUBBED_TEXT : standIn(role, value, sweep.people)
        if (stand === value) return undefined
        const written = place.filters.length === 0 ? stand : writerOf(place.filters)(String(stand))
        return JSON.stringify(written ?? stand)
      }
    }
  }
}

function unscrubbable(problem: string): Scrubbed {
  return { kind: 'unscrubbable', problem }
}

/** The token of a key, quotes included. */
function keyNode(text: string, { key, keyOffset }: JsonMember): JsonNode {
  let end = keyOffset + 1
  while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  return { kind: 'scalar', value: key, offset: keyOffset, end: end + 1 }
}
