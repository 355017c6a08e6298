import { waitsAtSpeed } from '../delivery/duration.ts'
import { PLAIN_WIDTH, row } from './stress-lines.ts'
import { number, ratioText } from './stress-figures.ts'
import type { StressHeader } from './stress-report.ts'
import type { StressBooks } from '../stress/result.ts'
import { unprovenRest } from '../stress/forged-text.ts'
import { counted } from './wrapped.ts'

/** What was run, in a few rows: with them a result can be read, and the run be done again, far from its terminal. */
export function descriptionRows(
  header: StressHeader,
  books: StressBooks,
  width: number = PLAIN_WIDTH,
): readonly string[] {
  const { target, schedule, connections, maxInFlight, workers, seed, now, faults } = header
  const onTheWay = faultTexts(faults, books)
  return [
    row('target', target === 'embedded' ? 'embedded: a receiver that comes with the tool' : target, { width }),
    row('load', schedule, { width }),
    row(
      'connections',
      [String(connections), `at most ${maxInFlight} in flight`, ...(workers > 1 ? [`${workers} workers`] : [])],
      {
        width,
      },
    ),
    row('retries', retriesText(header), { width }),
    ...(onTheWay.length === 0 ? [] : [row('faults', onTheWay, { width })]),
    row('again', [`--seed ${seed}`, `--now ${now}`], { width, separator: ' ' }),
  ]
}

function retriesText({ speed, retryDelaysMs }: StressHeader): string {
  if (retryDelaysMs.length === 0) return 'none: what fails is blocked at once'
  if (speed === 'max') return 'at once (--speed max)'
  return `waits ${speed === 1 ? 'as long as at Qualifio' : waitsAtSpeed(speed, ratioText)} (--speed ${speed})`
}

/** Each fault with the deliveries that it hit, where the books know: `lost-ack:1% (12 answers)`. */
function faultTexts(faults: StressHeader['faults'], books: StressBooks): readonly string[] {
  const names = Object.keys(faults)
  const lastCopying = names.findLast((name) => name.startsWith('duplicate'))
  const hit = (name: string): string | undefined => {
    if (name === lastCopying) {
      const both = names.filter((one) => one.startsWith('duplicate')).length > 1 ? ' in all' : ''
      return `${counted(books.duplicates ?? 0, 'duplicate')}${both}`
    }
    if (name === 'lost-ack') return counted(books.lostAcks, 'answer')
    if (name === 'wrong-signature') return forgedText(books)
    return undefined
  }
  return Object.entries(faults).map(([name, share]) => {
    const times = hit(name)
    return `${name}:${Number((share * 100).toPrecision(3))}%${times === undefined ? '' : ` (${times})`}`
  })
}

/** `14, of them 0 accepted, 14 prove nothing: answered 500`. */
function forgedText(books: StressBooks): string {
  return `${number(books.forged)}, of them ${number(books.wronglyAccepted)} accepted${unprovenRest(books, number)}`
}
