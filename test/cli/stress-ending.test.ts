import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startCli } from '../support/run-cli.ts'
import { folderOf } from './endpoints.ts'
import { closeReceivers, jsonOf, nowhere, receiver, SECRET, stress, stressOf } from './stressing.ts'

closeReceivers()

describe('limits', () => {
  test.concurrent('--max-requests ends the run normally, and the headline says so', async () => {
    const targets = await Promise.all([receiver(() => 503), receiver(() => 503)])
    const args = ['--rate', '100/s', '--duration', '3s', '--max-requests', '30']
    const [text, json] = await Promise.all([
      stressOf(targets[0], args),
      stressOf(targets[1], [...args, '--speed', 'max', '--json']),
    ])
    expect(text.stdout).toMatch(/^0 of \d+ delivered .*; \d+ interrupted: stopped at --max-requests\n/m)
    expect(jsonOf(json)).toMatchObject({ books: { requests: 30 }, stoppedBy: 'max-requests', exitCode: 0 })
    expect([text.exitCode, json.exitCode, ...targets.map(({ got }) => got.length)]).toEqual([0, 0, 30, 30])
  })

  test.concurrent('--max-time ends it with what there is, and thresholds still count', async () => {
    const target = await receiver()
    const args = ['--rate', '50/s', '--duration', '20s', '--max-time', '3s', '--json']
    const result = await stressOf(target, [...args, '--threshold', 'rate>1000/s'])
    const report = jsonOf(result)
    expect(report).toMatchObject({ stoppedBy: 'max-time', endedBy: 'max-time', exitCode: 4 })
    expect(report.durationMs).toBeLessThan(4500)
    expect(report.books.delivered).toBeGreaterThan(5)
  })

  test.concurrent('--drain ends it with what there is, and says that it did', async () => {
    const cwd = folderOf({})
    const args = ['--rate', '50/s', '--count', '10', '--speed', '1', '--drain', '500ms', '--threshold', 'rate>1/s']
    const reports = ['--report', 'json=r.json', '--report', 'html=r.html']
    const result = await stressOf(await receiver(() => 503), [...args, ...reports], { cwd })
    const said = '0 of 10 delivered (0 %); 10 interrupted: --drain 500ms was over'
    expect(result.stdout).toContain(`1 of 2 thresholds crossed: ${said}\n`)
    expect(result.stdout).toMatch(/crossed {2}something is delivered \(0 of 10\)/)
    const report = jsonOf({ ...result, stdout: readFileSync(join(cwd, 'r.json'), 'utf8') })
    expect(report).toMatchObject({ stoppedBy: 'drain', endedBy: 'drain', exitCode: 4, books: { interrupted: 10 } })
    expect(report.headline).toContain(said)
    const page = readFileSync(join(cwd, 'r.html'), 'utf8')
    expect(page).toContain(said)
    expect(page).toContain('the end of the time for retries (--drain)')
    expect(result.exitCode).toBe(4)
  })

  test.concurrent('--timeout: an answer that takes longer is a failure', async () => {
    const target = await receiver(() => 204, { delayMs: 1000 })
    const args = ['--rate', '20/s', '--count', '5', '--timeout', '100ms', '--retries', '1', '--speed', 'max', '--json']
    const { books, failures } = jsonOf(await stressOf(target, args))
    expect(books).toMatchObject({ blocked: 5, requests: 10 })
    expect(failures).toEqual({ timeout: 10 })
  })
})

