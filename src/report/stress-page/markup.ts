/** Text that is HTML already. */
export interface Markup {
  readonly html: string
}

/** What can stand in markup; a text or number is escaped, undefined is nothing. */
export type Content = Markup | string | number | undefined | readonly Content[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/**
 * HTML from a template in which everything that is filled in is escaped: it can stand between tags and in quoted
 * attributes, nowhere else.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { html: parts.map((part, index) => (index === 0 ? '' : textOf(values[index - 1])) + part).join('') }
}

function textOf(content: Content): string {
  if (content === undefined) return ''
  if (typeof content === 'string') return escaped(content)
  if (typeof content === 'number') return String(content)
  return 'html' in content ? content.html : content.map(textOf).join('')
}

function escaped(text: string): string {
  // Control characters have no place in HTML; the replacement character shows that something was there.
  return text

    .replaceAll(/[\0-\x08\v\f\x0e-\x1f\x7f]/g, '\u{fffd}')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** JSON for a script element: nothing in it can end the element or start a comment. */
export function jsonForScript(value: unknown): Markup {
  return { html: JSON.stringify(value).replaceAll('<', '\\u003c') }
}
