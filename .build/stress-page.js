import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const ENTRY = /[\\/]src[\\/]report[\\/]stress-page[\\/]assets\.ts$/
const uplot = createRequire(import.meta.url).resolve('uplot')

/** What of other packages is in the page, for the licences: the bundler sees only text. */
export function modulesInPage(paths) {
  return paths.some((path) => ENTRY.test(path)) ? [uplot] : []
}

/**
 * Puts the code and the style of the page of a stress run into src/report/stress-page/assets.ts as two texts, so that
 * the page is one file and the package needs no charts at run time. For rolldown and for Vite.
 */
export const stressPage = {
  name: 'stress-page',
  async load(id) {
    if (!ENTRY.test(id)) return null
    const folder = dirname(id)
    const script = await scriptOf(join(folder, 'client/main.ts'))
    const sheets = [join(dirname(uplot), 'uPlot.min.css'), join(folder, 'page.css')]
    const style = sheets.map((path) => squeezed(readFileSync(path, 'utf8'))).join('')
    for (const [text, end] of [
      [script, /<\/script|<!--/i],
      [style, /<\/style|<!--/i],
    ])
      if (end.test(text)) throw new Error(`build: the page of a stress run would end where its assets say ${end}`)
    const code = `export const PAGE_SCRIPT = ${JSON.stringify(script)}\nexport const PAGE_STYLE = ${JSON.stringify(style)}\n`
    return { code, moduleType: 'js' }
  },
}

async function scriptOf(input) {
  const build = await rolldown({ input, platform: 'browser', transform: { target: 'es2021' } })
  const { output } = await build.generate({ format: 'iife', minify: true })
  await build.close()
  if (output.length !== 1) throw new Error('build: the script of the page is not one file')
  return output[0].code.trim()
}

function squeezed(css) {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .trim()
}
