// The runs of stress.sh: in turns, so that what else the machine does befalls all alike; medians, and ratios to ours.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatePayloads, sign } from '../dist/index.js'

const [url, folder, seconds, rounds] = [
  process.argv[2],
  process.argv[3],
  Number(process.argv[4]),
  Number(process.argv[5]),
]
const bin = fileURLToPath(new URL('../bin/qualifio-sim.js', import.meta.url))
const secret = 'a-secret-of-the-benchmark'
const [{ body }] = await generatePayloads({ events: 'earning', seed: 1 })
const signature = sign(secret, body)
const bodyFile = join(folder, 'body.json')
const luaFile = join(folder, 'post.lua')
const cannonFile = join(folder, 'cannon.cjs')
writeFileSync(bodyFile, body)
writeFileSync(
  luaFile,
  `wrk.method = "POST"
local file = io.open(${JSON.stringify(bodyFile)}, "rb")
wrk.body = file:read("*a")
file:close()
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-Qualifio-Signature"] = "${signature}"
`,
)
writeFileSync(
  cannonFile,
  `const { readFileSync } = require('node:fs')
require('autocannon')(
  {
    url: ${JSON.stringify(url)},
    connections: 50,
    duration: ${seconds},
    method: 'POST',
    body: readFileSync(${JSON.stringify(bodyFile)}),
    headers: { 'content-type': 'application/json', 'x-qualifio-signature': ${JSON.stringify(signature)} },
  },
  (_, result) => console.log(result['2xx'] / result.duration),
)
`,
)

const onSecondCore = ['taskset', '-c', '1']

function run(command, pinned = onSecondCore) {
  const [file, ...args] = [...pinned, ...command]
  const { stdout, stderr, status } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`)
  return stdout
}

function ours(rest, pinned) {
  const to = ['stress', 'earning', '--to', url, '--secret', secret, '--max-requests', '100000000', '--format', 'json']
  return JSON.parse(run([process.execPath, bin, ...to, ...rest], pinned))
}

const max = (...rest) => ['--rate', 'max', '--duration', `${seconds}s`, ...rest]
const number = (text, pattern) => Number(pattern.exec(text)?.[1])
const CANDIDATES = {
  'qualifio-sim': () => ours(max()).requestsPerSecond,
  autocannon: () => Number(run([process.execPath, cannonFile])),
  wrk: () => number(run(['wrk', '-t1', '-c50', `-d${seconds}s`, '-s', luaFile, url]), /Requests\/sec:\s+([\d.]+)/),
  hey: () => {
    const post = ['-m', 'POST', '-D', bodyFile, '-T', 'application/json', '-H', `X-Qualifio-Signature: ${signature}`]
    return number(run(['hey', '-c', '50', '-z', `${seconds}s`, ...post, url]), /Requests\/sec:\s+([\d.]+)/)
  },
  'one worker, not pinned': () => ours(max(), []).requestsPerSecond,
  'two workers, not pinned': () => ours(max('--workers', '2'), []).requestsPerSecond,
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const rates = Object.fromEntries(Object.keys(CANDIDATES).map((name) => [name, []]))
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(CANDIDATES)) rates[name].push(measure())
}
const [own, one] = [rates['qualifio-sim'], rates['one worker, not pinned']]
for (const [name, values] of Object.entries(rates)) {
  const base = name.includes('worker') ? one : own
  const ratios = base.map((value, round) => (name.includes('worker') ? values[round] / value : value / values[round]))
  const raw = values.map((value) => Math.round(value)).join(' ')
  console.log(
    `${name.padEnd(24)} ${String(Math.round(median(values))).padStart(7)}/s  ratio ${median(ratios).toFixed(2)}  (${raw})`,
  )
}

const open = ours(['--rate', '5000/s', '--duration', `${2 * seconds}s`])
const { p99, max: worst } = open.latenessMs ?? open.summary.latenessMs
const { dropped } = open.books
console.log(`open loop, 5,000/s for ${2 * seconds} s: lateness p99 ${p99} ms, max ${worst} ms; ${dropped} dropped`)
