import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const ENTRY = /[\\/]src[\\/]emitter[\\/]console[\\/]assets\.ts$/
let inPage = []

/** What of other packages is in the console, for the licences: the bundler sees only text. */
export function modulesInConsole(paths) {
  return paths.some((path) => ENTRY.test(path)) ? inPage : []
}

/**
 * Puts the code and the style of the web console into src/emitter/console/assets.ts as two texts, so that the package
 * needs no library for it at run time. For rolldown and for Vite.
 */
export const consolePage = {
  name: 'console-page',
  async load(id) {
    if (!ENTRY.test(id)) return null
    const folder = join(dirname(id), 'client')
    const script = await scriptOf(join(folder, 'main.tsx'))
    const sheets = readdirSync(join(folder, 'style')).toSorted()
    const style = sheets.map((name) => squeezed(readFileSync(join(folder, 'style', name), 'utf8'))).join('')
    const code = `export const CONSOLE_SCRIPT = ${JSON.stringify(script)}\nexport const CONSOLE_STYLE = ${JSON.stringify(style)}\n`
    return { code, moduleType: 'js' }
  },
}

async function scriptOf(input) {
  const build = await rolldown({
    input,
    platform: 'browser',
    transform: { target: 'es2022', jsx: { runtime: 'automatic', importSource: 'preact' } },
    tsconfig: false,
    onLog(level, log, defaultHandler) {
      if (level === 'warn') throw new Error(`build: ${log.message}`)
      defaultHandler(level, log)
    },
  })
  const { output } = await build.generate({ format: 'es', minify: true, comments: false })
  await build.close()
  if (output.length !== 1) throw new Error('build: the script of the console is not one file')
  inPage = Object.entries(output[0].modules).flatMap(([path, module]) =>
    module.renderedLength > 0 && path.includes('node_modules') ? [path] : [],
  )
  return output[0].code.trim()
}

function squeezed(css) {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(';}', '}')
    .trim()
}
