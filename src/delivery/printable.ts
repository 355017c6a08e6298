/**
 * Text from a server, safe for a terminal and for one line: escape sequences and control characters are
 * taken out, white space becomes one space.
 */
export function printable(text: string): string {
  return (
    text
      // Whole escape sequences first (OSC, CSI, two-character ones), or their letters would stay behind.
      .replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -~]?/g, '')
      .replace(/\s+/g, ' ')
      .replace(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
      .trim()
  )
}
