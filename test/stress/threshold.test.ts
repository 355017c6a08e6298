import { describe, expect, test } from 'vitest'
import { judge, parseThreshold } from '../../src/stress/threshold.ts'
import { resultOf } from './results.ts'

describe('what the user writes', () => {
  test.each([
    ['p99<250ms', { name: 'p99', operator: '<', limit: 250 }],
    ['p999 <= 1.5s', { name: 'p999', operator: '<=', limit: 1500, text: 'p999<=1.5s' }],
    ['blocked<1%', { name: 'blocked', operator: '<', limit: 1 }],
    ['amplification<1.2', { name: 'amplification', operator: '<', limit: 1.2 }],
    ['delivered>99.9%', { name: 'delivered', operator: '>', limit: 99.9 }],
    ['rate>=450/s', { name: 'rate', operator: '>=', limit: 450 }],
    ['rate>2700/m', { name: 'rate', operator: '>', limit: 45, text: 'rate>2700/m' }],
    ['rate>100/s', { name: 'rate', operator: '>', limit: 100 }],
    ['blocked<=0%', { name: 'blocked', operator: '<=', limit: 0 }],
    ['delivered>=100%', { name: 'delivered', operator: '>=', limit: 100 }],
  ])('%s', (text, threshold) => {
    expect(parseThreshold(text)).toMatchObject(threshold)
  })

  test.each([
    ['amplifcation<2', 'there is no "amplifcation" to hold; did you mean amplification? It is one of'],
    [
      'speed<5',
      'there is no "speed" to hold; it is one of p50, p90, p99, p999, max, lateness, delivered, blocked, failed, dropped, amplification, rate.',
    ],
    ['toString<5', 'there is no "toString"'],
    ['', '--threshold is empty; write a limit such as p99<250ms or delivered>99.9%.'],
    [' ', '--threshold is empty'],
    ['p99', 'it compares with <, <=, > or >=; write p99<250ms or 1.5s.'],
    ['p99=250ms', 'it compares with'],
    ['p99<>250ms', 'it compares with'],
    ['p99<250', '"250" is no limit for p99; write p99<250ms.'],
    ['p99<=70', 'write p99<=70ms.'],
    ['delivered>99.9', '"99.9" is no limit for delivered; write delivered>99.9%.'],
    ['p98<5ms', 'did you mean p99? It'],
    ['p95<5ms', 'did you mean p99? It'],
    ['p75<5ms', 'did you mean p90? It'],
    ['p9999<5ms', 'did you mean p999? It'],
    ['p99.9<5ms', 'did you mean p999? It'],
    ['delivered>100%', 'delivered is never above 100%, so this is never kept; write delivered>=100%.'],
    ['blocked<0%', 'blocked is never below 0, so this is never kept; write blocked<=0%.'],
    ['p99<0ms', 'p99 is never below 0, so this is never kept; write p99<250ms or 1.5s.'],
    ['amplification<1', 'a delivery costs 1 request at least, so this is never kept; write amplification<1.2.'],
    ['amplification<=0.5', 'never kept'],
    ['blocked<150%', 'blocked is a share, which is never above 100%; write blocked<1%.'],
    ['delivered>100.1%', 'never above 100%; write delivered>99.9%.'],
    ['p99<5/m', 'is no limit'],
    ['p99<1%', '"1%" is no limit for p99'],
    ['blocked<1', '"1" is no limit for blocked; write blocked<1%.'],
    ['rate>450', 'write rate>450/s'],
    ['amplification<120%', 'write amplification<1.2'],
    ['p99<-1ms', 'is no limit'],
  ])('%s is an error', (text, told) => {
    expect(() => parseThreshold(text)).toThrow(told)
  })
})

