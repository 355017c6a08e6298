import type { ChalkInstance } from 'chalk'
import type { ContractDescription, EventDescription, FieldRow } from '../contract/describe.ts'
import { formatDuration } from '../delivery/duration.ts'
import type { FactStatus } from '../contract/contract-file.ts'

/** `contract --format text`: the fields of each event, then the facts of the wire with their marks. */
export function contractText(contract: ContractDescription, paint: ChalkInstance): string {
  const { name, title, identity, json, signature, retryPolicy } = contract
  const head = [
    `${paint.bold(name)}  ${title}`,
    `identity: ${identity.length === 0 ? 'none, so duplicates cannot be recognised' : identity.join(', ')}`,
    `JSON as ${json} writes it; signature in ${signature.header}: ${signature.prefix}<${signature.encoding}>`,
    `${retryPolicy.retries} retries, the first after ${formatDuration(retryPolicy.firstDelayMs)}, each wait ${retryPolicy.factor} times the one before, at most ${formatDuration(retryPolicy.maxDelayMs)}`,
  ]
  const events = contract.events.map((event) => eventText(event, paint))
  const facts = [
    'The facts of the wire, and how sure they are:',
    ...contract.facts.map((fact) => factText(fact, paint)),
  ]
  return `${[head.join('\n'), ...events, facts.join('\n')].join('\n\n')}\n`
}

function eventText({ type, name, label, when, fields }: EventDescription, paint: ChalkInstance): string {
  const paths = fields.map((row) => `${row.wirePath}${row.optional ? '?' : ''}`)
  const pathWidth = Math.max(...paths.map((path) => path.length))
  const typeWidth = Math.max(...fields.map((row) => row.jsonType.length))
  const rows = fields.map((row, index) => {
    const path = (paths[index] ?? '').padEnd(pathWidth)
    return `  ${path}  ${paint.cyan(row.jsonType.padEnd(typeWidth))}  ${paint.dim(meaning(row))}`
  })
  return [`${paint.bold(name)}  (${label}, ${type}): ${when}`, ...rows].join('\n')
}

/** The meaning, and where the value comes from when it is written differently from the event model. */
function meaning(row: FieldRow): string {
  const source = [row.modelPath, ...(row.filters ?? [])].join(' | ')
  return row.modelPath === undefined || source === row.wirePath ? row.meaning : `${row.meaning} [${source}]`
}

const MARKS: Readonly<Record<FactStatus, (paint: ChalkInstance) => ChalkInstance>> = {
  documented: (paint) => paint.green,
  observed: (paint) => paint.green,
  assumed: (paint) => paint.yellow,
  unknown: (paint) => paint.red,
}

function factText(
  { fact, status, source, recorded }: ContractDescription['facts'][number],
  paint: ChalkInstance,
): string {
  return `  ${MARKS[status](paint)(status.padEnd(10))}  ${fact} ${paint.dim(`(${source}, ${recorded})`)}`
}
