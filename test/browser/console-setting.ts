import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startConsole, type RunningConsole } from '../emitter/console-server.ts'
import { startChromium } from '../support/browser.ts'
import { openConsole, type OpenConsole } from './console-page.ts'

/** What the tests of a file have: one browser for all, and a console with a played emitter for each. */
export interface ConsoleSetting {
  browser: Browser
  /** A test may start another one: it is closed in its place. */
  running: RunningConsole
  opened: OpenConsole
  /** Opens the console at a place, such as `#/deliveries/12`. */
  open(place: string): Promise<Page>
}

/** Sets it up for the tests of the `describe` that calls it; nothing of it is there before they run. */
export function consoleSetting(how: Parameters<typeof startConsole>[0]): ConsoleSetting {
  const setting = {
    async open(place: string) {
      setting.opened = await openConsole(setting.browser, `${setting.running.url}${place}`)
      return setting.opened.page
    },
  } as ConsoleSetting
  beforeAll(async () => {
    setting.browser = await startChromium()
  })
  afterAll(async () => {
    await setting.browser?.close()
  })
  beforeEach(async () => {
    setting.running = await startConsole(how)
  })
  afterEach(async () => {
    await setting.opened?.close()
    await setting.running?.close()
  })
  return setting
}
