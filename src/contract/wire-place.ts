import { mentionsOf } from './template.ts'
import type { Template, TemplateEach, TemplateNode } from './template-node.ts'

/** Keys and positions from the root of a wire element. */
export type WireSteps = readonly (string | number)[]

/** What a part of a template writes of a model path, what else, and the deepest part that writes all of it alone. */
interface Share {
  readonly below: number
  readonly others: number
  readonly place?: WireSteps
}

const NOTHING: Share = { below: 0, others: 0 }

/** Whether a model path is another one or a part of it. */
export function isPartOf(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`)
}

/** The paths of the leaves that a template writes of a model path; elements of a list as `data.balances[].current`. */
export function leavesBelow(template: Template, path: string): readonly string[] {
  const asked = path.replaceAll(/\[\d*\]/g, '[]')
  return mentionsOf(template).flatMap(({ modelPath, node }) =>
    node.kind === 'placeholder' && isPartOf(modelPath, asked) ? [modelPath] : [],
  )
}

/**
 * Where a template writes what is below a model path and nothing else, so that another value can stand in its place;
 * undefined where the parts are scattered or stand among others.
 * @param path as in `--set`, `data.balances[0].currency`
 */
export function wirePlaceOf(template: Template, path: string): WireSteps | undefined {
  const { place } = visit(template.root, [], '')
  return place?.length === 0 ? undefined : place

  function visit(node: TemplateNode, steps: WireSteps, scope: string): Share {
    switch (node.kind) {
      case 'constant':
        return NOTHING
      case 'placeholder':
        return isPartOf(scope + node.path.join('.'), path) ? { below: 1, others: 0 } : { below: 0, others: 1 }
      case 'object':
        return together(
          node.members.map(({ key, node: child }) => visit(child, [...steps, key], scope)),
          steps,
        )
      case 'list':
        return together(
          node.items.map((child, index) => visit(child, [...steps, index], scope)),
          steps,
        )
      default:
        return visitEach(node, steps, scope)
    }
  }

  function visitEach(node: TemplateEach, steps: WireSteps, scope: string): Share {
    const list = scope + node.path.join('.')
    if (isPartOf(list, path)) return { below: 1, others: 0, place: steps }
    const position = path.startsWith(`${list}[`) ? Number.parseInt(path.slice(list.length + 1), 10) : Number.NaN
    if (Number.isNaN(position)) return { below: 0, others: 1 }
    // The other elements are written by the same part of the template.
    const item = visit(node.item, [...steps, position], `${list}[${position}].`)
    return { ...item, others: item.others + 1 }
  }
}

function together(children: readonly Share[], steps: WireSteps): Share {
  const below = children.reduce((sum, child) => sum + child.below, 0)
  const others = children.reduce((sum, child) => sum + child.others, 0)
  if (below === 0) return { below, others }
  const whole = children.find((child) => child.below === below)
  const place = whole?.place ?? (others === 0 ? steps : undefined)
  return { below, others, ...(place && { place }) }
}
