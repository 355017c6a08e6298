import type { ScrubPlace } from './scrub-places.ts'

/** Collects what a person should look at before a scrubbed body is given away. */
export interface ScrubNotes {
  /** @param swept what is written there now */
  add(place: ScrubPlace, swept: string | number): void
  /** One sentence for each place, without its value. */
  texts(): readonly string[]
}

/** Seven digits and more, with what stands between those of a telephone number. */
const NUMBER_OF_PERSON = /\d(?:(?:[ ./()-]|%20|%2d){0,2}\d){6,}/i
/** A query may hold a telephone number; the numbers of a user agent are versions. */
const ALSO_SEARCHED = 'data.referrer'

/** @param contractName as the notes call it */
export function createNotes(contractName: string): ScrubNotes {
  const seen = new Map<string, { isUnknown: boolean; isRewritten: boolean; hasNumber: boolean }>()
  return {
    add({ modelPath, wirePath, node }, swept) {
      const isUnknown = modelPath === undefined
      if (!isUnknown && modelPath !== ALSO_SEARCHED) return
      const isRewritten = swept !== node.value
      const hasNumber = NUMBER_OF_PERSON.test(isRewritten && typeof swept === 'number' ? '' : kept(node.value, swept))
      if (!hasNumber && !(isUnknown && typeof node.value === 'string')) return
      const before = seen.get(wirePath)
      seen.set(wirePath, {
        isUnknown,
        isRewritten: isRewritten || before?.isRewritten === true,
        hasNumber: hasNumber || before?.hasNumber === true,
      })
    },
    texts: () =>
      [...seen].map(([path, { isUnknown, isRewritten, hasNumber }]) => {
        const number = hasNumber ? 'it has a number as long as a telephone number' : undefined
        if (!isUnknown) return `${path} may name a person: ${number ?? ''}, which was kept`
        const what = isRewritten ? "; the person's own data in it was replaced, the rest was kept" : ' and was kept'
        return `${path} is not in the contract ${contractName}${what}${number === undefined ? '' : `; ${number}`}`
      }),
  }
}

/** Only a number that was there before: a pseudonym may have digits, too. */
function kept(value: unknown, swept: string | number): string {
  if (value === swept) return String(value)
  const [found = ''] = NUMBER_OF_PERSON.exec(String(value)) ?? []
  return String(swept).includes(found) ? found : ''
}
