import type { AppliedFilter } from './filter-chain.ts'
import type { JsonSource } from './json-source.ts'

/** A path of the event model inside a template; in the item of an `$each` relative to the element. */
export interface Placeholder {
  readonly kind: 'placeholder'
  readonly path: readonly string[]
  /** Written with `?`: the key is left out when the value is null. */
  readonly optional: boolean
  readonly filters: readonly AppliedFilter[]
  readonly offset: number
}

/** A constant, with the text it has in the template: `1.0` stays `1.0`. */
export interface Constant {
  readonly kind: 'constant'
  readonly value: string | number | boolean | null
  readonly text: string
  readonly offset: number
}

/** One key of an object in a template. */
export interface TemplateMember {
  readonly key: string
  readonly node: TemplateNode
}

/** An object of a template, keys in the order they are written. */
export interface TemplateObject {
  readonly kind: 'object'
  readonly members: readonly TemplateMember[]
  readonly offset: number
}

/** `{ "$each": "data.balances", "item": … }`: a list with one item for each element of a model list. */
export interface TemplateEach {
  readonly kind: 'each'
  readonly path: readonly string[]
  readonly item: TemplateNode
  readonly offset: number
}

/** A list of a fixed length. */
export interface TemplateList {
  readonly kind: 'list'
  readonly items: readonly TemplateNode[]
  readonly offset: number
}

/** A part of a template. */
export type TemplateNode = Constant | Placeholder | TemplateObject | TemplateList | TemplateEach

/** A parsed template with the file it came from. */
export interface Template {
  readonly source: JsonSource
  readonly root: TemplateObject
}

/** Something wrong in a file, at an offset of its text. */
export interface Problem {
  readonly offset: number
  readonly text: string
}
