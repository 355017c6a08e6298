import { BIN, median, run, withReceiver } from './processes.mjs'

const RUNS = 10

/** Start-up as ratios to `node -e 0`; taken in turns, so that a busy machine slows all of them alike. */
export async function measureStartUp(say) {
  say('start-up')
  return await withReceiver(async (address) => {
    const commands = {
      'node -e 0': ['-e', '0'],
      '--version': [BIN, '--version'],
      '--help': [BIN, '--help'],
      'send earning --to …': [BIN, 'send', 'earning', '--to', address, '--secret', 'my-secret'],
    }
    const times = new Map(Object.keys(commands).map((name) => [name, []]))
    for (let round = -1; round < RUNS; round += 1) {
      for (const [name, args] of Object.entries(commands)) {
        const { ms } = await run(args)
        // The first round only warms the caches of the disk.
        if (round >= 0) times.get(name).push(ms)
      }
    }
    const base = median(times.get('node -e 0'))
    const row = (name, goal) => {
      const ms = median(times.get(name))
      return [`\`${name}\`, median of ${RUNS}`, `${ms.toFixed(0)} ms = ${(ms / base).toFixed(2)} × \`node -e 0\``, goal]
    }
    return [
      ['`node -e 0`, median of 10', `${base.toFixed(0)} ms`, ''],
      row('--version', 'at most 1.5 ×'),
      row('--help', 'at most 1.5 ×'),
      row('send earning --to …', 'at most 2.6 ×'),
    ]
  })
}
