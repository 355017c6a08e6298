import { describe, expect, test } from 'vitest'
import { folderOf } from './endpoints.ts'
import { closeReceivers, receiver, stress } from './stressing.ts'

closeReceivers()

const summary = { deliveries: 1, requests: 1, latencyMs: { p99: 1 } }
const cwd = folderOf({ 'text.json': 'no json', 'other.json': { command: 'send' }, 'old.json': { summary } })
const LOAD = ['earning', '--rate', '10/s', '--count', '5'] as const

describe('what cannot be run is told before anything is sent', () => {
  test.concurrent.each<[args: readonly string[], says: RegExp]>([
    [['--rate', '10/s', '--count', '5'], /which event\? For instance: earning/],
    [['earnin', '--rate', '10/s', '--count', '5'], /did you mean .*earning/],
    [['random', 'earning', '--rate', '10/s', '--count', '5'], /"random" stands alone/],
    [['earning'], /how much is to be sent\?/],
    [['earning', '--rate', '10/s'], /--rate needs an end/],
    [['earning', '--rate', '10', '--count', '5'], /did you mean 10\/s\?/],
    [['earning', '--rate', '0/s', '--duration', '5s'], /nothing would ever be due/],
    [['earning', '--rate', '2000000/s', '--duration', '5s'], /at most 1000000\/s/],
    [['earning', '--rate', '1/s..9/s', '--count', '5'], /a ramp needs --duration|ramp needs --duration/],
    [['earning', '--rate', '10/s', '--stages', '1s@5/s'], /--rate and --stages/],
    [['earning', '--stages', '1s@5/s', '--duration', '5s'], /--duration and --stages clash/],
    [['earning', '--stages', '1s'], /stage 1 "1s" is no stage/],
    [['earning', '--stages', '1s@5/s,0s@5/s'], /stage 2 .* has no length/],
    [['--scenario', 'campain'], /did you mean campaign/],
    [['--scenario', 'outage', '--rate', '5/s'], /--scenario has its own schedule/],
    [['--scenario', 'outage', '--stages', '1s@5/s'], /--scenario has its own schedule/],
    [['--scenario', 'outage', '--duration', '5s'], /--scenario has its own schedule/],
    [[...LOAD, '--duration', '0s'], /--duration/],
    [['earning', '--rate', '10/s', '--count', '0'], /--count 0/],
    [[...LOAD, '--connections', '0'], /--connections 0/],
    [[...LOAD, '--max-in-flight', 'many'], /--max-in-flight many/],
    [[...LOAD, '--workers', '65'], /--workers 65/],
    [[...LOAD, '--drain', 'long'], /--drain/],
    [[...LOAD, '--max-requests', '0'], /--max-requests 0/],
    [[...LOAD, '--max-time', '0s'], /--max-time/],
    [[...LOAD, '--batch', 'max'], /--batch max: a load has no last event/],
    [[...LOAD, '--batch', '0'], /--batch 0/],
    [[...LOAD, '--speed', '0'], /--speed/],
    [[...LOAD, '--retries', '101'], /--retries 101/],
    [[...LOAD, '--seed', '-1'], /--seed/],
    [[...LOAD, '--now', 'yesterday'], /--now/],
    [[...LOAD, '--contract', 'assumed'], /assumed-1/],
    [[...LOAD, '--fault', 'duplicate'], /has no share/],
    [[...LOAD, '--fault', 'duplicate:2'], /"2" is no share/],
    [[...LOAD, '--fault', 'duplicat:5%'], /did you mean duplicate/],
    [[...LOAD, '--fault', 'duplicate:5%', '--fault', 'duplicate:5%'], /given twice/],
    [[...LOAD, '--fault', 'duplicate:60%', '--fault', 'reorder:60%'], /add up to 120 %/],
    [[...LOAD, '--fault', 'wrong-signature:5%'], /^qualifio-sim: .*without a secret nothing is signed/],
    [[...LOAD, '--threshold', 'p95<250ms'], /there is no "p95" to hold; .*It is one of p50, p90/],
    [[...LOAD, '--threshold', 'p99=250ms'], /it compares with/],
    [[...LOAD, '--threshold', 'p99<250'], /no limit for p99/],
    [[...LOAD, '--threshold', 'blocked<1ms'], /no limit for blocked/],
    [['earning', '--rate', 'max', '--count', '5', '--threshold', 'lateness<5ms'], /lateness with --rate max/],
    [[...LOAD, '--report', 'pdf=x'], /expected FORM=FILE with one of .*html/],
    [
      [...LOAD, '--report', 'html=nowhere/r.html'],
      /^qualifio-sim: --report html=nowhere\/r\.html: the folder nowhere does not exist/,
    ],
    [[...LOAD, '--format', 'html'], /--format html/],
    [[...LOAD, '--report', 'json=r', '--report', 'html=r'], /also an output/],
    [[...LOAD, '--compare', 'missing.json'], /missing\.json/],
    [[...LOAD, '--compare', 'text.json'], /--compare text\.json is no JSON/],
    [[...LOAD, '--compare', 'other.json'], /--compare other\.json is no result of stress/],
    [[...LOAD, '--compare', 'old.json', '--json', '--output', 'old.json'], /is also an input/],
    [[...LOAD, '--secret', 'a', '--secret-file', 'text.json'], /--secret/],
    [[...LOAD, '--basic', 'a:b', '--bearer', 'c'], /--basic|--bearer/],
    [[...LOAD, '--allow-host', ''], /--allow-host/],
    [[...LOAD, '--allow-host', 'http://x/'], /http:\/\/x\/: is no host name; write the name alone/],
    [[...LOAD, '--allow-host', 'x:80'], /is no host name/],
    [[...LOAD, '--batch', '0'], /--batch 0: .*1-10000/],
    [[...LOAD, '--batch', 'max'], /a load has no last event/],
    [[...LOAD, '--threshold', 'p99<5ms', '--threshold', 'p99<5ms'], /p99<5ms is given twice/],
    [['earning', 'earning', '--rate', '5/s', '--count', '5'], /^qualifio-sim: earning is named twice/],
    [[...LOAD, '--concurrency', '5'], /--concurrency/],
  ])('%j', async (args, says) => {
    const target = await receiver()
    const { exitCode, stdout, stderr } = await stress([...args, '--to', target.url], { cwd })
    expect(stderr).toMatch(says)
    expect({ exitCode, stdout, requests: target.got.length }).toEqual({ exitCode: 2, stdout: '', requests: 0 })
  })
})
