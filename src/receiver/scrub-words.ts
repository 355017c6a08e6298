/** A value of a person that is looked for in texts, and what is written instead. */
export interface Word {
  readonly word: string
  readonly stand: string
  /** An `id` is found anywhere; a `name` inside other words only as it is written, alone in any case. */
  readonly kind: 'id' | 'name'
}

/** Below this a name is too often a word of its own in other case, or a part of other words. */
const TELLING_NAME_LENGTH = 3

/**
 * Finds values in a text in one pass: as they are, in any case, without their accents, percent-encoded or with `+` for
 * a space, as in a query.
 * @param other the source of a pattern that is found before the words
 */
export function wordPattern(
  other: string,
  words: readonly Word[],
): { replace(text: string, onOther: (found: string) => string): string } {
  const forms = words
    .flatMap((word) => spellings(word.word).map((spelling) => ({ ...word, spelling })))
    .toSorted((a, b) => b.spelling.length - a.spelling.length)
  const sources = [`(${other})`, ...forms.map(({ spelling }) => `(${Array.from(spelling, signPattern).join('')})`)]
  const pattern = new RegExp(sources.join('|'), 'giu')
  return {
    replace: (text, onOther) =>
      text.replace(pattern, (found: string, ...rest: unknown[]) => {
        const index = rest.slice(0, sources.length).findIndex((group) => group !== undefined)
        const form = forms[index - 1]
        if (form === undefined) return onOther(found)
        if (form.kind === 'name' && !isMeant(form, found, { text, offset: rest[sources.length] as number }))
          return found
        return found.includes('%') ? encodeURIComponent(form.stand) : form.stand
      }),
  }
}

function isMeant(form: Word, found: string, at: { readonly text: string; readonly offset: number }): boolean {
  const { text, offset } = at
  const before = text.slice(0, offset)
  const isAlone =
    // In `n%3DZoe` the D is the end of an escape.
    (!/[\p{L}\p{N}]$/u.test(before.slice(-2)) || /%[\da-f]{2}$/i.test(before.slice(-3))) &&
    !/^[\p{L}\p{N}]/u.test(text.slice(offset + found.length, offset + found.length + 2))
  const isSame = found === form.word
  return form.word.length < TELLING_NAME_LENGTH ? isAlone && isSame : isAlone || isSame
}

function spellings(word: string): readonly string[] {
  const decomposed = word.normalize('NFD')
  return [...new Set([word, word.normalize('NFC'), decomposed, decomposed.replace(/\p{M}/gu, '')])].filter(
    (spelling) => spelling.length >= Math.min(word.length, TELLING_NAME_LENGTH),
  )
}

function signPattern(sign: string): string {
  const escapes = [sign, sign.toLowerCase(), sign.toUpperCase()].map((form) =>
    [...Buffer.from(form)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )
  const plain = sign === ' ' ? [' ', '\\+'] : [/[\^$\\.*+?()[\]{}|/]/.test(sign) ? `\\${sign}` : sign]
  return `(?:${[...new Set([...plain, ...escapes])].join('|')})`
}
