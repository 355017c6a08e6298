import { expect, test } from 'vitest'
import { DEFAULT_RETRY, retryPolicy, totalDelayMs } from '../../src/delivery/retry-policy.ts'
import { parseScenario, SCENARIOS, scenarioText } from '../../src/stress/scenario.ts'
import { totalOf } from '../../src/stress/schedule.ts'

test.each([
  [
    'campaign',
    'campaign (quiet, then a mailing, then a long tail): 10 s at 5/s, 5 s from 5/s to 300/s, 20 s at 300/s, 30 s from 300/s to 20/s, 15 s from 20/s to 5/s; 11,800 deliveries in 1 min 20 s, 1 event each, duplicate:1%, retries 60 times faster, then up to 30 s to finish them',
  ],
  [
    'outage',
    'outage (steady, long enough for the receiver to die and come back): 2 min at 50/s; 6,000 deliveries in 2 min, 1 event each, retries 4 times faster, then up to 40 s to finish them',
  ],
  [
    'backlog',
    'backlog (what has piled up comes at once, in batches): 20 s at 50/s, 10 s from 50/s to 5/s; 1,275 deliveries in 30 s, 50 events each, duplicate:2%, reorder:5%, retries 60 times faster, then up to 30 s to finish them',
  ],
])('%s prints its numbers', (name, text) => {
  expect(scenarioText(parseScenario(name))).toBe(text)
})

test.each([
  [1, 'retries as at Qualifio, '],
  [0.5, 'retries 2 times slower, '],
  ['max', 'retries at once, '],
] as const)('at --speed %s it says %s', (speed, told) => {
  expect(scenarioText({ ...parseScenario('outage'), speed })).toContain(told)
})

test.each(SCENARIOS)('%s leaves its last delivery the time for all its retries', (name) => {
  const { speed, drainMs, stages } = parseScenario(name)
  const retriesMs = totalDelayMs(retryPolicy({ contractDefault: DEFAULT_RETRY })) / speed
  expect(drainMs).toBeGreaterThan(retriesMs)
  expect(totalOf({ kind: 'open', stages }).durationMs).toBeGreaterThan(retriesMs)
})

test('an unknown one is an error with the list', () => {
  expect(() => parseScenario('outrage')).toThrow(
    '--scenario outrage: must be one of campaign, outage, backlog; did you mean outage?',
  )
})
