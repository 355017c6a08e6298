/** One `"key": value` of an object, in the order of the file. */
export interface JsonMember {
  readonly key: string
  /** Where the key's opening quote stands. */
  readonly keyOffset: number
  readonly value: JsonNode
}

/** A value of the document. `offset` and `end` are UTF-16 positions in the source's text. */
export type JsonNode = { readonly offset: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
)

/** `file:line:column` of a position in the text, both counted from 1. */
export function placeOf(text: string, fileName: string, offset: number): string {
  const before = text.slice(0, offset)
  const lines = before.split(/\r\n|\r|\n/)
  return `${fileName}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
}
