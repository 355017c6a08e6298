import type { DeliveryDetail } from '../../../view/views.ts'
import { now } from '../now.ts'
import { durationText } from '../time.ts'
import { resultKind, resultText, times } from '../words.ts'
import { positionOf, roundsOf, shortenedFrom, type Round, type Slot } from './schedule.ts'

const AXIS_Y = 42
/** Less than this is not late, but the time that it takes to send. */
const LATE_MS = 250

/** The attempts, drawn against when they were due: a row for each sending. */
export function Timeline({ delivery }: { delivery: DeliveryDetail }) {
  const rounds = roundsOf(delivery).filter(({ slots }) => slots.length > 0)
  const unscaled = shortenedFrom(rounds, delivery.schedule)
  if (rounds.length === 0) return null
  return (
    <div class="timeline">
      {rounds.map((round) => (
        <figure key={round.number}>
          {delivery.resends > 0 && (
            <figcaption>{round.number === 1 ? 'First sending' : `Resend ${round.number - 1}`}</figcaption>
          )}
          <Drawing round={round} isOpen={delivery.nextAttemptAt !== null && round === rounds[0]} />
        </figure>
      ))}
      <ul class="legend">
        <li>
          <i class="key tick" /> due
        </li>
        <li>
          <i class="key ok" /> confirmed
        </li>
        <li>
          <i class="key refused" /> refused
        </li>
        <li>
          <i class="key silent" /> no answer
        </li>
        <li>
          <i class="key open" /> to come
        </li>
      </ul>
      <p class="note">
        Every attempt has the same room; the wait before it stands above.
        {unscaled !== undefined &&
          ` Waits here are shortened by the speed: on Qualifio's clock they are ${unscaled
            .map((delayMs) => durationText(delayMs))
            .join(', ')}.`}
      </p>
    </div>
  )
}

function Drawing({ round, isOpen }: { round: Round; isOpen: boolean }) {
  const nowAt = now.value
  const first = round.slots[0]?.dueMs ?? nowAt
  return (
    <svg class="drawing" role="img" aria-label={spoken(round)} width="100%" height="78">
      <line class="axis" x1="0" x2="100%" y1={AXIS_Y} y2={AXIS_Y} />
      {round.slots.map((slot, index) => (
        <SlotMark key={slot.retry} slot={slot} round={round} index={index} />
      ))}
      {round.spare.map((waitMs, index) => (
        <g key={index} class="spare">
          <svg x={percent((round.slots.length + index) / roomsOf(round))} y="0" overflow="visible">
            <line class="tick" x1="9" x2="9" y1={AXIS_Y - 5} y2={AXIS_Y + 5} />
            {waitMs !== undefined && (
              <text class="wait" x="5" y="16">
                +{durationText(waitMs)}
              </text>
            )}
          </svg>
        </g>
      ))}
      {isOpen && nowAt >= first && (
        <g class="now">
          <line {...vertical(positionOf(nowAt, round))} y1="20" y2="64" />
        </g>
      )}
    </svg>
  )
}

function SlotMark({ slot, round, index }: { slot: Slot; round: Round; index: number }) {
  const due = percent(index / roomsOf(round))
  const started = slot.startedMs ?? slot.dueMs
  const late = started - slot.dueMs
  const at = positionOf(late > LATE_MS ? started : slot.dueMs, round)
  const kind = slot.startedMs === undefined ? 'open' : slot.result === null ? 'under-way' : resultKind(slot.result)
  return (
    <g class={`slot ${kind}`}>
      <title>{slotText(slot)}</title>
      <svg x={due} y="0" overflow="visible">
        <line class="tick" x1="9" x2="9" y1={AXIS_Y - 13} y2={AXIS_Y + 13} />
        {slot.waitMs !== undefined && (
          <text class="wait" x="5" y="16">
            +{durationText(slot.waitMs)}
          </text>
        )}
        <text class="outcome" x="5" y="74">
          {slot.startedMs === undefined ? '' : slot.result === null ? '…' : shortText(slot)}
        </text>
      </svg>
      {late > LATE_MS && (
        <line class="late" x1={due} x2={percent(at)} y1={AXIS_Y} y2={AXIS_Y} transform="translate(9 0)" />
      )}
      <svg x={percent(at)} y={AXIS_Y} overflow="visible">
        <Shape kind={kind} />
      </svg>
    </g>
  )
}

/** Colour is not all: confirmed is round, refused is square, no answer stands on its corner. */
function Shape({ kind }: { kind: string }) {
  if (kind === 'refused') return <rect class="shape" x="3" y="-6" width="12" height="12" rx="2" />
  if (kind === 'silent') return <path class="shape" d="M9-8l8 8-8 8-8-8z" />
  return <circle class="shape" cx="9" cy="0" r="6.5" />
}

function shortText({ result }: Slot): string {
  return result === null ? '' : result.kind === 'responded' ? String(result.status) : 'none'
}

function slotText({ retry, result, startedMs, dueMs }: Slot): string {
  const what = retry === 0 ? 'first delivery' : `retry ${retry}`
  if (startedMs === undefined) return `${what}: due at ${clockText(dueMs)}`
  const late = startedMs - dueMs > LATE_MS ? `, ${durationText(startedMs - dueMs)} late` : ''
  return `${what}: ${result === null ? 'under way' : resultText(result)} at ${clockText(startedMs)}${late}`
}

function spoken({ slots }: Round): string {
  const made = slots.filter(({ startedMs }) => startedMs !== undefined)
  return `${times(made.length, 'attempt')} made, ${slots.length - made.length} to come. ${made.map(slotText).join('; ')}`
}

function clockText(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB')
}

function roomsOf({ slots, spare }: Round): number {
  return slots.length + spare.length
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)}%`
}

function vertical(part: number): { x1: string; x2: string } {
  return { x1: percent(part), x2: percent(part) }
}
