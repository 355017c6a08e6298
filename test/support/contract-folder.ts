import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { copyContract } from '../../src/contract/contract.ts'

/** An empty folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** How a file of a copied contract is changed: its whole new text, or `null` to remove it. */
export type FileEdit = string | Uint8Array | null | ((text: string) => string)

/**
 * A copy of a shipped contract with some files changed, as the folder `my-contract` in `cwd`: errors then
 * name `my-contract/earning.json`.
 */
export async function contractFolder(
  edits: Readonly<Record<string, FileEdit>>,
  from = 'assumed-1',
): Promise<{ cwd: string; folder: string }> {
  const cwd = temporaryFolder()
  const folder = await copyContract(from, 'my-contract', { cwd })
  for (const [name, edit] of Object.entries(edits)) {
    const path = join(folder, name)
    if (edit === null) rmSync(path)
    else writeFileSync(path, typeof edit === 'function' ? edit(readFileSync(path, 'utf8')) : edit)
  }
  return { cwd, folder }
}
