import type { AppliedFilter } from '../contract/filter-chain.ts'
import type { JsonMember, JsonNode } from '../contract/json-source.ts'
import type { Template, TemplateNode, TemplateObject } from '../contract/template-node.ts'
import { childPath, mentionsOf } from '../contract/template.ts'

/** A scalar of a wire element, and what the contract says of it. */
export interface ScrubPlace {
  readonly node: JsonNode & { readonly kind: 'scalar' }
  /** Where it stands on the wire, elements of lists as `tiers[]`. */
  readonly wirePath: string
  /** What it is in the event model; undefined when the contract does not describe it. */
  readonly modelPath: string | undefined
  readonly filters: readonly AppliedFilter[]
  /** `member` inside an object that the contract writes from the member alone. */
  readonly owner: 'member' | 'other'
}

/** Everything of a wire element that could hold personal data. */
export interface ScrubPlaces {
  readonly values: readonly ScrubPlace[]
  /** Keys that the contract does not describe. */
  readonly unknownKeys: readonly JsonMember[]
}

type At = { readonly wirePath: string; readonly scope: string; readonly owner: ScrubPlace['owner'] }

/** Walks a template and an element side by side; what stands at a constant of the template is no place. */
export function scrubPlaces(template: Template, element: JsonNode): ScrubPlaces {
  const values: ScrubPlace[] = []
  const unknownKeys: JsonMember[] = []
  visit(template.root, element, { wirePath: '', scope: '', owner: 'other' })
  return { values, unknownKeys }

  function visit(node: TemplateNode, json: JsonNode, at: At): void {
    switch (node.kind) {
      case 'constant':
        if (json.kind !== 'scalar' || json.value !== node.value) visitUnknown(json, at)
        return
      case 'placeholder':
        return visitModel(json, { ...at, modelPath: at.scope + node.path.join('.'), filters: node.filters })
      case 'object': {
        if (json.kind !== 'object') return visitUnknown(json, at)
        const owner = isMembers(template, node, at.scope) ? 'member' : at.owner
        return json.members.forEach((member) => {
          const below = { ...at, owner, wirePath: childPath(at.wirePath, member.key) } as const
          const child = node.members.find(({ key }) => key === member.key)
          if (child !== undefined) return visit(child.node, member.value, below)
          unknownKeys.push(member)
          visitUnknown(member.value, below)
        })
      }
      case 'list':
        if (json.kind !== 'array') return visitUnknown(json, at)
        return json.items.forEach((item, index) => {
          const below = { ...at, wirePath: `${at.wirePath}[${index}]` }
          const child = node.items[index]
          if (child === undefined) visitUnknown(item, below)
          else visit(child, item, below)
        })
      case 'each': {
        if (json.kind !== 'array') return visitUnknown(json, at)
        const below = { ...at, wirePath: `${at.wirePath}[]`, scope: `${at.scope}${node.path.join('.')}[].` }
        return json.items.forEach((item) => visit(node.item, item, below))
      }
    }
  }

  /** Below a placeholder of a whole object the keys are the event model's own. */
  function visitModel(json: JsonNode, at: At & { modelPath: string; filters: readonly AppliedFilter[] }): void {
    if (json.kind === 'scalar') return void values.push({ ...at, node: json })
    if (json.kind === 'array')
      return json.items.forEach((item) =>
        visitModel(item, { ...at, wirePath: `${at.wirePath}[]`, modelPath: `${at.modelPath}[]` }),
      )
    json.members.forEach(({ key, value }) =>
      visitModel(value, { ...at, wirePath: childPath(at.wirePath, key), modelPath: `${at.modelPath}.${key}` }),
    )
  }

  function visitUnknown(json: JsonNode, at: At): void {
    if (json.kind === 'scalar') values.push({ ...at, node: json, modelPath: undefined, filters: [] })
    else if (json.kind === 'array')
      json.items.forEach((item) => visitUnknown(item, { ...at, wirePath: `${at.wirePath}[]` }))
    else
      json.members.forEach((member) => {
        unknownKeys.push(member)
        visitUnknown(member.value, { ...at, wirePath: childPath(at.wirePath, member.key) })
      })
  }
}

const membersObjects = new WeakMap<TemplateObject, boolean>()

/** Whether everything that the contract writes in this object is the member's. */
function isMembers(template: Template, object: TemplateObject, scope: string): boolean {
  const known = membersObjects.get(object)
  if (known !== undefined) return known
  const paths = mentionsOf({ ...template, root: object }).map(({ modelPath }) => scope + modelPath)
  const isOurs = paths.length > 0 && paths.every((path) => path === 'member' || path.startsWith('member.'))
  membersObjects.set(object, isOurs)
  return isOurs
}
