import { accessSync, constants, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The path of a program that a test compares with (python3, php, openssl), or undefined when this
 * machine has none: then the reason and the way to get it are printed, and the test is skipped.
 * With `QUALIFIO_SIM_TEST_PEERS=required` a missing peer fails instead. Nothing is ever installed.
 *
 *     const php = peer('php', 'apt-get install php-cli')
 *     test.skipIf(php === undefined)('writes as json_encode does', () => { … })
 *
 * @param howToGet the command that installs it, shown to the person who runs the tests
 * @throws Error when the peer is missing and peers are required
 */
export function peer(command: string, howToGet: string): string | undefined {
  const path = find(command)
  if (path !== undefined) return path
  const missing = `PEER MISSING: ${command} is not on the PATH; get it with: ${howToGet}`
  if (process.env['QUALIFIO_SIM_TEST_PEERS'] === 'required') throw new Error(missing)
  note(command, howToGet, missing)
  return undefined
}

/** For the list at the end of the run (missing-peers.ts); without that reporter, here and now. */
function note(command: string, howToGet: string, missing: string): void {
  const folder = process.env['QUALIFIO_SIM_TEST_MISSING_PEERS']
  if (folder === undefined) console.warn(`\n*** ${missing}\n*** The tests that compare with ${command} are SKIPPED.\n`)
  else writeFileSync(join(folder, command), howToGet)
}

function find(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, command)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not in this folder
    }
  }
  return undefined
}
