import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { WebhookInput } from '../../src/emitter/view/views.ts'
import { chromiumPath } from '../support/browser.ts'
import { consoleSetting } from './console-setting.ts'

describe.skipIf(chromiumPath === undefined)('in Chromium, a webhook that is changed here and elsewhere', () => {
  const setting = consoleSetting({ answerMs: 100, retryMs: 20 })
  let page: Page
  beforeEach(async () => {
    page = await setting.open('#/webhooks/w-crm')
  })

  const field = (label: string) => page.getByLabel(label, { exact: true })
  const now = () => setting.running.emitter.webhook('w-crm')
  const changeElsewhere = async (change: Partial<WebhookInput>) => {
    await setting.running.emitter.changeWebhook('w-crm', change)
    setting.running.emitter.tell({ name: 'webhooks', data: { items: setting.running.emitter.webhooks() } })
  }
  const save = async () => {
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
  }

  test('keeps what was changed elsewhere, where only the name was changed here', async () => {
    await field('Name').fill('crm-2')
    await changeElsewhere({ url: 'http://localhost:3000/new', scope: { events: ['free_gift'], programs: null } })
    await expect.poll(() => field('URL').inputValue()).toBe('http://localhost:3000/new')
    await page.getByText('Sends Free Gift of all programs.').waitFor()
    expect(await field('Name').inputValue()).toBe('crm-2')
    expect(await page.locator('.elsewhere').count()).toBe(0)
    await save()
    expect(now()).toMatchObject({
      name: 'crm-2',
      url: 'http://localhost:3000/new',
      scope: { events: ['free_gift'], programs: null },
    })
  })

  test('says beside a field that it was changed elsewhere too, also after a reload', async () => {
    await field('URL').fill('http://localhost:3000/mine')
    await page.getByRole('checkbox', { name: 'Free Gift' }).click()
    await changeElsewhere({
      name: 'crm-3',
      url: 'http://localhost:3000/theirs',
      scope: { events: ['earning'], programs: null },
    })
    const notes = page.locator('.elsewhere')
    const said = [
      'Changed elsewhere to “http://localhost:3000/theirs”; saving replaces it.',
      'Changed elsewhere to Earning of all programs; saving replaces it.',
    ]
    await expect.poll(() => notes.allTextContents()).toEqual(said)
    expect(await field('URL').getAttribute('aria-describedby')).toContain(await notes.first().getAttribute('id'))
    await page.reload()
    await expect.poll(() => notes.allTextContents()).toEqual(said)
    expect(await field('Name').inputValue()).toBe('crm-3')
    await save()
    expect(await notes.count()).toBe(0)
    expect(now()).toMatchObject({ name: 'crm-3', url: 'http://localhost:3000/mine' })
    expect(now().scope.events).toEqual(['earning', 'burning', 'free_gift'])
    expect(setting.opened.complaints).toEqual([])
  })

  test('says that nothing was changed, when nothing was', async () => {
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Nothing was changed.').waitFor()
    expect(await page.getByText('Saved.').count()).toBe(0)
  })

  test('after “Discard changes” shows what was changed elsewhere', async () => {
    await field('URL').fill('http://localhost:3000/mine')
    await changeElsewhere({ url: 'http://localhost:3000/theirs' })
    await page.getByRole('button', { name: 'Discard changes' }).click()
    expect(await field('URL').inputValue()).toBe('http://localhost:3000/theirs')
    expect(await page.getByRole('button', { name: 'Discard changes' }).count()).toBe(0)
  })
})
