import { fileURLToPath } from 'node:url'
import { run } from './processes.mjs'

const worker = fileURLToPath(new URL('generation-worker.mjs', import.meta.url))

/** Generated and rendered events per second, each kind in a fresh process, and how far its memory grows. */
export async function measureGeneration(say) {
  const rows = []
  for (const [events, goal] of [
    ['earning', 'at least 100,000/s'],
    ['random', 'at least 50,000/s'],
  ]) {
    say(`generation of ${events}`)
    const { stdout } = await run([worker, events], { stdout: 'pipe' })
    const { perSecond, earlyMb, lateMb } = JSON.parse(stdout)
    rows.push([`generate and render \`${events}\``, `${Math.round(perSecond).toLocaleString('en')} events/s`, goal])
    rows.push([`resident memory after 100,000 and 500,000 \`${events}\``, `${earlyMb} MB, ${lateMb} MB`, 'flat'])
  }
  return rows
}
