import { describe, expect, test } from 'vitest'
import { chromiumPath } from '../support/browser.ts'
import { consoleSetting } from './console-setting.ts'

/* The console as its users live with it, before a played emitter and the real API. */

describe.skipIf(chromiumPath === undefined)('in Chromium, the console', () => {
  const setting = consoleSetting({ answerMs: 100, retryMs: 20 })
  const { open } = setting

  test('makes a webhook, and shows its secret once', async () => {
    const page = await open('#/webhooks/new')
    await page.getByLabel('Name', { exact: true }).fill('till')
    await page.getByLabel('URL').fill('http://localhost:3000/till/ok')
    await page.getByRole('button', { name: 'Generate' }).click()
    const secret = await page.getByLabel('Secret to sign with').inputValue()
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    await page.getByRole('checkbox', { name: 'Burning' }).click()
    await page.getByRole('button', { name: 'Create webhook' }).click()
    await page.getByRole('heading', { name: 'till' }).waitFor()
    expect(await page.locator('.fresh-secret code').textContent()).toBe(secret)
    expect(setting.running.emitter.webhooks().find(({ name }) => name === 'till')?.scope.events).toHaveLength(7)
    await page.reload()
    await page.getByRole('heading', { name: 'till' }).waitFor()
    expect(await page.content()).not.toContain(secret)
    expect(await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }])')).not.toContain(secret)
    expect(setting.opened.complaints).toEqual([])
  })

  test('makes a webhook by keyboard alone', async () => {
    const page = await open('#/webhooks')
    const reach = async (name: string) => {
      for (let presses = 0; presses < 60; presses++) {
        const now = await page.evaluate<string>(
          `(() => { const at = document.activeElement; return at.labels?.[0]?.textContent.trim() ?? at.textContent.trim() })()`,
        )
        if (now === name) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`no key leads to ${name}`)
    }
    await reach('New webhook')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'New webhook' }).waitFor()
    await reach('Name')
    await page.keyboard.type('till')
    await reach('URL')
    await page.keyboard.type('http://localhost:3000/till/ok')
    await reach('Generate')
    await page.keyboard.press('Enter')
    await reach('Free Gift')
    await page.keyboard.press('Space')
    await reach('Create webhook')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your secret' }).waitFor()
  })

  test('says in its own words what a form lacks, and puts the focus there', async () => {
    const page = await open('#/webhooks/new')
    const create = page.getByRole('button', { name: 'Create webhook' })
    const focused = async () => await page.evaluate('document.activeElement.labels?.[0]?.textContent.trim()')
    await create.click()
    await page.getByText('Give it a name.').waitFor()
    await expect.poll(focused).toBe('Name')
    await page.getByLabel('Name', { exact: true }).fill('till')
    await page.getByText('Give it a name.').waitFor({ state: 'detached' })
    await page.getByLabel('URL').fill('http://localhost:3000/till/ok')
    for (const program of await page.locator('.scope thead input').all()) await program.click()
    await create.click()
    await expect.poll(focused).toBe('Boréal Club')
    await page.getByText('Tick at least one program').waitFor()
    expect(setting.running.emitter.webhooks().map(({ name }) => name)).not.toContain('till')
  })

  test('announces a blocked webhook, unblocks it, and then offers to send again what was blocked', async () => {
    const blocked = { at: new Date().toISOString(), afterDeliveries: 5 }
    setting.running.emitter.addWebhook({ ...setting.running.emitter.webhook('w-old'), blocked: null })
    setting.running.emitter.addWebhook({ ...setting.running.emitter.webhook('w-crm'), blocked })
    const { counts } = setting.running.emitter.webhook('w-crm')
    const page = await open('#/deliveries')
    const tab = page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Webhooks' })
    expect(await tab.textContent()).toBe('Webhooks1 blocked')
    await page.getByText('crm is blocked after 5 blocked deliveries in a row').waitFor()
    await page.getByRole('button', { name: 'Unblock crm' }).click()
    await page.getByText('crm is unblocked.').waitFor()
    expect(await tab.textContent()).toBe('Webhooks')
    await page.getByRole('button', { name: `Resend all ${counts.blocked}`, exact: true }).click()
    await page.locator('.offer', { hasText: `${counts.blocked} deliveries sent again` }).waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.locator('.offer').waitFor({ state: 'detached' })
    expect(setting.opened.complaints).toEqual([])
  })

  test("says that there is no such page, and shows one member's deliveries until their chip is removed", async () => {
    const page = await open('#/nope')
    await page.getByRole('heading', { name: 'No such page' }).waitFor()
    expect(await page.locator('nav a[aria-current]').count()).toBe(0)
    const { items } = setting.running.emitter.deliveries({}, { limit: 1 })
    await page.goto(`${setting.running.url}#/deliveries?member=${items[0]?.member?.id}`)
    await page.getByRole('button', { name: `Member: ${items[0]?.member?.name}` }).click()
    await page.locator('.chip').waitFor({ state: 'detached' })
    expect(page.url()).toMatch(/#\/deliveries$/)
  })

  test('does not offer to delete what a file sets, and says why', async () => {
    const page = await open('#/webhooks/w-flaky')
    await page.getByText('It cannot be deleted here').waitFor()
    expect(await page.getByRole('button', { name: 'Delete' }).count()).toBe(0)
  })

  test('says what is wrong with a field beside the field, and keeps the form over a reload, less its secrets', async () => {
    const page = await open('#/webhooks/new')
    await page.getByLabel('Name', { exact: true }).fill('till')
    await page.getByLabel('URL').fill('localhost')
    await page.getByLabel('Secret to sign with').fill('keep-this-quiet')
    await page.getByRole('button', { name: 'Create webhook' }).click()
    const url = page.getByLabel('URL')
    await page.locator('.field .problem').waitFor()
    expect(await url.getAttribute('aria-invalid')).toBe('true')
    const about = (await url.getAttribute('aria-describedby'))?.split(' ').at(-1) ?? ''
    expect(await page.locator(`[id="${about}"]`).textContent()).toContain('did you mean')
    await page.reload()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('till')
    expect(await page.getByLabel('Secret to sign with').inputValue()).toBe('')
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('keep-this-quiet')
  })

  test('keeps filters over a reload, and the way back to them', async () => {
    const page = await open('#/deliveries')
    await page.getByLabel('State').selectOption('blocked')
    await page.getByLabel('Webhook').selectOption({ label: 'crm' })
    await page.locator('.row .state.delivered').first().waitFor({ state: 'detached' })
    const filtered = await page.locator('.row').count()
    await page.reload()
    await page.locator('.row').first().waitFor()
    expect(await page.getByLabel('State').inputValue()).toBe('blocked')
    expect(await page.locator('.row').count()).toBe(filtered)
    expect(await page.locator('.row .state').allTextContents()).toEqual(Array(filtered).fill('blocked'))
    await page.locator('.row').first().click()
    await page.getByRole('link', { name: '← Deliveries' }).click()
    await page.locator('.row').first().waitFor()
    expect(page.url()).toContain('state=blocked&webhook=w-crm')
  })

  test('gives points and tells what each receiver answers, as it comes', async () => {
    const page = await open('#/members/member-3')
    await page.getByRole('button', { name: 'Earn', exact: true }).click()
    const line = page.locator('.answers')
    await line.getByText(/shop confirmed in 0\.\d+ s/).waitFor()
    await line.getByText(/crm answered 500, retry \d\/7/).waitFor()
    await line.getByText(/crm answered 500, blocked after 7 retries/).waitFor()
    await page.getByLabel('Points to give').fill('250')
    await page.getByRole('button', { name: 'Give points' }).click()
    await page.getByText('Jules Dubois was given 250 Boréal Points').first().waitFor()
    await page.getByLabel('Points to give').fill('2.5')
    await page.getByRole('button', { name: 'Give points' }).click()
    await page.getByRole('alert').getByText('Points are a whole number above 0.').waitFor()
    await page.getByLabel('Points to take').fill('1000000')
    await page.getByRole('button', { name: 'Take points back' }).click()
    await page.getByRole('alert').getByText('take fewer back').waitFor()
  })

  test('tells of the last reward that somebody could pay, and keeps the focus', async () => {
    const poor = setting.running.emitter
      .members('', { limit: 60 })
      .items.map(({ id }) => setting.running.emitter.member(id))
      .find(
        ({ rewards: [first], balances: [purse] }) => first !== undefined && (purse?.current ?? 0) < first.cost + 100,
      )
    const page = await open(`#/members/${poor?.id}`)
    await page.getByRole('button', { name: 'Spend on a reward' }).click()
    await page.getByText(`There is no reward that ${poor?.name} can pay now. Let them earn first.`).waitFor()
    await page
      .locator('.answers')
      .getByText(/shop confirmed in 0\.\d+ s/)
      .waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Spend on a reward')
    const spent = setting.running.emitter.events({ limit: 1 }).items
    await page.keyboard.press('Enter')
    await page.waitForTimeout(100)
    expect(setting.running.emitter.events({ limit: 1 }).items).toMatchObject([{ id: spent[0]?.id }])
  })

  test('says nothing of an earlier press beside what went wrong with this one', async () => {
    const page = await open('#/members/member-3')
    const form = page.locator('form.cause', { has: page.getByRole('button', { name: 'Take points back' }) })
    await form.getByLabel('Points to take').fill('1')
    await form.getByRole('button').click()
    await form.locator('.answers').getByText('lost 1 Boréal Points').waitFor()
    await form.getByLabel('Points to take').fill('1000000')
    await form.getByRole('button').click()
    await form.getByRole('alert').getByText('take fewer back').waitFor()
    expect(await form.locator('.answers').innerText()).toBe('')
  })

  test('tells a story, a step at a time', async () => {
    const page = await open('#/story')
    await page.getByRole('button', { name: /^Onboarding/ }).click()
    await page.getByRole('button', { name: 'Next step Joins the program' }).click()
    await page.getByText(/joined Boréal Club/).waitFor()
    const confirmed = page.getByRole('link', { name: /shop confirmed in 0\.\d+ s/ })
    await confirmed.waitFor()
    expect(await confirmed.getAttribute('class')).toContain('delivered')
    expect(await confirmed.getAttribute('href')).toMatch(/^#\/deliveries\/\d+$/)
    await page.reload()
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: /^Next step/ }).click()
    await page.getByText('That is the end of the story.').waitFor()
    await page
      .locator('.told-then .route.blocked', { hasText: 'crm never confirmed, after 8 tries; it can be sent again' })
      .first()
      .waitFor()
  })

  test('shows what a receiver says as text, whatever it says', async () => {
    const { items } = setting.running.emitter.deliveries({ webhookId: 'w-hostile' }, { limit: 1 })
    const page = await open(`#/deliveries/${items[0]?.id}`)
    const body = page.getByLabel('Body of the answer').first()
    await body.waitFor()
    expect(await body.textContent()).toContain('<img src=x onerror="window.broken=1"><script>')
    const bare = await page.evaluate<number>(
      `[...document.body.innerText].filter((c) => c < ' ' && c !== '\\n' && c !== '\\t' || c >= '\\u202a' && c <= '\\u202e').length`,
    )
    expect(bare).toBe(0)
    expect(await page.evaluate('window.broken')).toBe(undefined)
    expect(await page.locator('main img, main script').count()).toBe(0)
  })

  test('resends all blocked deliveries of what is shown', async () => {
    const page = await open('#/deliveries?webhook=w-crm')
    const { resent } = { resent: setting.running.emitter.webhook('w-crm').counts.blocked }
    await page.getByRole('button', { name: `Resend all blocked (${resent})` }).click()
    await page.getByText(`${resent} deliveries sent again`).waitFor()
  })

  test('asks before it deletes a webhook, with the focus on the safe answer', async () => {
    const page = await open('#/webhooks/w-old')
    await page.getByRole('button', { name: 'Unblock' }).click()
    await page.locator('.warning').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Delete…' }).click()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Keep')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Webhooks' }).waitFor()
    expect(setting.running.emitter.webhooks().map(({ id }) => id)).not.toContain('w-old')
    expect(setting.opened.complaints).toEqual([])
  })

  test('pings, and says what was answered', async () => {
    const page = await open('#/webhooks/w-crm')
    await page.getByRole('button', { name: 'Ping' }).click()
    await page.getByText('crm answered 500').waitFor()
  })

  test('pauses the program and sets its pace', async () => {
    const page = await open('#/program')
    await page.getByRole('button', { name: '10/s' }).click()
    await page.getByText('10 events a second').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused: nothing happens by itself').waitFor()
    await page.getByLabel('Events per second').fill('many')
    await page.getByRole('button', { name: 'Set' }).click()
    await page.getByText('The pace is a number').waitFor()
    expect(setting.running.emitter.program()).toMatchObject({ paused: true, pacePerSecond: 10 })
  })
})
