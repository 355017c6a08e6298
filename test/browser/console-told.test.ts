import { describe, expect, test } from 'vitest'
import { startConsole } from '../emitter/console-server.ts'
import { sampleWebhook } from '../emitter/console-people.ts'
import { chromiumPath } from '../support/browser.ts'
import { consoleSetting } from './console-setting.ts'

describe.skipIf(chromiumPath === undefined)('in Chromium, the console says', () => {
  const setting = consoleSetting({ answerMs: 100, retryMs: 20 })
  const { open } = setting
  const block = (id: string) => {
    const blocked = { at: new Date().toISOString(), afterDeliveries: 5 }
    setting.running.emitter.addWebhook({ ...setting.running.emitter.webhook(id), blocked })
  }

  test('what was left out when all blocked deliveries are sent again, and why', async () => {
    setting.running.emitter.addWebhook(sampleWebhook('w-more', 'more', { url: 'http://localhost:3000/error' }))
    setting.running.emitter.past(1, 'earning', { atMs: Date.now() - 600_000, attempts: 9 })
    await setting.running.emitter.pingWebhook('w-more')
    block('w-crm')
    const crm = setting.running.emitter.webhook('w-crm').counts.blocked
    const page = await open('#/deliveries')
    await page.getByRole('button', { name: `Resend all blocked (${crm + 1})` }).click()
    const said = page.locator('.bulk [role=status]')
    await expect
      .poll(() => said.innerText())
      .toBe(`1 delivery sent again\n${crm} left out: crm is blocked; unblock it first`)
    expect(await said.getByRole('link', { name: 'crm' }).getAttribute('href')).toBe('#/webhooks/w-crm')
    await page.getByRole('button', { name: 'Unblock crm' }).click()
    await said.getByText('left out').waitFor({ state: 'detached' })
  })

  test('what an unblocked webhook still has, also after a reload, until it is left', async () => {
    block('w-crm')
    const page = await open('#/deliveries')
    await page.getByRole('button', { name: 'Unblock crm' }).click()
    await page.getByText('crm is unblocked.').waitFor()
    await page.reload()
    await page.getByText('crm is unblocked.').waitFor()
    await page.getByRole('button', { name: 'Leave them' }).click()
    await page.reload()
    await page.locator('.row').first().waitFor()
    expect(await page.getByText('crm is unblocked.').count()).toBe(0)
  })

  test('where a webhook listens, without what may be a key; only its form has all of it', async () => {
    setting.running.emitter.addWebhook(
      sampleWebhook('w-key', 'keyed', { url: 'https://hooks.example.com/in?apikey=hush-hush&v=2' }),
    )
    const page = await open('#/webhooks')
    await page.getByText('https://hooks.example.com/in?apikey=…&v=…').waitFor()
    expect(await page.content()).not.toContain('hush-hush')
    await page.getByRole('link', { name: /keyed/ }).click()
    await page.locator('.summary').getByText('https://hooks.example.com/in?apikey=…&v=…').waitFor()
    expect(await page.getByLabel('URL').inputValue()).toBe('https://hooks.example.com/in?apikey=hush-hush&v=2')
  })

  test.each([
    ['#/members/nobody', 'There is no such member.', 'Show all members'],
    ['#/deliveries/999999', 'There is no delivery #999999.', 'Show all deliveries'],
  ])('that %s is not there, and where to go', async (place, title, link) => {
    const page = await open('#/program')
    await page.goto(`${setting.running.url}${place}`)
    await page.getByText(title).waitFor()
    await page.getByRole('link', { name: link }).waitFor()
    expect(await page.locator('main').textContent()).not.toContain('/api/')
  })

  test('that a pace is too high, before it is asked for', async () => {
    const page = await open('#/program')
    await page.getByLabel('Events per second').fill('6000')
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByText('At most 5,000 a second; for load there is qualifio-sim stress.').waitFor()
  })

  test('that the answer was a redirect, and what to do about it', async () => {
    setting.running.emitter.addWebhook(sampleWebhook('w-moved', 'moved', { url: 'http://localhost:3000/moved' }))
    await setting.running.emitter.memberEvent('member-1', { type: 'member_portal_visit' })
    const made = setting.running.emitter.deliveries({ webhookId: 'w-moved' }, { limit: 1 }).items[0]?.id
    const page = await open(`#/deliveries/${made}`)
    await page.getByText('answered 307 (a redirect)').waitFor()
    await page
      .getByText('It points to /webhooks/: if that is the endpoint, make it the URL of the webhook.')
      .first()
      .waitFor()
  })

  test('that the process does not answer, as long as it does not', async () => {
    const page = await open('#/members/member-3')
    const port = Number(new URL(setting.running.url).port)
    await setting.running.close()
    await page.getByText('Connection lost').waitFor()
    await page.getByRole('button', { name: 'Earn', exact: true }).click()
    const silent = page.getByRole('alert').getByText('qualifio-sim does not answer')
    await silent.waitFor()
    setting.running = await startConsole({ port })
    await page.getByText('Connection lost').waitFor({ state: 'detached' })
    await silent.waitFor({ state: 'detached' })
  })
})
