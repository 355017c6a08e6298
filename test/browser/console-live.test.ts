import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startConsole } from '../emitter/console-server.ts'
import { chromiumPath, startChromium } from '../support/browser.ts'
import { openConsole } from './console-page.ts'

describe.skipIf(chromiumPath === undefined)('in Chromium, the console as things change', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
  })

  test('new deliveries come in at the top, and wait while the reader is further down', async () => {
    const running = await startConsole({ answerMs: 20 })
    const { page, complaints, close } = await openConsole(browser, `${running.url}#/deliveries`)
    const first = async () => await page.locator('.row-id').first().textContent()
    await page.locator('.row').first().waitFor()
    const before = await first()
    await running.emitter.memberEvent('member-1', { type: 'member_portal_visit' })
    await expect.poll(first).not.toBe(before)
    await page.locator('.row').first().getByText('confirmed in').waitFor()
    const after = await first()
    await page.evaluate('scrollTo(0, 500)')
    for (let count = 0; count < 3; count++)
      await running.emitter.memberEvent('member-1', { type: 'member_portal_visit' })
    const pill = page.getByRole('button', { name: '3 new' })
    await pill.waitFor()
    expect(await first()).toBe(after)
    await pill.click()
    await pill.waitFor({ state: 'detached' })
    await expect.poll(first).not.toBe(after)
    expect(complaints).toEqual([])
    await close()
    await running.close()
  })

  test('the next page begins where this one ends, also when new deliveries have moved it', async () => {
    const running = await startConsole({ answerMs: 20 })
    const { page, close } = await openConsole(browser, `${running.url}#/deliveries`)
    const ids = async () => (await page.locator('.row-id').allTextContents()).map((text) => Number(text.slice(1)))
    await page.locator('.row').first().waitFor()
    for (let count = 0; count < 4; count++) await running.emitter.memberEvent('member-1', { type: 'earning' })
    await expect.poll(async () => (await ids())[0]).toBe(running.emitter.deliveries({}, { limit: 1 }).items[0]?.id)
    const last = (await ids()).at(-1) ?? 0
    await page.getByRole('link', { name: 'Older' }).click()
    await expect.poll(async () => (await ids())[0]).toBe(last - 1)
    await close()
    await running.close()
  })

  test('of a thousand deliveries that change within a second, shows the latest hundred', async () => {
    const running = await startConsole({ answerMs: 20 })
    const { page, complaints, close } = await openConsole(browser, `${running.url}#/deliveries`)
    await page.locator('.row').first().waitFor()
    const sample = running.emitter.delivery(1)
    for (let tick = 0; tick < 10; tick++) {
      const items = Array.from({ length: 100 }, (_, index) => ({ ...sample, id: 1000 + tick * 100 + index }))
      running.emitter.tell({ name: 'deliveries', data: { items, more: false } })
      await page.waitForTimeout(50)
    }
    await page.locator('.row-id').first().getByText('#1999').waitFor()
    expect(await page.locator('.row').count()).toBeLessThanOrEqual(100)
    expect(complaints).toEqual([])
    await close()
    await running.close()
  })

  test('says that the connection is lost, and goes on when it is back', async () => {
    let running = await startConsole()
    const { page, close } = await openConsole(browser, `${running.url}#/deliveries`)
    await page.locator('.row').first().waitFor()
    await running.close()
    await page.getByText('Connection lost').waitFor()
    running = await startConsole({ port: Number(new URL(running.url).port) })
    await page.getByText('Connection lost').waitFor({ state: 'detached' })
    await running.emitter.memberEvent('member-1', { type: 'free_gift' })
    await page.locator('.row', { hasText: 'Free Gift' }).first().getByText('just now').waitFor()
    await close()
    await running.close()
  })

  test('a link with the token logs in, and the token leaves the address; without it a form asks', async () => {
    const token = 'a-long-token-for-this-test-only-1'
    const running = await startConsole({ token })
    const linked = await openConsole(browser, `${running.url}#token=${token}`)
    await linked.page.locator('.row').first().waitFor()
    expect(linked.page.url()).not.toContain(token)
    await linked.page.reload()
    await linked.page.locator('.row').first().waitFor()
    expect(linked.complaints).toEqual([])
    await linked.close()

    const { page, close } = await openConsole(browser, `${running.url}#/members`)
    // It may be reachable from this machine only.
    await page.getByText('This console asks for the token that emit was started with.').waitFor()
    await page.getByLabel('Token').fill('wrong-token-wrong-token-wrong-token')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').locator('.problem').waitFor()
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { name: 'Members' }).waitFor()
    await close()
    await running.close()
  })
})
