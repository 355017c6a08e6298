import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startConsole, type RunningConsole } from '../emitter/console-server.ts'
import { chromiumPath, startChromium, type Look } from '../support/browser.ts'
import { openConsole, overflow } from './console-page.ts'

/* Every page of the console. With QUALIFIO_SIM_TEST_SCREENSHOTS=FOLDER its pictures are kept there, to be looked at. */

const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-console-'))
const shots = process.env['QUALIFIO_SIM_TEST_SCREENSHOTS'] ?? scratch

const PLACES: Readonly<Record<string, string>> = {
  deliveries: '#/deliveries',
  blocked: '#/deliveries?state=blocked&webhook=w-crm',
  nothing: '#/deliveries?state=cancelled',
  delivered: '#/deliveries/1',
  delivery: '#/deliveries/2',
  hostile: '#/deliveries/{hostile}',
  retrying: '#/deliveries/{retrying}',
  gone: '#/deliveries/99999',
  members: '#/members',
  search: '#/members?query=nobody+like+this',
  member: '#/members/member-3',
  story: '#/story',
  told: '#/story/1',
  webhooks: '#/webhooks',
  new: '#/webhooks/new',
  webhook: '#/webhooks/w-crm',
  managed: '#/webhooks/w-flaky',
  unblock: '#/webhooks/w-old',
  program: '#/program',
}
const EMPTY = ['deliveries', 'members', 'story', 'webhooks', 'program']
const LOOKS: readonly (readonly [name: string, look: Look])[] = [
  ['wide-light', { width: 1280, scheme: 'light' }],
  ['wide-dark', { width: 1280, scheme: 'dark' }],
  ['phone-light', { width: 360, height: 740, scheme: 'light' }],
  ['phone-dark', { width: 360, height: 740, scheme: 'dark' }],
]

describe.skipIf(chromiumPath === undefined)('in Chromium, every page of the console', () => {
  let browser: Browser
  let full: RunningConsole
  let empty: RunningConsole
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    browser = await startChromium()
    full = await startConsole({ retryMs: 3_600_000 })
    empty = await startConsole({ isEmpty: true })
    const { id } = await full.emitter.startStory({ journey: 'onboarding' })
    for (let step = 0; step < 3; step++) await full.emitter.nextStep(id)
  })
  afterAll(async () => {
    await browser?.close()
    await full?.close()
    await empty?.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  /** A place where ids stand for themselves. */
  function placeOf(name: string): string {
    const { items } = full.emitter.deliveries({}, { limit: 200 })
    const first = (is: (item: (typeof items)[number]) => boolean) => String(items.find(is)?.id)
    return (PLACES[name] ?? '')
      .replace('{hostile}', first(({ webhook }) => webhook.name === 'partner'))
      .replace('{retrying}', first(({ webhook, state }) => webhook.name !== 'partner' && state === 'retrying'))
  }

  describe.each(LOOKS)('%s', (lookName, look) => {
    test.each([
      ...Object.keys(PLACES).map((name) => ['full', name] as const),
      ...EMPTY.map((name) => ['empty', name] as const),
    ])('%s, %s: fits, and complains of nothing', async (which, name) => {
      const { url } = which === 'full' ? full : empty
      const opened = await openConsole(browser, `${url}${placeOf(name)}`, look)
      try {
        const { page } = opened
        await page.locator('.loading').waitFor({ state: 'detached' })
        await page.waitForTimeout(50)
        await page.screenshot({ path: join(shots, `${which}-${name}-${lookName}.png`), fullPage: true })
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        // What is not there is told by the browser, too.
        const missing = name === 'gone' ? 1 : 0
        expect(opened.complaints.filter((text) => !text.includes('404'))).toEqual([])
        expect(opened.complaints).toHaveLength(missing)
      } finally {
        await opened.close()
      }
    })
  })
})
