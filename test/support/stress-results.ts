import type { StressPage } from '../../src/report/stress-page/page.ts'
import type { Percentiles, StressResult, StressSecond } from '../../src/stress/result.ts'

/** How a receiver does in one second of a made-up run. */
interface Weather {
  /** Median latency. */
  readonly medianMs: number
  /** 1 is even, 3 has a long tail. */
  readonly spread: number
  /** Shares of the requests. */
  readonly status503: number
  readonly refused: number
}

interface Plan {
  readonly seconds: number
  /** After which nothing new is due. */
  readonly loadS: number
  readonly duePerSecond: (second: number) => number
  readonly weather: (second: number) => Weather
}

/** Waits between tries in seconds, as from `--speed 60`. */
const WAITS_S = [1, 1, 1, 2, 2, 3, 4]

/** A run that never happened, second by second, with books that balance; the same every time. */
export function madeUp(plan: Plan): StressResult {
  const noise = wobble(7)
  const retriesDue: number[][] = []
  const deliveredAfter = Array.from({ length: 8 }, () => 0)
  const books = { delivered: 0, deliveredAfter, blocked: 0, dropped: 0, retries: 0, failedFirst: 0, lostAcks: 0 }
  const totals = { deliveries: 0, answeredFirst: 0, requests: 0, ok: 0, unavailable: 0, refused: 0 }
  const buckets = new Map<number, number>()
  const timeline: StressSecond[] = []
  for (let second = 0; second < plan.seconds; second++) {
    const weather = plan.weather(second)
    const due = second < plan.loadS ? Math.round(plan.duePerSecond(second) * (0.99 + 0.02 * noise())) : 0
    const dropped = weather.medianMs > 2000 ? Math.round(due * 0.06) : 0
    const cohorts = [due - dropped, ...(retriesDue[second] ?? [])]
    const answers = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, failed: 0 }
    let [delivered, blocked, answeredFirst] = [0, 0, 0]
    for (let retry = 0; retry <= WAITS_S.length; retry++) {
      const sent = cohorts[retry] ?? 0
      const failed = Math.round(sent * weather.refused)
      const refused503 = Math.round((sent - failed) * weather.status503)
      const ok = sent - failed - refused503
      answers.failed += failed
      answers['5xx'] += refused503
      answers['2xx'] += ok
      delivered += ok
      books.deliveredAfter[retry] = (books.deliveredAfter[retry] ?? 0) + ok
      if (retry > 0) books.retries += sent
      else {
        answeredFirst = sent - failed
        books.failedFirst += failed + refused503
      }
      const wait = WAITS_S[retry]
      if (wait === undefined) blocked += failed + refused503
      else {
        const later = (retriesDue[second + wait] ??= Array.from({ length: WAITS_S.length }, () => 0))
        later[retry] = (later[retry] ?? 0) + failed + refused503
      }
    }
    const ended = answers['2xx'] + answers['5xx'] + answers.failed
    const latencyMs = percentilesOf(weather, noise)
    for (let one = 0; one < answeredFirst; one++) {
      const deviations = normalQuantile((one + noise()) / answeredFirst)
      const ms = bucketOf(weather.medianMs * Math.exp(weather.spread * 0.42 * deviations))
      buckets.set(ms, (buckets.get(ms) ?? 0) + 1)
    }
    totals.deliveries += due
    totals.answeredFirst += answeredFirst
    totals.requests += ended
    totals.ok += answers['2xx']
    totals.unavailable += answers['5xx']
    totals.refused += answers.failed
    books.delivered += delivered
    books.blocked += blocked
    books.dropped += dropped
    timeline.push({
      second,
      due,
      answers,
      delivered,
      blocked,
      dropped,
      retriesWaiting: retriesDue.slice(second + 1).reduce((all, some) => all + some.reduce((a, b) => a + b, 0), 0),
      inFlight: Math.min(50, Math.round((ended * weather.medianMs) / 1000)),
      ...(ended === answers.failed ? {} : { latencyMs }),
    })
  }
  const distribution = [...buckets].toSorted(([a], [b]) => a - b).map(([ms, count]) => ({ ms, count }))
  const at = (share: number): number => {
    let left = share * totals.answeredFirst
    return distribution.find(({ count }) => (left -= count) <= 0)?.ms ?? 0
  }
  const latencyMs = { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: distribution.at(-1)?.ms ?? 0 }
  return {
    books: {
      deliveries: totals.deliveries,
      ...books,
      interrupted: totals.deliveries - books.delivered - books.blocked - books.dropped,
      refused: 0,
      wronglyAccepted: 0,
      unproven: 0,
      forged: 0,
      forgedAnswers: {},
      requests: totals.requests,
    },
    durationMs: plan.seconds * 1000 - 130,
    loadMs: plan.loadS * 1000,
    offeredPerSecond: totals.deliveries / plan.loadS,
    startedPerSecond: (totals.deliveries - books.dropped) / plan.loadS,
    answeredPerSecond: (totals.deliveries - books.dropped) / plan.loadS,
    requestsPerSecond: totals.requests / plan.seconds,
    latencyMs,
    answeredFirst: totals.answeredFirst,
    timedOutFirst: 0,
    ...(books.retries === 0 ? {} : { retryLatencyMs: { ...latencyMs, p50: latencyMs.p50 / 2 } }),
    latenessMs: { p99: 0.84, max: 3.1 },
    distribution,
    statuses: {
      ...(totals.ok === 0 ? {} : { '204': totals.ok }),
      ...(totals.unavailable === 0 ? {} : { '503': totals.unavailable }),
    },
    failures: totals.refused === 0 ? {} : { refused: totals.refused },
    bytesSent: totals.requests * 812,
    bytesReceived: totals.requests * 96,
    brokenBodies: 0,
    timeline,
    endedBy: 'schedule',
  }
}

