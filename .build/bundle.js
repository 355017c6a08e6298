import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { consolePage, modulesInConsole } from './console-page.js'
import { namesModule, namesOnly } from './names.js'
import { modulesInPage, stressPage } from './stress-page.js'
import { isUnreached, unreached } from './unreached.js'

const inputOptions = {
  platform: 'node',
  external: (id, importer) => /^(node:|zod($|\/))/.test(id) && !isUnreached(id, importer),
  plugins: [unreached, namesOnly, stressPage, consolePage],
  transform: { target: 'node20.19' },
  // A warning here (an import that is not found, say) is an error on the user's machine. But for one: a module that is
  // imported on demand here and at once there; a test watches what is loaded when.
  onLog(level, log, defaultHandler) {
    if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return
    if (level === 'warn') throw new Error(`build: ${log.message}`)
    defaultHandler(level, log)
  },
}

/**
 * Every file that Node loads costs half a millisecond, so what is loaded together lies together: each of these with
 * all that it imports, less what the ones before it took. What is imported on demand stays apart.
 */
const CHUNKS = [
  { name: 'base', test: /src[\\/](errors|system-clock|version)\.ts$/ },
  { name: 'start', test: /src[\\/]cli[\\/]main\.ts$/ },
  { name: 'network', test: /src[\\/]delivery[\\/]transport\.ts$/ },
  { name: 'core', test: /src[\\/]index\.ts$/ },
  { name: 'send', test: /src[\\/]cli[\\/](invoke|commands[\\/]send)\.ts$/ },
].map((group, index) => ({ ...group, priority: 10 - index, includeDependenciesRecursively: true }))

/**
 * Bundles the command line and the library into `folder`. CommonJS, because Node starts it in two thirds of the time
 * that it takes for the same code as ES modules; `index.js` makes the library an ES module. All chunks lie flat in the
 * folder: contract.ts finds the contracts with `new URL('./wire/', import.meta.url)`. Not minified: it gains nothing
 * that can be measured, and a stack trace says more. Returns the paths of the modules that contribute code.
 */
export async function bundle(root, folder) {
  const build = await rolldown({
    ...inputOptions,
    input: {
      main: join(root, 'src/cli/main.ts'),
      index: join(root, 'src/index.ts'),
      // What a thread of `stress --workers` runs.
      'stress-worker': join(root, 'src/cli/stress-worker.ts'),
    },
  })
  const { output } = await build.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups: CHUNKS },
    // One zod in the process: `import('zod')` becomes a require as well.
    dynamicImportInCjs: false,
    comments: false,
  })
  await build.close()
  const chunks = output.filter((file) => file.type === 'chunk')
  const library = chunks.find((chunk) => chunk.isEntry && chunk.name === 'index')
  writeFileSync(join(folder, 'index.js'), `export { ${library.exports.join(', ')} } from './index.cjs'\n`)
  const modules = chunks.flatMap((chunk) => Object.entries(chunk.modules))
  const paths = modules.filter(([, module]) => module.renderedLength > 0).map(([path]) => path)
  return [namesModule, ...modulesInPage(paths), ...modulesInConsole(paths), ...paths]
}

/** Bundles what one module needs, to run it here. */
export async function bundleOne(entry, folder, fileName) {
  const build = await rolldown({ ...inputOptions, input: entry })
  await build.write({ dir: folder, format: 'esm', entryFileNames: fileName })
  await build.close()
}

/** Writes the JSON Schemas of the report of `send`, of a fixture file and of the configuration file, from their types. */
export async function writeSchemas(root, scratchFolder, folder) {
  const write = (name, schema) => writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`)
  const load = async (path, name) => {
    await bundleOne(join(root, path), scratchFolder, name)
    return await import(pathToFileURL(join(scratchFolder, name)).href)
  }
  const { z } = await import('zod')
  const { sendReportSchema } = await load('src/report/schema.ts', 'report.mjs')
  write('report.schema.json', z.toJSONSchema(sendReportSchema))
  const { fixtureJsonSchema } = await load('src/fixture/schema.ts', 'fixture.mjs')
  write('fixture.schema.json', fixtureJsonSchema())
  const { configJsonSchema } = await load('src/cli/config-schema.ts', 'config.mjs')
  write('config.schema.json', configJsonSchema())
}
