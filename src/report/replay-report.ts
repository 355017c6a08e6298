import { createHash } from 'node:crypto'
import type { Attempt } from '../delivery/outcome.ts'
import type { Fixture } from '../fixture/fixture.ts'
import type { Mismatch } from '../fixture/expectation.ts'
import type { ReplayCounts, ReplayedFixture } from '../replay/run.ts'
import { renderJson, type SendHeader, type StoppedBy } from './send-report.ts'

/** What is known before the first request. */
export interface ReplayHeader {
  readonly schemaVersion: SendHeader['schemaVersion']
  readonly toolVersion: string
  readonly command: 'replay'
  /** The URL, query values as `…`; `embedded` for the receiver that comes with the tool. */
  readonly target: string
  readonly contract: string
  readonly speed: number | 'max'
  readonly insecure: boolean
  /** What `--fault` puts on every delivery, as written; absent without it. */
  readonly faults?: readonly string[]
}

/** One fixture and what became of it. */
export interface FixtureReport {
  readonly name: string
  readonly file: string
  readonly line?: number
  readonly result: ReplayedFixture['kind']
  /** Why it was skipped. */
  readonly reason?: string
  readonly mismatches: readonly Mismatch[]
  readonly durationMs: number
  readonly bodyBytes?: number
  readonly bodySha256?: string
  readonly outcome?: string
  readonly attempts: readonly Attempt[]
}

/** The counts of a replay. fixtures = passed + failed + skipped + interrupted + notStarted. */
export interface ReplaySummary {
  readonly fixtures: number
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly interrupted: number
  readonly notStarted: number
  readonly requests: number
}

/** How a replay ended. */
export interface ReplayEnding {
  readonly summary: ReplaySummary
  readonly stoppedBy?: StoppedBy | 'first-failure'
  /** Why the run could not go on, or nothing was judged, where that is so. */
  readonly problem?: string
  readonly exitCode: number
}

/** The document of `replay --format json`. */
export interface ReplayReport extends ReplayHeader, ReplayEnding {
  readonly fixtures: readonly FixtureReport[]
}

/** A line of `replay --format ndjson`: a fixture as it is done, and one summary at the end. */
export type ReplayLine =
  ({ readonly type: 'fixture' } & FixtureReport) | ({ readonly type: 'summary' } & ReplayHeader & ReplayEnding)

/** The result of a replay as text, bit by bit, in one of the forms of `--format`: functions to strings. */
export interface ReplayRenderer {
  fixture(result: ReplayedFixture): string
  /** A fixture that the run did not come to; for forms that list every one. */
  notStarted?(fixture: Fixture): string
  end(ending: ReplayEnding): string
}

/** The counts, against how many fixtures there were. */
export function replaySummary(counts: ReplayCounts, fixtures: number): ReplaySummary {
  const { passed, failed, skipped, interrupted, requests } = counts
  const notStarted = Math.max(0, fixtures - passed - failed - skipped - interrupted)
  return {
    fixtures: fixtures === 0 ? passed + failed + skipped + interrupted : fixtures,
    passed,
    failed,
    skipped,
    interrupted,
    notStarted,
    requests,
  }
}

/** A fixture as the reports hold it. */
export function fixtureReport(replayed: ReplayedFixture): FixtureReport {
  const { fixture, kind } = replayed
  const facts = {
    name: fixture.name,
    file: fixture.place.file,
    ...(fixture.place.line === undefined ? {} : { line: fixture.place.line }),
    result: kind,
  }
  if (replayed.kind === 'skipped')
    return { ...facts, reason: replayed.reason, mismatches: [], durationMs: 0, attempts: [] }
  const { request, outcome, mismatches, durationMs } = replayed
  return {
    ...facts,
    mismatches,
    durationMs: Math.round(durationMs * 100) / 100,
    bodyBytes: request.body.length,
    bodySha256: createHash('sha256').update(request.body).digest('hex'),
    outcome: outcome.outcome,
    attempts: outcome.attempts,
  }
}

/** One document at the end. */
export function replayJsonRenderer(header: ReplayHeader): ReplayRenderer {
  const fixtures: FixtureReport[] = []
  return {
    fixture(result) {
      fixtures.push(fixtureReport(result))
      return ''
    },
    end: (ending) => renderJson({ ...header, fixtures, ...ending } satisfies ReplayReport),
  }
}

/** A line per fixture and one summary. */
export function replayNdjsonRenderer(header: ReplayHeader): ReplayRenderer {
  const line = (value: ReplayLine): string => `${JSON.stringify(value)}\n`
  return {
    fixture: (result) => line({ type: 'fixture', ...fixtureReport(result) }),
    end: (ending) => line({ type: 'summary', ...header, ...ending }),
  }
}
