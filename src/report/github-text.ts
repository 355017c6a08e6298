import { printable } from '../delivery/printable.ts'

/** Text that Markdown leaves alone, in one cell of a table. */
export function cell(text: string): string {
  return printable(text)
    .replaceAll(/[\\|`*_[]/g, String.raw`\$&`)
    .replaceAll('<', '&lt;')
}

/** The escapes of workflow commands (docs.github.com): data; properties have two more. */
export function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** The value of a property. */
export function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
