import { describe, expect, test } from 'vitest'
import { sentenceOf } from '../../src/stress/sentence.ts'
import { recorded } from './recorded.ts'

describe('of runs against receivers whose limits are known, the sentence tells', () => {
  test.each<[truth: string, name: string, sentence: string]>([
    ['237/s, under a ramp to 400/s', 'i2', 'latency grows from about 240/s (p99 3.5 s in all)'],
    ['237/s, once more', 'j1', 'latency grows from about 240/s (p99 3.6 s in all)'],
    ['240/s, under a ramp to 500/s', 'j2', 'latency grows from about 240/s (p99 5.8 s in all)'],
    [
      '237/s, where the rest is dropped',
      'd5',
      '25 % did not fit into the connections and were dropped from about 240/s',
    ],
    ['237/s, with a ramp that ends soon after', 'i3', 'latency grows from about 230/s (p99 366 ms in all)'],
    ['230/s, with steep ramp', 'j4', 'latency grows from about 230/s (p99 7.8 s in all)'],
    [
      '235/s, where the rest is dropped',
      'e6',
      '15 % did not fit into the connections and were dropped from about 230/s',
    ],
    ['235/s, in a burst between quiet times', 'e7', 'latency grows from about 240/s (p99 2.1 s in all)'],
    ['190/s, with another time each', 'g2', '44 % did not fit into the connections and were dropped from about 190/s'],
    ['164/s from 5 s on', 'g3', '9 % did not fit into the connections and were dropped from 5 s on: takes about 164/s'],
    ['nothing, as five are let in at once', 'g6', '63 % did not fit under --max-in-flight 5 and were dropped'],
    ['20/s', 'f6', 'latency grows all the time: takes about 20/s (p99 3.1 s in all)'],
    [
      'no answer from 3 s to 13 s',
      'h1',
      '65 % did not fit into the connections and were dropped; 17 % of requests failed (timeout), no answer for 10 s from 3 s on',
    ],
    ['no answer from 3 s to 6 s', 'h2', '13 % of requests failed (timeout), no answer for 3 s from 3 s on'],
    ['no answer from 2 s to 5 s', 'd7', '39 % of requests failed (timeout), no answer for 3 s from 2 s on'],
    ['no answer from 2 s to 4 s', 'e5', '20 % of requests failed (timeout), no answer for 2 s from 2 s on'],
    ['no answer from 1 s on', 'g5', '83 % of requests failed (timeout), no answer from 1 s on'],
    ['frozen for 0.9 s of 1.5', 'k5', 'kept up: p99 898 ms at 100/s, with waits of up to 915 ms in 5 of 8 s'],
    ['frozen for 0.6 s of 2', 'b5', 'kept up: p99 603 ms at 200/s, with waits of up to 613 ms in 4 of 10 s'],
    ['slow for 4 s', 'b6', 'kept up: p99 788 ms at 100/s, at most 10 ms after the first 4 s'],
    ['more than 500/s', 'k1', 'kept up: p99 81 ms at 500/s'],
    ['more than 50/s', 'a1', 'kept up: p99 30 ms at 50/s'],
  ])('%s (%s)', (_, name, sentence) => {
    const { result, kind, limits } = recorded(name)
    const told = sentenceOf(result, kind, limits)
    expect(told.slice(0, sentence.length)).toBe(sentence)
    // Nothing else but how late we were, and how many requests that cost.
    expect(told.slice(sentence.length)).toMatch(
      /^(; our own schedule .*|; [\d.]+ requests per delivery|; 83 % of .*)?$/,
    )
  })
})
