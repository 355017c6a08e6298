import type { Browser, Page } from 'playwright-core'
import type { Look } from '../support/browser.ts'

/** An open console, and everything it complained of. */
export interface OpenConsole {
  readonly page: Page
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** One page for all consoles: a new one takes longer than most tests. */
const pages = new WeakMap<Browser, Promise<Page>>()

/**
 * Opens the console at a place, such as `deliveries/12`, and waits until it is drawn. Each console has its own port and
 * so its own storage; only cookies are shared by all ports, and begin empty.
 */
export async function openConsole(browser: Browser, address: string, look: Look = {}): Promise<OpenConsole> {
  const { width = 1280, height = 900, scheme = 'light' } = look
  const page = await (pages.get(browser) ?? keep(browser))
  page.removeAllListeners()
  await page.goto('about:blank')
  await page.context().clearCookies()
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme: scheme })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'info') complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(address)
  await page.locator('h1').first().waitFor()
  return { page, complaints, close: async () => void (await page.goto('about:blank')) }
}

function keep(browser: Browser): Promise<Page> {
  const page = browser.newPage().then((made) => (made.setDefaultTimeout(5000), made))
  pages.set(browser, page)
  return page
}

/** How many pixels of the page do not fit its width. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
