import type { Contract, Fact } from './contract-file.ts'
import { loadEventModel } from './event-model.ts'
import type { ModelPath } from './event-model.ts'
import { ALL_EVENT_TYPES, EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import { childPath } from './template.ts'
import type { TemplateNode } from './template-node.ts'
import { modelPathOf, schemaOfNode } from './wire-schema.ts'

/** One value of a wire element: where it stands, what it is and means. Objects have no row, their keys do. */
export interface FieldRow {
  /** `data.balance.current`, `tiers[].code`. */
  readonly wirePath: string
  /** JSON's name of the type, `string` or `string | null`. */
  readonly jsonType: string
  readonly meaning: string
  /** The key is left out when there is no value. */
  readonly optional: boolean
  /** The path of the event model; absent for a constant. */
  readonly modelPath?: string
  /** The filters between the two, as the template has them. */
  readonly filters?: readonly string[]
  /** The value of a constant. */
  readonly constant?: string | number | boolean | null
}

/** One event type on the wire. */
export interface EventDescription {
  readonly type: EventType
  readonly name: string
  readonly label: string
  readonly when: string
  readonly fields: readonly FieldRow[]
}

/** A contract for people: what is sent, field by field, and how sure each fact is. */
export interface ContractDescription {
  readonly name: string
  readonly title: string
  readonly identity: readonly string[]
  readonly json: string
  readonly contentType: string
  readonly signature: Contract['signature']
  readonly retryPolicy: Contract['retryPolicy']
  readonly events: readonly EventDescription[]
  readonly facts: readonly Fact[]
}

/** Describes a contract, or one event type of it, as data; it loads the event model. */
export async function describeContract(contract: Contract, type?: EventType): Promise<ContractDescription> {
  const model = await loadEventModel()
  const { name, title, identity, json, contentType, signature, retryPolicy, facts } = contract
  const events = (type === undefined ? ALL_EVENT_TYPES : [type]).map((each) => ({
    type: each,
    name: EVENT_TYPES[each].name,
    label: EVENT_TYPES[each].label,
    when: EVENT_TYPES[each].when,
    fields: rowsOf(contract.templates[each].root, model[each]),
  }))
  return { name, title, identity, json, contentType, signature, retryPolicy, events, facts }
}

function rowsOf(root: TemplateNode, paths: ReadonlyMap<string, ModelPath>): readonly FieldRow[] {
  const rows: FieldRow[] = []
  visit(root, '', '')
  return rows

  function visit(node: TemplateNode, wirePath: string, scope: string): void {
    switch (node.kind) {
      case 'object':
        return node.members.forEach(({ key, node: child }) => visit(child, childPath(wirePath, key), scope))
      case 'list':
        return node.items.forEach((item, index) => visit(item, `${wirePath}[${index}]`, scope))
      case 'each': {
        const model = modelPathOf(node.path, paths, scope)
        rows.push({ wirePath, jsonType: 'array', meaning: model.description, optional: false, modelPath: model.path })
        return visit(node.item, `${wirePath}[]`, `${model.path}[].`)
      }
      case 'constant': {
        const jsonType = typeName(node, scope)
        return void rows.push({
          wirePath,
          jsonType,
          meaning: `always ${node.text}`,
          optional: false,
          constant: node.value,
        })
      }
      case 'placeholder': {
        const model = modelPathOf(node.path, paths, scope)
        const { description = '' } = schemaOfNode(node, paths, scope)
        const filters = node.filters.map(({ name, pairs }) =>
          name === 'map' ? `map(${pairs.map((pair) => pair.join('=')).join(', ')})` : name,
        )
        return void rows.push({
          wirePath,
          jsonType: typeName(node, scope),
          meaning: description,
          optional: node.optional,
          modelPath: model.path,
          ...(filters.length > 0 && { filters }),
        })
      }
    }
  }

  function typeName(node: TemplateNode, scope: string): string {
    const { type = 'any' } = schemaOfNode(node, paths, scope)
    return typeof type === 'string' ? type : type.join(' | ')
  }
}