const CALM: Weather = { medianMs: 4.2, spread: 1, status503: 0, refused: 0 }

/** Nothing happens, for as long as is asked. */
export function smoothRun(seconds: number): StressResult {
  return madeUp({ seconds, loadS: seconds, duePerSecond: () => 500, weather: () => CALM })
}

/** The receiver slows down, dies for 15 s, and comes back; some deliveries have used up their retries by then. */
export function outageRun(): StressResult {
  return madeUp({
    seconds: 90,
    loadS: 75,
    duePerSecond: () => 400,
    weather: (second) => {
      if (second < 22) return CALM
      if (second < 30)
        return { medianMs: 4.2 * 2 ** (second - 21), spread: 1.4, status503: (second - 21) * 0.05, refused: 0 }
      if (second < 45) return { medianMs: 0.6, spread: 0.8, status503: 0, refused: 1 }
      if (second < 52) return { medianMs: 2600 / 2 ** (second - 45), spread: 1.8, status503: 0.12, refused: 0 }
      return CALM
    },
  })
}

/** Three seconds. */
export function tinyRun(): StressResult {
  return madeUp({
    seconds: 3,
    loadS: 3,
    duePerSecond: () => 20,
    weather: () => ({ ...CALM, medianMs: 1.3, status503: 0.05 }),
  })
}

/** The page of a result. */
export function pageOf(result: StressResult, facts: Partial<StressPage> = {}): StressPage {
  return {
    target: 'http://localhost:3000/webhooks/qualifio',
    contract: 'assumed-1',
    seed: 42,
    command:
      "qualifio-sim stress earning --to http://localhost:3000/webhooks/qualifio --rate 400/s --duration 75s --drain 15s --seed 42 --now 2026-03-02T09:00:00Z --threshold 'p99<250ms' --threshold 'blocked<1%'",
    toolVersion: '0.1.0',
    startedAt: '2026-03-02T09:00:00.000Z',
    schedule: '400/s for 75 s',
    pace: 'open',
    thresholds: [],
    headline: 'All thresholds held',
    sentence: 'The receiver kept up with 500/s: 99 % of first deliveries were answered within 11 ms.',
    result,
    ...facts,
  }
}

/** The page of the outage, as a person would see it. */
export function outagePage(): StressPage {
  const result = outageRun()
  const { deliveries, delivered, blocked, dropped } = result.books
  const share = (count: number): string => `${((count / (deliveries - dropped)) * 100).toFixed(2)} %`
  return pageOf(result, {
    thresholds: [
      { text: 'delivered>90%', actual: share(delivered), crossed: false },
      { text: 'p99<250ms', actual: `${(result.latencyMs.p99 / 1000).toFixed(2)} s`, crossed: true },
      { text: 'blocked<1%', actual: share(blocked), crossed: true },
    ],
    headline: '2 of 3 thresholds crossed',
    sentence: `The receiver slowed down from 22 s on and refused every connection from 30 s to 45 s: ${Math.max(
      ...result.timeline.map(({ retriesWaiting }) => retriesWaiting),
    )} retries were waiting at once, and ${blocked} deliveries were blocked.`,
  })
}

/** Log-spaced, as a histogram with two figures has them. */
function bucketOf(ms: number): number {
  const step = Math.ceil(Math.log10(Math.min(ms, 10_000)) * 12)
  return Number((10 ** (step / 12)).toPrecision(3))
}

function percentilesOf({ medianMs, spread }: Weather, noise: () => number): Percentiles {
  const at = (deviations: number): number =>
    Number(Math.min(10_000, medianMs * Math.exp(spread * 0.42 * deviations) * (0.93 + 0.14 * noise())).toPrecision(3))
  const [p50, p90, p99, p999] = [at(0), at(1.28), at(2.33), at(3.09)]
  return { p50, p90, p99, p999: Math.max(p99, p999), max: Math.max(p999, at(3.9)) }
}

/** Of the normal distribution, near enough. */
function normalQuantile(share: number): number {
  return 5.0633 * (share ** 0.135 - (1 - share) ** 0.135)
}

/** Numbers from 0 to 1 that are the same every time. */
function wobble(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
