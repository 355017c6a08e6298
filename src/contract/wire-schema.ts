import { unreachable } from '../errors.ts'
import type { ModelPath } from './event-model.ts'
import { orNull } from './event-model.ts'
import { FILTERS } from './filters.ts'
import type { FilterName, MapPairs } from './filters.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Constant, Placeholder, TemplateNode } from './template-node.ts'

/*
 * The JSON Schema of what a template writes: the model's schema of each path, as the filters change it.
 */

type Paths = ReadonlyMap<string, ModelPath>
type SchemaFilter = (schema: JsonSchema, pairs: MapPairs) => JsonSchema

/** The schema of a part of a template; `scope` is the model path of the list whose item it is in, `data.balances[].`. */
export function schemaOfNode(node: TemplateNode, paths: Paths, scope = ''): JsonSchema {
  switch (node.kind) {
    case 'constant':
      return constantSchema(node)
    case 'placeholder':
      return placeholderSchema(node, modelPathOf(node.path, paths, scope))
    case 'list':
      return {
        type: 'array',
        prefixItems: node.items.map((item) => schemaOfNode(item, paths, scope)),
        minItems: node.items.length,
        maxItems: node.items.length,
      }
    case 'each': {
      const model = modelPathOf(node.path, paths, scope)
      return {
        type: 'array',
        description: model.description,
        items: schemaOfNode(node.item, paths, `${model.path}[].`),
      }
    }
    case 'object':
      return {
        type: 'object',
        properties: Object.fromEntries(
          node.members.map(({ key, node: child }) => [key, schemaOfNode(child, paths, scope)]),
        ),
        required: node.members
          .filter(({ node: child }) => !(child.kind === 'placeholder' && child.optional))
          .map(({ key }) => key),
      }
    default:
      return unreachable(node)
  }
}

/** What the model knows of a path in a template that was checked. */
export function modelPathOf(path: readonly string[], paths: Paths, scope: string): ModelPath {
  const model = paths.get(scope + path.join('.'))
  if (model === undefined)
    throw new Error(`the template was not checked: ${scope}${path.join('.')} is no path of the model`)
  return model
}

function constantSchema({ value }: Constant): JsonSchema {
  if (value === null) return { type: 'null' }
  const type = typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
  return { type, const: value }
}

function placeholderSchema(node: Placeholder, model: ModelPath): JsonSchema {
  const given = withoutNull(model.schema)
  const written = node.filters.reduce((schema, { name, pairs }) => FILTER_SCHEMAS[name](schema, pairs), given)
  const meanings = node.filters.map(({ name }) => FILTERS[name].meaning)
  const description = [model.description, ...meanings].filter((text) => text !== '').join('; ')
  const described = description === '' ? written : { ...written, description }
  return model.nullable && !node.optional ? orNull(described) : described
}

function withoutNull(schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.type)) return schema
  const { enum: values, ...rest } = schema
  const type = (schema.type as readonly string[]).find((name) => name !== 'null')
  return {
    ...rest,
    ...(type !== undefined && { type }),
    ...(values && { enum: values.filter((value) => value !== null) }),
  }
}

/** A closed set of values through a filter, or undefined when the schema has none. */
function closedSet(schema: JsonSchema, name: FilterName, pairs: MapPairs): JsonSchema | undefined {
  const write = (value: unknown) => FILTERS[name].write(value, pairs)
  if (schema.const !== undefined) return { const: write(schema.const) }
  return schema.enum && { enum: schema.enum.map(write) }
}

function changedCase(name: 'upper' | 'lower'): SchemaFilter {
  return (schema, pairs) => ({
    type: 'string',
    ...closedSet(schema, name, pairs),
    // Only patterns of plain classes come here, where no letter has a meaning: see event-model.ts.
    ...(schema.pattern !== undefined && { pattern: FILTERS[name].write(schema.pattern, []) as string }),
  })
}

const FILTER_SCHEMAS: Readonly<Record<FilterName, SchemaFilter>> = {
  epoch_s: () => ({ type: 'integer' }),
  epoch_ms: () => ({ type: 'integer' }),
  date: () => ({ type: 'string', format: 'date' }),
  string: (schema, pairs) => closedOr({ type: 'string', pattern: '^-?\\d+$' }, closedSet(schema, 'string', pairs)),
  number: (schema, pairs) => ({ type: 'number', ...closedSet(schema, 'number', pairs) }),
  negate: (schema, pairs) => ({ ...negatedBounds(schema), ...closedSet(schema, 'negate', pairs) }),
  upper: changedCase('upper'),
  lower: changedCase('lower'),
  map: (schema, pairs) => ({ type: 'string', ...closedSet(schema, 'map', pairs) }),
}

function closedOr(open: JsonSchema, closed: JsonSchema | undefined): JsonSchema {
  return closed === undefined ? open : { type: 'string', ...closed }
}

function negatedBounds({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): JsonSchema {
  return {
    ...(type !== undefined && { type }),
    ...(maximum !== undefined && { minimum: 0 - maximum }),
    ...(minimum !== undefined && { maximum: 0 - minimum }),
    ...(exclusiveMaximum !== undefined && { exclusiveMinimum: 0 - exclusiveMaximum }),
    ...(exclusiveMinimum !== undefined && { exclusiveMaximum: 0 - exclusiveMinimum }),
  }
}
