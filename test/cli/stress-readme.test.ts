import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseScenario, SCENARIOS, scenarioText } from '../../src/stress/scenario.ts'
import { parseThreshold } from '../../src/stress/threshold.ts'
import { closeReceivers, receiver, stressOf } from './stressing.ts'

closeReceivers()
const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')
const section = /^## stress: [\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? ''

/** A line with every number, and what depends on numbers, taken out. */
const shapeOf = (line: string): string =>
  line
    .replace(/127\.0\.0\.1:\d+|localhost:\d+/, 'HOST')
    .replace(/\d[\d,.]*/g, 'N')
    .replace(/N m?s/g, 'N ms')
    .replace(/(kept {3}|crossed)/, 'VERDICT')

test('the output in the README is what is printed, but for its figures', async () => {
  const [, shown = ''] = /<!-- output: stress -->\n+```text\n([\s\S]*?)```/.exec(section) ?? []
  const target = await receiver((nth) => (nth % 30 === 29 ? 503 : 204), { delayMs: 40 })
  const args = ['--rate', '20/s..150/s', '--duration', '2s', '--connections', '3', '--seed', '42']
  const limits = ['--threshold', 'p99<250ms', '--threshold', 'dropped<1%', '--now', '2026-01-31T12:00:00Z']
  const { stdout, stderr, exitCode } = await stressOf(target, [...args, ...limits])
  const printed = new Set((stderr + stdout).split('\n').map(shapeOf))
  const isChance = /^N % did not fit|^requests$|^after retries|^answers N to|^our schedule/
  const lines = shown.split('\n').map(shapeOf)
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines.filter((one) => !isChance.test(one))) expect(printed).toContain(line)
  expect(exitCode).toBe(4)
})

test('the numbers of the scenarios are those that are played', () => {
  for (const name of SCENARIOS) expect(section).toContain(`${scenarioText(parseScenario(name))}\n`)
})

test('the names that a threshold may have are all there', () => {
  let told = ''
  try {
    parseThreshold('nothing<1')
  } catch (error) {
    told = (error as Error).message
  }
  const names = (/it is one of (.*)\.$/.exec(told)?.[1] ?? '').split(', ')
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) expect(section).toContain(`\`${name}\``)
})
