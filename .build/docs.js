// `npm run docs`: writes docs/checks.md from the records of the checks. Same source, same bytes; a test compares them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleOne } from './bundle.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = join(root, 'node_modules/.cache/qualifio-sim', `docs-${process.pid}`)

try {
  mkdirSync(scratch, { recursive: true })
  const load = async (path, name) => {
    await bundleOne(join(root, path), scratch, name)
    return await import(pathToFileURL(join(scratch, name)).href)
  }
  const { CATALOG } = await load('src/check/catalog.ts', 'catalog.mjs')
  const { catalogMarkdown } = await load('src/report/check-catalog-markdown.ts', 'check-catalog-markdown.mjs')
  mkdirSync(join(root, 'docs'), { recursive: true })
  writeFileSync(join(root, 'docs/checks.md'), catalogMarkdown(CATALOG))
  console.log(`${CATALOG.length} checks in docs/checks.md`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
