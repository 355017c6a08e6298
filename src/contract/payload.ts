import { UsageError } from '../errors.ts'
import type { Contract } from './contract-file.ts'
import { DIALECTS, lineBreak } from './dialect.ts'
import type { DialectName } from './dialect.ts'
import { typeOfWire } from './discriminator.ts'
import type { EventModel } from './event-model.ts'
import type { EventType } from './event-types.ts'
import { inWords, isObject, readEvent } from './read.ts'
import type { ReadEvent } from './read.ts'
import { compileTemplate } from './render.ts'
import type { Renderer } from './render.ts'
import { mentionsOf } from './template.ts'

/** An event of the model, whole or (read back from another contract) in parts. */
export type WritableEvent = { readonly type: EventType }

const renderers = new WeakMap<Contract, Map<string, Renderer>>()

/** The compiled template of a type; compiled when it is first used. */
function rendererOf(contract: Contract, type: EventType, how: { dialect: DialectName; depth: 0 | 1 }): Renderer {
  const ofContract = renderers.get(contract) ?? new Map<string, Renderer>()
  renderers.set(contract, ofContract)
  const key = how.dialect + how.depth + type
  const known = ofContract.get(key)
  if (known !== undefined) return known
  // Types from outside come through here: a string that is no type has no template.
  const template = Object.hasOwn(contract.templates, type) ? contract.templates[type] : undefined
  if (template === undefined) {
    throw new UsageError(
      `an event of type ${JSON.stringify(type)} cannot be written: the contract ${contract.name} has no template for it.`,
    )
  }
  const renderer = compileTemplate(template, DIALECTS[how.dialect], how.depth)
  ofContract.set(key, renderer)
  return renderer
}

/**
 * One event as JSON text, as it would stand alone.
 * @param dialect the contract's own by default
 * @throws UsageError when a filter cannot write a value, naming the path and the event
 */
export function renderEvent(contract: Contract, event: WritableEvent, dialect: DialectName = contract.json): string {
  return rendererOf(contract, event.type, { dialect, depth: 0 })(event)
}

/**
 * A payload's body as text: the JSON array of the events.
 * @param dialect the contract's own by default
 * @throws UsageError when a filter cannot write a value, naming the path and the event
 */
export function renderPayload(
  contract: Contract,
  events: readonly WritableEvent[],
  dialect: DialectName = contract.json,
): string {
  if (events.length === 0) return '[]'
  const { comma } = DIALECTS[dialect]
  const inner = lineBreak(DIALECTS[dialect], 1)
  const elements = events.map((event) => rendererOf(contract, event.type, { dialect, depth: 1 })(event))
  return '[' + inner + elements.join(comma + inner) + lineBreak(DIALECTS[dialect], 0) + ']'
}

/** What an element of a payload was found to be; a payload that is no list is one unreadable element. */
export type ReadElement =
  | ({ readonly kind: 'event'; readonly type: EventType } & ReadEvent)
  | { readonly kind: 'unreadable'; readonly problem: string }

/**
 * Reads a payload back into the event model, element by element; keys that the contract does not know
 * are ignored, as a receiver must.
 * @param value the parsed body
 * @param model from `loadEventModel()`: with it every value is checked against the event model and
 *   `unmentioned` is told; without it zod is not needed, and the shape, constants and filters are checked
 */
export function readPayload(contract: Contract, value: unknown, model?: EventModel): readonly ReadElement[] {
  if (!Array.isArray(value))
    return [{ kind: 'unreadable', problem: `the payload is ${inWords(value)}; it must be a list of events` }]
  return value.map((element: unknown, index) => readElement(contract, element, { model, at: `events[${index}]` }))
}

function readElement(
  contract: Contract,
  element: unknown,
  how: { model: EventModel | undefined; at: string },
): ReadElement {
  if (!isObject(element))
    return { kind: 'unreadable', problem: `${how.at}: ${inWords(element)}, and an event is an object` }
  const found = typeOfWire(contract.discriminator, element)
  if ('unknown' in found) {
    const { wirePath, types } = contract.discriminator
    const what = found.unknown === undefined ? 'is missing' : `is ${JSON.stringify(found.unknown)}`
    return {
      kind: 'unreadable',
      problem: `${how.at}.${wirePath} ${what}; it is one of ${[...types.keys()].join(', ')}`,
    }
  }
  const { type } = found
  return {
    kind: 'event',
    type,
    ...readEvent(contract.templates[type], element, { type, paths: how.model?.[type], at: how.at }),
  }
}

/** The event type of a wire element, or undefined when it is none of the contract's; it loads nothing. */
export function typeOfElement(contract: Contract, element: unknown): EventType | undefined {
  const found = typeOfWire(contract.discriminator, element)
  return 'type' in found ? found.type : undefined
}

/**
 * Whether the template of a type writes a model path, something above it or a part of it.
 * @param path as in `--set`, `data.balances[0].current`
 */
export function writesPath(contract: Contract, type: EventType, path: string): boolean {
  const asked = path.replaceAll(/\[\d*\]/g, '[]')
  const isBelow = (below: string, above: string) =>
    below === above || below.startsWith(above + '.') || below.startsWith(above + '[')
  // What tells the types apart says the type, even where it is a constant.
  if (asked === 'type') return true
  return mentionsOf(contract.templates[type]).some(({ modelPath, node }) => {
    // An `$each` writes its items, and those are mentions of their own.
    if (node.kind === 'each') return isBelow(modelPath, asked)
    return isBelow(asked, modelPath) || isBelow(modelPath, asked)
  })
}