describe('Ctrl-C', () => {
  test.concurrent.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s once: nothing new, retries are finished, every report is written: %i', async (signal, code, said) => {
    // Fails everybody once: what is under way then is delivered by its retry.
    const seen = new Set<string>()
    const target = await receiver((_, { body }) => {
      const isNew = !seen.has(body.toString())
      seen.add(body.toString())
      return isNew ? 503 : 204
    })
    const cwd = folderOf({})
    const reports = ['--report', 'json=r.json', '--report', 'html=r.html']
    const cli = startCli(
      ['stress', 'earning', '--to', target.url, '--rate', '50/s', '--duration', '20s', '--speed', '2', ...reports],
      { cwd },
    )
    await target.came(40)
    cli.kill(signal)
    const { exitCode, stdout, stderr } = await cli.result
    expect(exitCode).toBe(code)
    expect(stderr).toContain('nothing new is sent; retries have up to 30 s (Ctrl-C again: report at once)\n')
    expect(stdout).toMatch(new RegExp(String.raw`^\d+ of \d+ delivered \(100 %\).*; ${said}\n`, 'm'))
    const report = jsonOf({ ...(await cli.result), stdout: readFileSync(join(cwd, 'r.json'), 'utf8') })
    expect(report).toMatchObject({ stoppedBy: signal, exitCode: code, books: { interrupted: 0, blocked: 0 } })
    expect(report.books.delivered).toBe(report.books.deliveries)
    expect(readFileSync(join(cwd, 'r.html'), 'utf8')).toContain('an interruption')
  })

  test.concurrent('twice: the report at once, with what was still waiting', async () => {
    const target = await receiver(() => 503)
    const args = ['stress', 'earning', '--to', target.url, '--rate', '50/s', '--duration', '20s', '--speed', '1']
    const cli = startCli([...args, '--json'])
    await target.came(30)
    cli.kill('SIGINT')
    await delay(150)
    cli.kill('SIGINT')
    const startedMs = performance.now()
    const result = await cli.result
    expect(performance.now() - startedMs).toBeLessThan(3000)
    const report = jsonOf(result)
    expect(report).toMatchObject({ stoppedBy: 'SIGINT', exitCode: 130 })
    expect(report.books.interrupted).toBeGreaterThan(10)
  })

  test.concurrent('twice while requests are under way: the answers add up to the requests', async () => {
    const target = await receiver(() => 204, { delayMs: 60_000 })
    const args = ['stress', 'earning', '--to', target.url, '--rate', '50/s', '--duration', '20s', '--connections', '5']
    const cli = startCli(args)
    await target.came(5)
    cli.kill('SIGINT')
    await delay(150)
    cli.kill('SIGINT')
    expect((await cli.result).stdout).toMatch(/^answers {7}5 without an answer before the end$/m)
  })
})

describe('--wait-for', () => {
  test.concurrent('waits until the target accepts connections', async () => {
    const target = await receiver()
    await target.stop()
    const running = stressOf(target, ['--rate', '50/s', '--count', '10', '--wait-for', '10s', '--json'])
    await delay(700)
    await target.start()
    expect(jsonOf(await running)).toMatchObject({ books: { delivered: 10, retries: 0 }, exitCode: 0 })
  })

  test.concurrent('in vain: exit code 3, and no result', async () => {
    const to = await nowhere()
    const result = await stress(['earning', '--to', to, '--rate', '50/s', '--count', '10', '--wait-for', '300ms'])
    expect(result.stderr).toContain('the target did not accept connections within 300 ms')
    expect([result.exitCode, result.stdout]).toEqual([3, ''])
  })
})

describe('a target that is not this machine', () => {
  // 0.0.0.0 leads here and does not count as here; 198.51.100.0/24 is for documentation.
  const guest = (url: string): string => url.replace('127.0.0.1', '0.0.0.0')

  test.concurrent('is refused before anything is sent, with what it would have been', async () => {
    const target = await receiver()
    for (const to of ['https://198.51.100.7/webhooks', guest(target.url)]) {
      const { exitCode, stdout, stderr } = await stress(['earning', '--to', to, '--rate', '500/s', '--duration', '60s'])
      const { hostname } = new URL(to)
      expect(stderr).toContain(`${hostname} is not this machine, and this would be sent to it: 1 min at 500/s; 30,000`)
      expect(stderr).toContain(`add --allow-host ${hostname}.`)
      expect([exitCode, stdout]).toEqual([2, ''])
    }
    expect(target.got).toHaveLength(0)
  })

  test.concurrent('is refused when another host was named', async () => {
    const target = await receiver()
    const args = ['--rate', 'max', '--count', '5', '--secret', SECRET, '--allow-host', 'example.com']
    const { exitCode } = await stress(['earning', '--to', guest(target.url), ...args])
    expect([exitCode, target.got.length]).toEqual([2, 0])
  })

  test.concurrent.each(['--allow-host', '--local-host'])('gets it with %s', async (flag) => {
    const target = await receiver()
    const args = ['--rate', 'max', '--count', '5', flag, '0.0.0.0']
    const { exitCode } = await stress(['earning', '--to', guest(target.url), ...args])
    expect([exitCode, target.got.length]).toEqual([0, 5])
  })
})
