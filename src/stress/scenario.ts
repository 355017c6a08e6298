import { formatDuration } from '../delivery/duration.ts'
import { FAULTS } from '../delivery/fault.ts'
import { nearest, UsageError } from '../errors.ts'
import type { FaultShares, LoadStage } from './load-plan.ts'
import { amountText } from './schedule-text.ts'
import { totalOf } from './schedule.ts'

/** The names of the presets. */
export const SCENARIOS = ['campaign', 'outage', 'backlog'] as const
/** One of them. */
export type ScenarioName = (typeof SCENARIOS)[number]

/** A load that has a story. Its numbers are ours (nobody publishes Qualifio's), so they are printed. */
export interface Scenario {
  readonly name: ScenarioName
  /** What it plays, a few words. */
  readonly story: string
  readonly stages: readonly LoadStage[]
  /** Events per payload. */
  readonly batch: number
  readonly faults: FaultShares
  /** Waits of the retries are this many times shorter. */
  readonly speed: number
  /** How long retries may take to finish after the last first delivery. */
  readonly drainMs: number
}

const PRESETS = {
  campaign: {
    story: 'quiet, then a mailing, then a long tail',
    stages: [
      { durationMs: 10_000, fromPerSecond: 5, toPerSecond: 5 },
      { durationMs: 5000, fromPerSecond: 5, toPerSecond: 300 },
      { durationMs: 20_000, fromPerSecond: 300, toPerSecond: 300 },
      { durationMs: 30_000, fromPerSecond: 300, toPerSecond: 20 },
      { durationMs: 15_000, fromPerSecond: 20, toPerSecond: 5 },
    ],
    batch: 1,
    faults: { duplicate: 0.01 },
    speed: 60,
    drainMs: 30_000,
  },
  // The 127 s of the retries take 32 s here: a receiver that is away for less loses nothing.
  outage: {
    story: 'steady, long enough for the receiver to die and come back',
    stages: [{ durationMs: 120_000, fromPerSecond: 50, toPerSecond: 50 }],
    batch: 1,
    faults: {},
    speed: 4,
    drainMs: 40_000,
  },
  backlog: {
    story: 'what has piled up comes at once, in batches',
    stages: [
      { durationMs: 20_000, fromPerSecond: 50, toPerSecond: 50 },
      { durationMs: 10_000, fromPerSecond: 50, toPerSecond: 5 },
    ],
    batch: 50,
    faults: { duplicate: 0.02, reorder: 0.05 },
    speed: 60,
    drainMs: 30_000,
  },
} as const satisfies Record<ScenarioName, Omit<Scenario, 'name'>>

/**
 * A preset by its name.
 * @throws UsageError when there is none
 */
export function parseScenario(text: string, where = '--scenario'): Scenario {
  const name = SCENARIOS.find((known) => known === text)
  if (name !== undefined) return { name, ...PRESETS[name] }
  const near = nearest(text, SCENARIOS)
  throw new UsageError(
    `${where} ${text}: must be one of ${SCENARIOS.join(', ')}${near === undefined ? '.' : `; did you mean ${near}?`}`,
  )
}

/** A scenario as it is played, after what the user changed in it. */
export interface PlayedScenario extends Omit<Scenario, 'speed'> {
  /** Deliveries at most, where it is cut short. */
  readonly count?: number | undefined
  readonly speed: number | 'max'
}

function retriesText(speed: number | 'max'): string {
  if (speed === 'max') return 'retries at once'
  if (speed === 1) return 'retries as at Qualifio'
  return speed > 1 ? `retries ${speed} times faster` : `retries ${Number((1 / speed).toPrecision(3))} times slower`
}

/** One line that says what a scenario does, with all its numbers. */
export function scenarioText({ name, story, stages, count, batch, faults, speed, drainMs }: PlayedScenario): string {
  const schedule = { kind: 'open', stages, ...(count === undefined ? {} : { count }) } as const
  const { durationMs = 0 } = totalOf(schedule)
  const parts = [
    `${amountText(schedule)} in ${formatDuration(durationMs)}`,
    `${batch} ${batch === 1 ? 'event' : 'events'} each`,
    ...FAULTS.flatMap((fault) => (faults[fault] === undefined ? [] : [`${fault}:${percentOf(faults[fault])}%`])),
    retriesText(speed),
    `then up to ${formatDuration(drainMs)} to finish them`,
  ]
  return `${name} (${story}): ${parts.join(', ')}`
}

function percentOf(share: number): number {
  return Math.round(share * 1e4) / 100
}
