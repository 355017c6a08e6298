import type { ModelPath } from '../contract/event-model.ts'
import { undoFilters } from '../contract/filter-chain.ts'
import { isObject } from '../contract/read.ts'
import { mentionsOf } from '../contract/template.ts'
import type { Template, TemplateNode } from '../contract/template-node.ts'
import { unreachable } from '../errors.ts'
import { quickCheck } from './quick-check.ts'

/** Whether a wire element is what a template writes. False may be wrong: then `readPayload` decides. */
export type Fit = (wire: unknown) => boolean

/**
 * Compiles a template into a check that collects nothing and says nothing: for a receiver under load, where nearly
 * every element is right.
 * @param paths with them the values are checked against the event model
 */
export function fitOf(template: Template, paths: ReadonlyMap<string, ModelPath> | undefined): Fit {
  // Whether two places of the wire agree about one path is for `readPayload` to say.
  return hasOverlap(template) ? () => false : compile(template.root, '')

  function compile(node: TemplateNode, scope: string): Fit {
    switch (node.kind) {
      case 'constant': {
        const { value } = node
        return (wire) => wire === value
      }
      case 'object': {
        const members = node.members.map(({ key, node: child }) => ({ key, fits: compile(child, scope) }))
        return (wire) => {
          if (!isObject(wire)) return false
          for (const { key, fits } of members) {
            if (!fits(Object.hasOwn(wire, key) ? wire[key] : undefined)) return false
          }
          return true
        }
      }
      case 'list': {
        const items = node.items.map((item) => compile(item, scope))
        return (wire) =>
          Array.isArray(wire) && wire.length === items.length && items.every((fits, index) => fits(wire[index]))
      }
      case 'each': {
        const fits = compile(node.item, `${scope}${node.path.join('.')}[].`)
        return (wire) => Array.isArray(wire) && wire.every(fits)
      }
      case 'placeholder': {
        const { optional, filters } = node
        const model = paths?.get(scope + node.path.join('.'))
        const isRight = model && quickCheck(model)
        return (wire) => {
          const given = wire === undefined && optional ? null : wire
          if (given === undefined) return false
          const value = filters.length === 0 ? given : undoFilters(given, filters)
          return value !== undefined && (isRight === undefined || isRight(value))
        }
      }
      default:
        return unreachable(node)
    }
  }
}

/** Whether a path of the model is written in two places, or once as a whole and once in part. */
function hasOverlap(template: Template): boolean {
  const paths = mentionsOf(template)
    .filter(({ node }) => node.kind === 'placeholder')
    .map(({ modelPath }) => modelPath)
  return paths.some((path, index) =>
    paths.some((other, otherIndex) => index !== otherIndex && (other === path || other.startsWith(`${path}.`))),
  )
}
