// `npm run bench`: what the performance section of the README quotes. Everything stays on this machine's loopback.
import { existsSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { measureDelivery } from './delivery.mjs'
import { measureListen } from './listen.mjs'
import { measureGeneration } from './generation.mjs'
import { measureStartUp } from './start-up.mjs'

if (!existsSync(fileURLToPath(new URL('../dist/main.cjs', import.meta.url)))) {
  console.error('bench: dist/ is missing: run `npm run build` first.')
  process.exit(2)
}

const rows = []
for (const measure of [measureStartUp, measureGeneration, measureDelivery, measureListen]) {
  rows.push(...(await measure((text) => console.error(`… ${text}`))))
}

const [{ model }] = cpus()
const gib = Math.round(totalmem() / 2 ** 30)
console.log(`${model.trim()}, ${cpus().length} cores, ${gib} GiB; Node ${process.versions.node}\n`)
const table = [['measured', 'result', 'goal'], ...rows]
const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)))
const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
console.log(
  [line(table[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n'),
)
