// `npm run build`: src → dist. Everything is built beside dist and moved in at the end, so that a failed build
// leaves the last good one, and whoever runs the tool meanwhile never sees half of it.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, writeSchemas } from './bundle.js'
import { licencesOf } from './licences.js'
import { emitTypes } from './types.js'

const root = fileURLToPath(new URL('..', import.meta.url))
// Under node_modules, so that what is built there finds zod, and on the same disk as dist.
const staging = join(root, 'node_modules/.cache/qualifio-sim', String(process.pid))
const made = join(staging, 'dist')

try {
  mkdirSync(made, { recursive: true })
  const modules = await bundle(root, made)
  await writeSchemas(root, join(staging, 'schema'), made)
  cpSync(join(root, 'src/contract/wire'), join(made, 'wire'), { recursive: true })
  emitTypes(root, join(made, 'types'))
  writeFileSync(join(made, 'THIRD-PARTY-LICENSES.txt'), licencesOf(modules))
  moveIn(join(root, 'dist'))
} finally {
  rmSync(staging, { recursive: true, force: true })
}

/** Puts what was made where `target` is; between the two renames there is none. */
function moveIn(target) {
  const old = join(staging, 'old')
  try {
    renameSync(target, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(made, target)
}
