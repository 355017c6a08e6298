import { UsageError } from '../errors.ts'
import { writeJson } from './dialect.ts'
import type { Dialect } from './dialect.ts'
import { writerOf } from './filter-chain.ts'
import { placeIn } from './json-source.ts'
import { generateCode } from './render-code.ts'
import type { CodeMode } from './render-code.ts'
import type { Placeholder, Template } from './template-node.ts'

/** Writes one event as JSON text. A value that the event does not have leaves its key out, as in JSON.stringify. */
export type Renderer = (event: object) => string

/** A filtered placeholder, as the generated code calls it: the JSON text of a model value. */
type FilteredText = (value: unknown, event: object) => string

/** What the fast code throws when the event lacks a value. */
const MISSING = new Error('the event lacks a value')

/**
 * Compiles a template into a function. The function is JavaScript made from the template, because only
 * so is rendering as fast as JSON.stringify; whatever comes from the file goes in as a quoted string or
 * as a path of plain words.
 * @param depth how deep the event stands in its document, for the indentation
 */
export function compileTemplate(template: Template, dialect: Dialect, depth = 0): Renderer {
  const fast = build('fast')
  let careful: Renderer | undefined
  return (event) => {
    try {
      return fast(event)
    } catch (reason) {
      if (reason !== MISSING) throw reason
      careful ??= build('careful')
      return careful(event)
    }
  }

  function build(mode: CodeMode): Renderer {
    const write = (value: unknown, valueDepth: number): string => {
      if (value === undefined && mode === 'fast') throw MISSING
      return writeJson(value, dialect, valueDepth)
    }
    const { body, filtered } = generateCode(template, { dialect, depth, mode })
    const texts = filtered.map(({ node, depth: valueDepth }): FilteredText => {
      const writeFiltered = writerOf(node.filters)
      return (value, event) => {
        if (value === null || value === undefined) return write(value, valueDepth)
        const written = writeFiltered(value)
        if (typeof written === 'number') return dialect.number(written)
        if (typeof written === 'string')
          return dialect.unsafe.test(written) ? dialect.quote(written) : '"' + written + '"'
        throw cannotWrite({ node, template, value, event })
      }
    })
    // Made of quoted text and of paths of plain words only: see render-code.ts.
    // oxlint-disable-next-line typescript/no-implied-eval
    return new Function('unsafe', 'write', 'filtered', body)(dialect.unsafe, write, texts) as Renderer
  }
}

function cannotWrite(at: { node: Placeholder; template: Template; value: unknown; event: object }): UsageError {
  const { node, template, value, event } = at
  const { id, type } = event as { id?: unknown; type?: unknown }
  const filters = node.filters.map(({ name }) => name).join(' | ')
  return new UsageError(
    `${node.path.join('.')} of the ${String(type)} event ${String(id)} is ${JSON.stringify(value)}, which "${filters}" cannot ` +
      `write so that it reads back (${placeIn(template.source, node.offset)}).`,
  )
}
