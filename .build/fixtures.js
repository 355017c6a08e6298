// `npm run fixtures`: writes the fixtures of the package. Same source, same bytes; a test compares them.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleOne } from './bundle.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = join(root, 'node_modules/.cache/qualifio-sim', `fixtures-${process.pid}`)

try {
  mkdirSync(scratch, { recursive: true })
  const load = async (path, name) => {
    await bundleOne(join(root, path), scratch, name)
    return await import(pathToFileURL(join(scratch, name)).href)
  }
  // Contracts are found beside the module that loads them.
  cpSync(join(root, 'src/contract/wire'), join(scratch, 'wire'), { recursive: true })
  const { loadContract } = await load('src/contract/contract.ts', 'contract.mjs')
  const { shippedFixtures } = await load('src/fixture/shipped.ts', 'shipped.mjs')
  const files = await shippedFixtures(await loadContract('assumed-1'))
  for (const folder of ['payloads', 'refusals', 'journeys'])
    rmSync(join(root, 'fixtures', folder), { recursive: true, force: true })
  for (const [path, bytes] of files) {
    const file = join(root, 'fixtures', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  console.log(`${files.size} fixtures in fixtures/`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
