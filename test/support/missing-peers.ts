import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter } from 'vitest/node'

/** Says at the very end which peers were missing, so that skipped comparisons are not overlooked. */
export function missingPeersReporter(folder: string): Reporter {
  return {
    onTestRunEnd() {
      const lines = readdirSync(folder).map((name) => `  ${name}: ${readFileSync(join(folder, name), 'utf8')}`)
      rmSync(folder, { recursive: true, force: true })
      if (lines.length === 0) return
      console.warn(
        `\n${'*'.repeat(80)}\nSKIPPED: the tests that compare with these programs, which are not on this machine.\n` +
          `${lines.join('\n')}\n${'*'.repeat(80)}\n`,
      )
    },
  }
}
