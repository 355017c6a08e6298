import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { consolePage } from '../.build/console-page.js'
import { stressPage } from '../.build/stress-page.js'
import { missingPeersReporter } from './support/missing-peers.ts'

// Where the workers leave word of the peers that they did not find (test/support/peer.ts).
const missingPeers = mkdtempSync(join(tmpdir(), 'qualifio-sim-peers-'))
const jsonFile = process.env['QUALIFIO_SIM_TEST_JSON']

export default defineConfig({
  plugins: [stressPage, consolePage],
  test: {
    include: ['test/**/*.test.ts'],
    env: { QUALIFIO_SIM_TEST_MISSING_PEERS: missingPeers },
    pool: 'forks',
    // No test changes what another one sees, so a worker keeps its modules from one file to the next.
    isolate: false,
    // Much of it waits for servers and other programs: three keep two cores busy.
    maxWorkers: 3,
    // What is only waiting to be collected is not held: tests of memory collect first.
    execArgv: ['--expose-gc'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: [
      'default',
      ...(jsonFile === undefined ? [] : [['json', { outputFile: jsonFile }] as [string, Record<string, unknown>]]),
      missingPeersReporter(missingPeers),
    ],
  },
})
