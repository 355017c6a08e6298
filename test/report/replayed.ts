import { resultOf } from '../support/scripted-transport.ts'
import { buildRequest } from '../../src/delivery/request.ts'
import type { AttemptResult } from '../../src/delivery/outcome.ts'
import type { Mismatch } from '../../src/fixture/expectation.ts'
import type { Fixture } from '../../src/fixture/fixture.ts'
import type { ReplayedFixture } from '../../src/replay/run.ts'
import type { ReplayEnding, ReplayRenderer } from '../../src/report/replay-report.ts'

/** What of a replayed fixture matters to a report. */
export interface Told {
  readonly name?: string
  readonly file?: string
  readonly line?: number
  readonly kind?: ReplayedFixture['kind']
  readonly reason?: string
  readonly mismatches?: readonly Mismatch[]
  readonly body?: string | Uint8Array
  readonly results?: readonly AttemptResult[]
  readonly durationMs?: number
}

const URL_SENT_TO = new URL('http://localhost:3000/webhooks')

/** A replayed fixture that passed with one 204 unless something else is told of it. */
export function replayed(told: Told = {}, number = 1): ReplayedFixture {
  const { name = 'earning', file = 'earning.json', line, kind = 'passed', mismatches = [], body = '[]' } = told
  const bytes = Buffer.from(body)
  const fixture: Fixture = {
    name,
    place: { file, ...(line !== undefined && { line }) },
    source: { kind: 'bytes', bytes },
    sign: true,
    authorization: true,
  }
  if (kind === 'skipped') return { fixture, number, kind, reason: told.reason ?? 'needs --secret' }
  const request = buildRequest({ url: URL_SENT_TO, userAgent: 'x', secret: 'a' }, bytes)
  const attempts = (told.results ?? [resultOf(204)]).map((result, retry) => ({
    retry,
    startedAt: '2026-01-01T00:00:00.000Z',
    dueAtSimulated: '2026-01-01T00:00:00.000Z',
    durationMs: 5,
    result,
  }))
  const outcome = { outcome: kind === 'passed' ? 'delivered' : kind === 'failed' ? 'blocked' : kind, attempts } as const
  return { fixture, number, kind, request, outcome, mismatches, durationMs: told.durationMs ?? 5 }
}

/** The whole text of a report about these fixtures. */
export function reportOf(renderer: ReplayRenderer, list: readonly Told[], ending: Partial<ReplayEnding> = {}): string {
  const results = list.map((told, index) => replayed(told, index + 1))
  const count = (wanted: ReplayedFixture['kind']): number => results.filter(({ kind }) => kind === wanted).length
  const summary = {
    fixtures: results.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    interrupted: count('interrupted'),
    notStarted: 0,
    requests: results.length,
  }
  const texts = results.map((result) => renderer.fixture(result))
  return texts.join('') + renderer.end({ summary, exitCode: 0, ...ending })
}

/** A status that was not the expected one. */
export function wrongStatus(actual: string, expected = '2xx'): readonly Mismatch[] {
  return [{ what: 'status', expected, actual }]
}
