import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseSync } from 'rolldown/utils'

/** Emits the library's declarations into `folder` and removes those that `index.d.ts` does not lead to. */
export function emitTypes(root, folder) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', folder], {
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error('build: the types do not compile')
  const reached = new Set()
  follow(join(folder, 'index.d.ts'), reached)
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    if (!path.endsWith('.ts')) continue
    if (reached.has(path)) writeFileSync(path, withJsSpecifiers(readFileSync(path, 'utf8')))
    else rmSync(path)
  }
}

/** tsc leaves `./x.ts` in declarations, which only the newest versions of TypeScript find. */
function withJsSpecifiers(text) {
  return text.replace(/((?:from|import)\s*\(?\s*)(["'])(\.[^"']*)\.ts\2/g, '$1$2$3.js$2')
}

function follow(path, reached) {
  if (reached.has(path)) return
  reached.add(path)
  for (const specifier of specifiersIn(path)) {
    if (specifier.startsWith('.')) follow(resolve(dirname(path), specifier.replace(/\.(js|ts)$/, '.d.ts')), reached)
    else if (!/^(node:|zod$)/.test(specifier))
      throw new Error(`build: ${path} names the types of '${specifier}', which users do not have`)
  }
}

function specifiersIn(path) {
  const text = readFileSync(path, 'utf8')
  const { module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`build: ${path}: ${errors[0].message}`)
  const statics = module.staticImports.map((entry) => entry.moduleRequest.value)
  const reexports = module.staticExports.flatMap((entry) => entry.entries.map((item) => item.moduleRequest?.value))
  const inline = [...text.matchAll(/\bimport\(["']([^"']+)["']\)/g)].map((match) => match[1])
  return [...statics, ...reexports, ...inline].filter((specifier) => specifier !== undefined)
}
