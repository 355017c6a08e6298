import type { Browser, Page } from 'playwright-core'
import { peer } from './peer.ts'

/** Debian's Chromium; see peer.ts for what happens without it. */
export const chromiumPath = peer('chromium', 'apt-get install chromium')

/** Starts it without a window. */
export async function startChromium(): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  if (chromiumPath === undefined) throw new Error('there is no chromium: skip this test')
  // Containers have no user namespaces and little shared memory.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb']
  return await chromium.launch({ executablePath: chromiumPath, args })
}

/** A page as one person would look at it. */
export interface Look {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly javaScript?: 'on' | 'off'
}

/** An open page, and everything it complained of or asked the network for. */
export interface Opened {
  readonly page: Page
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** Opens a file in a browser that has no network. */
export async function openFile(browser: Browser, url: string, look: Look = {}): Promise<Opened> {
  const { width = 1280, height = 900, scheme = 'light', javaScript = 'on' } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: javaScript === 'on',
    offline: true,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // Tests look at what was drawn.
    if (!message.text().startsWith('Canvas2D: Multiple readback'))
      complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (request.url() !== url) complaints.push(`request: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}
