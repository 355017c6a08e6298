import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { sampleWebhook } from '../emitter/console-people.ts'
import { chromiumPath } from '../support/browser.ts'
import { consoleSetting } from './console-setting.ts'

describe.skipIf(chromiumPath === undefined)('in Chromium, a story', () => {
  const setting = consoleSetting({ isEmpty: true, answerMs: 20, retryMs: 5 })
  const begin = async (): Promise<Page> => {
    const page = await setting.open('#/story')
    await page.getByRole('button', { name: /^Onboarding/ }).click()
    return page
  }
  const next = (page: Page, label: string) => page.getByRole('button', { name: `Next step ${label}` })
  const toldOf = (page: Page) => page.locator('.told-then .route').first()

  test('that was told to an end tells of a resend, too', async () => {
    setting.running.emitter.addWebhook(sampleWebhook('w-shop', 'shop', { url: 'http://localhost:3000/mended' }))
    const page = await begin()
    await next(page, 'Joins the program').click()
    await expect.poll(() => toldOf(page).innerText()).toBe('shop never confirmed, after 8 tries; it can be sent again')
    // Nothing asks for it by itself any more.
    await page.waitForTimeout(600)
    await setting.running.emitter.resendBlocked()
    await expect.poll(() => toldOf(page).innerText()).toMatch(/^shop confirmed at the ninth try/)
    expect(await toldOf(page).getAttribute('class')).toContain('delivered')
  })

  test('says what can be done about what was not sent: first unblock, then send again', async () => {
    const blocked = { at: new Date().toISOString(), afterDeliveries: 5 }
    setting.running.emitter.addWebhook(sampleWebhook('w-shop', 'shop', { blocked }))
    const page = await begin()
    await next(page, 'Joins the program').click()
    await expect
      .poll(() => toldOf(page).innerText())
      .toBe('shop heard nothing of it: nothing is sent there until it is unblocked')
    await page.waitForTimeout(600)
    await setting.running.emitter.unblockWebhook('w-shop')
    setting.running.emitter.tell({ name: 'webhooks', data: { items: setting.running.emitter.webhooks() } })
    await expect.poll(() => toldOf(page).innerText()).toBe('shop heard nothing of it; it can be sent again')
  })

  test('goes on in every window that shows it', async () => {
    const page = await begin()
    const other = await setting.browser.newPage()
    await other.goto(page.url())
    await next(other, 'Joins the program').waitFor()
    await next(page, 'Joins the program').click()
    await next(other, 'Visits the portal').waitFor()
    await other.close()
  })

  test('takes the step that its button says, or none: another window may have taken it', async () => {
    const page = await begin()
    await next(page, 'Joins the program').waitFor()
    // It has not heard of it yet.
    await page.route('**/api/stories', (route) => route.abort())
    await setting.running.emitter.nextStep(1)
    await next(page, 'Joins the program').click()
    await page.getByText('That step was taken meanwhile, in another window').waitFor()
    await next(page, 'Visits the portal').waitFor()
    await page.unroute('**/api/stories')
    expect(setting.running.emitter.stories()[0]?.steps.filter(({ sentence }) => sentence !== null)).toHaveLength(1)
  })
})
