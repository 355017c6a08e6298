import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startConsole, type RunningConsole } from '../emitter/console-server.ts'
import { chromiumPath, startChromium, type Look } from '../support/browser.ts'
import { openConsole, overflow } from './console-page.ts'

/*
 * Every page of the console. With QUALIFIO_SIM_TEST_SCREENSHOTS=FOLDER its pictures are kept there, in all looks, to be
 * looked at.
 */

const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-console-'))
const shots = process.env['QUALIFIO_SIM_TEST_SCREENSHOTS']

const PLACES: Readonly<Record<string, string>> = {
  deliveries: '#/deliveries',
  blocked: '#/deliveries?state=blocked&webhook=w-crm',
  nothing: '#/deliveries?state=cancelled',
  delivered: '#/deliveries/1',
  given: '#/deliveries/3',
  hostile: '#/deliveries/{hostile}',
  retrying: '#/deliveries/{retrying}',
  resent: '#/deliveries/{resent}',
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
  nowhere: '#/nope',
  filtered: '#/deliveries?member=member-3',
}
/** Pictures take their time. */
const LIMIT_MS = shots === undefined ? 20_000 : 120_000
const EMPTY = ['deliveries', 'members', 'story', 'webhooks', 'program']
const LOOKS: Readonly<Record<string, Required<Pick<Look, 'width' | 'height' | 'scheme'>>>> = {
  'wide-light': { width: 1280, height: 900, scheme: 'light' },
  'phone-dark': { width: 360, height: 740, scheme: 'dark' },
  'small-light': { width: 320, height: 640, scheme: 'light' },
  ...(shots !== undefined && {
    'small-dark': { width: 320, height: 640, scheme: 'dark' },
    'wide-dark': { width: 1280, height: 900, scheme: 'dark' },
    'phone-light': { width: 360, height: 740, scheme: 'light' },
  }),
}

/** On how many lines the tabs stand. */
const LINES = `new Set([...document.querySelectorAll('.head nav a')].map((tab) => tab.offsetTop)).size`

describe.skipIf(chromiumPath === undefined)('in Chromium, every page of the console', () => {
  let browser: Browser
  let full: RunningConsole
  let empty: RunningConsole
  beforeAll(async () => {
    if (shots !== undefined) mkdirSync(shots, { recursive: true })
    browser = await startChromium()
    full = await startConsole({ retryMs: 3_600_000 })
    empty = await startConsole({ isEmpty: true })
    const { id } = await full.emitter.startStory({ journey: 'onboarding' })
    for (let step = 0; step < 3; step++) await full.emitter.nextStep(id)
    const [blocked] = full.emitter.deliveries({ state: 'blocked' }, { limit: 1 }).items
    await full.emitter.resend(blocked?.id ?? 0)
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
      .replace(
        '{hostile}',
        first(({ webhook }) => webhook.name === 'partner'),
      )
      .replace(
        '{retrying}',
        first(({ webhook, retry, state }) => webhook.name === 'crm' && retry > 1 && state === 'retrying'),
      )
      .replace(
        '{resent}',
        first(({ resends }) => resends > 0),
      )
  }

  test.each<[which: string, names: readonly string[]]>([
    ['full', Object.keys(PLACES)],
    ['empty', EMPTY],
  ])(
    '%s: fits its width, runs no foreign code and complains of nothing',
    async (which, names) => {
      const { url } = which === 'full' ? full : empty
      const opened = await openConsole(browser, url)
      const { page } = opened
      const wide: { name: string; look: string; overflow: number; lines: number }[] = []
      try {
        for (const name of names) {
          await page.goto(`${url}${placeOf(name)}`)
          await page.locator('h1').first().waitFor()
          await page.locator('.loading').waitFor({ state: 'detached' })
          // Every look of a page that is there already: what takes time is to open it.
          for (const [look, { width, height, scheme }] of Object.entries(LOOKS)) {
            await page.setViewportSize({ width, height })
            await page.emulateMedia({ colorScheme: scheme })
            if (shots !== undefined) {
              await page.waitForTimeout(100)
              await page.screenshot({ path: join(shots, `${which}-${name}-${look}.png`), fullPage: true })
            }
            wide.push({ name, look, overflow: await overflow(page), lines: await page.evaluate<number>(LINES) })
          }
        }
        expect(wide.filter(({ overflow: pixels, lines }) => pixels !== 0 || lines !== 1)).toEqual([])
        expect(await page.evaluate('window.broken')).toBe(undefined)
        expect(opened.complaints).toEqual([])
      } finally {
        await opened.close()
      }
    },
    LIMIT_MS,
  )
})