describe('the verdict', () => {
  const result = resultOf({
    books: {
      deliveries: 1100,
      dropped: 100,
      delivered: 970,
      deliveredAfter: [900, 60, 10],
      blocked: 20,
      refused: 9,
      wronglyAccepted: 1,
      // One of each forged one.
      requests: 1495,
    },
    latencyMs: { p50: 5, p90: 40, p99: 250, p999: 800.4, max: 1200 },
    latenessMs: { p99: 12, max: 30 },
    answeredPerSecond: 448.75,
  })

  test.each<[text: string, actual: string, crossed: boolean]>([
    ['p99<250ms', '250 ms', true],
    ['p99<=250ms', '250 ms', false],
    ['p50<6ms', '5 ms', false],
    ['p999<800ms', '800.4 ms', true],
    ['max<1s', '1200 ms', true],
    ['lateness<10ms', '12 ms', true],
    // 970 of 990: neither dropped ones nor forged ones could arrive.
    ['delivered>97%', '98 % of those started', false],
    ['delivered>99.9%', '98 % of those started', true],
    ['blocked<2%', '2.02 % of those started', true],
    // 90 of 990 did not arrive at once.
    ['failed<9.1%', '9.091 % of those started', false],
    ['dropped<9.1%', '9.091 %', false],
    // 1,485 requests for the 990 that were started and meant to arrive.
    ['amplification<1.5', '1.5', true],
    ['amplification<=1.5', '1.5', false],
    ['rate>450/s', '448.8/s', true],
    ['rate>440/s', '448.8/s', false],
  ])('%s', (text, actual, crossed) => {
    expect(judge([parseThreshold(text)], result)).toEqual([{ text, actual, crossed }])
  })

  test.each([
    ['delivered>99%', '100 %'],
    ['failed<1%', '0 %'],
    ['amplification<1.05', '1'],
  ])('%s: forged ones that prove nothing count in none', (text, actual) => {
    const books = { deliveries: 400, delivered: 386, deliveredAfter: [386], unproven: 14, requests: 400 }
    expect(judge([parseThreshold(text)], resultOf({ books }))).toEqual([{ text, actual, crossed: false }])
  })

  test.each([
    // All genuine ones cost two, and as many forged ones were sent once.
    ['amplification<1.9', { unproven: 500, requests: 1500, retries: 500 }, '2'],
    // Most were never sent: what waits to the end costs nothing.
    ['amplification>1', { interrupted: 600, requests: 400, retries: 0 }, '1'],
  ])('%s is of what was sent and meant to arrive', (text, books, actual) => {
    expect(judge([parseThreshold(text)], resultOf({ books }))).toEqual([{ text, actual, crossed: true }])
  })

  test('what is near the limit is shown with the digits that tell them apart', () => {
    const near = resultOf({ books: { deliveries: 100_000, delivered: 99_899, deliveredAfter: [99_899] } })
    expect(judge([parseThreshold('delivered>99.9%')], near)).toEqual([
      { text: 'delivered>99.9%', actual: '99.899 %', crossed: true },
    ])
  })

  test.each([
    'p99<100s',
    'lateness<1s',
    'rate<5/s',
    'failed<1%',
    'delivered>=0%',
    'blocked<1%',
    'dropped<1%',
    'amplification<9',
  ])('%s is crossed when nothing was sent', (text) => {
    const nothing = resultOf({
      books: { deliveries: 0, delivered: 0, deliveredAfter: [], requests: 0 },
      answeredFirst: 0,
    })
    expect(judge([parseThreshold(text)], nothing)).toEqual([{ text, actual: 'nothing measured', crossed: true }])
  })

  test.each(['p50<100s', 'p99>0ms', 'max<1s'])('%s is crossed when nothing was answered, whatever was sent', (text) => {
    const timeouts = resultOf({ books: { delivered: 0, deliveredAfter: [], blocked: 1000 }, answeredFirst: 0 })
    expect(judge([parseThreshold(text)], timeouts)).toEqual([{ text, actual: 'nothing measured', crossed: true }])
  })

  test('failed is all that was meant to arrive and did not at once, but for what was lost on purpose', () => {
    // 980 were no forgeries; 600 of them arrived at once, and 37 would have.
    const books = { delivered: 700, deliveredAfter: [600, 100], blocked: 100, interrupted: 180 }
    const result = resultOf({ books: { ...books, refused: 15, wronglyAccepted: 5, lostAcks: 37 } })
    expect(judge([parseThreshold('failed<1%')], result)).toEqual([{ text: 'failed<1%', actual: '35 %', crossed: true }])
  })

  test.each(['amplification<1.05', 'failed<0.1%'])('%s: faults on purpose do not count', (text) => {
    const books = { requests: 1143, retries: 43, lostAcks: 43, duplicates: 100, deliveredAfter: [957, 43] }
    expect(judge([parseThreshold(text)], resultOf({ books }))).toMatchObject([{ crossed: false }])
  })
})
