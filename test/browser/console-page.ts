import type { Browser, Page } from 'playwright-core'
import type { Look } from '../support/browser.ts'

/** An open console, and everything it complained of. */
export interface OpenConsole {
  readonly page: Page
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Opens the console at a place, such as `deliveries/12`, and waits until it is drawn. */
export async function openConsole(browser: Browser, address: string, look: Look = {}): Promise<OpenConsole> {
  const { width = 1280, height = 900, scheme = 'light' } = look
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
  const page = await context.newPage()
  page.setDefaultTimeout(5000)
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
  return { page, complaints, close: () => context.close() }
}

/** How many pixels of the page do not fit its width. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}
