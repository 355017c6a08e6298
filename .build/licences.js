import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folderMark = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/

/** The licence texts of the packages that the given modules belong to, as one file; a package without one is an error. */
export function licencesOf(modules) {
  const folders = new Set(modules.flatMap((path) => folderMark.exec(path)?.[1] ?? []))
  const parts = [...folders].map(licenceOf).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const intro = `qualifio-sim contains parts of these packages:\n\n${parts.map((part) => `  ${part.title}\n`).join('')}`
  return [intro, ...parts.map((part) => `${'-'.repeat(80)}\n${part.title}\n\n${part.text.trim()}\n`)].join('\n')
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
  if (files.length === 0) throw new Error(`build: ${name} has no licence file in ${folder}`)
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n\n')
  return { name, title: `${name} ${version} (${license})`, text }
}
