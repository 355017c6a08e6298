import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stressHtml } from '../../src/report/stress-html.ts'
import type { StressPage } from '../../src/report/stress-page/page.ts'
import { chromiumPath, openFile, startChromium, type Look } from '../support/browser.ts'
import { outagePage, pageOf, smoothRun, tinyRun } from '../support/stress-results.ts'

/*
 * The page in a real browser. With QUALIFIO_SIM_TEST_SCREENSHOTS=FOLDER its pictures are kept there, to be looked at;
 * docs/stress-report.png is outage-light.png.
 */

const scratch = mkdtempSync(join(tmpdir(), 'qualifio-sim-page-'))
const shots = process.env['QUALIFIO_SIM_TEST_SCREENSHOTS'] ?? join(scratch, 'shots')
const hostile = '</script><script>window.broken=1</script><img src=x onerror="window.broken=1"><!--'
const PAGES: Readonly<Record<string, () => StressPage>> = {
  outage: outagePage,
  smooth: () => pageOf(smoothRun(60)),
  tiny: () => pageOf(tinyRun()),
  forged: () =>
    pageOf(tinyRun(), {
      thresholds: [
        {
          text: 'no forged signature is accepted',
          actual: 'none of 14 was refused, 14 prove nothing: no answer (connect-timeout)',
          crossed: true,
        },
      ],
    }),
  empty: () => pageOf({ ...tinyRun(), timeline: [], distribution: [] }),
  hostile: () => ({ ...outagePage(), target: hostile, command: hostile, headline: hostile, sentence: hostile }),
}

const read = <T>(page: Page, script: string) => page.evaluate<T>(script)
const colourOf = (page: Page, selector: string) =>
  read<string>(page, `getComputedStyle(document.querySelector('${selector}')).backgroundColor`)
/** How many pixels of a chart have the colour of an entry of its legend. */
const pixelsLike = (page: Page, figure: string, key: string) =>
  read<number>(
    page,
    `(() => {
      const wanted = getComputedStyle(document.querySelector('#${figure} .c-${key}')).backgroundColor.match(/\\d+/g).map(Number)
      const canvas = document.querySelector('#${figure} canvas')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      let count = 0
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] > 200 && wanted.every((part, index) => Math.abs(part - data[at + index]) < 6)) count++
      return count
    })()`,
  )

describe.skipIf(chromiumPath === undefined)('in Chromium, the page of a run', () => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(shots, { recursive: true })
    for (const [name, page] of Object.entries(PAGES)) writeFileSync(join(scratch, `${name}.html`), stressHtml(page()))
    browser = await startChromium()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  /** Opens a page and looks; it must neither complain nor ask the network for anything. */
  async function look(name: string, how: Look, at: (page: Page) => Promise<void>): Promise<void> {
    const opened = await openFile(browser, pathToFileURL(join(scratch, `${name}.html`)).href, how)
    try {
      await at(opened.page)
      expect(opened.complaints).toEqual([])
    } finally {
      await opened.close()
    }
  }

  test.each(Object.keys(PAGES))('%s: draws every chart, and asks nobody for anything', async (name) => {
    await look(name, {}, async (page) => {
      const figures = await read<{ id: string; drawn: number }[]>(
        page,
        `[...document.querySelectorAll('figure')].map((figure) => {
          const canvas = figure.querySelector('canvas')
          const data = canvas?.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data ?? []
          let drawn = 0
          for (let at = 3; at < data.length; at += 4) if (data[at] > 0) drawn++
          return { id: figure.id, drawn }
        })`,
      )
      if (name === 'empty') return
      expect(figures.length).toBeGreaterThanOrEqual(4)
      for (const figure of figures) expect(figure.drawn, figure.id).toBeGreaterThan(2000)
    })
  })

  test.each(['light', 'dark'] as const)('draws in the colours of its legend when it is %s', async (scheme) => {
    await look('outage', { scheme }, async (page) => {
      for (const key of ['2xx', '5xx', 'failed']) expect(await pixelsLike(page, 'rate', key), key).toBeGreaterThan(500)
      for (const key of ['p50', 'p99']) expect(await pixelsLike(page, 'latency-time', key), key).toBeGreaterThan(100)
      expect(await pixelsLike(page, 'distribution', 'bucket')).toBeGreaterThan(500)
    })
  })

  test('changes its colours with the system, charts too', async () => {
    await look('outage', {}, async (page) => {
      const light = [await colourOf(page, 'body'), await colourOf(page, '.c-2xx')]
      await page.emulateMedia({ colorScheme: 'dark' })
      const dark = [await colourOf(page, 'body'), await colourOf(page, '.c-2xx')]
      expect(dark[0]).not.toBe(light[0])
      expect(dark[1]).not.toBe(light[1])
      await expect.poll(() => pixelsLike(page, 'rate', '2xx')).toBeGreaterThan(500)
    })
  })

  test('is printed in light colours and as wide as paper, and comes back', async () => {
    await look('outage', { scheme: 'dark' }, async (page) => {
      const state = async () => [
        await colourOf(page, '.c-2xx'),
        await read<number>(page, `document.querySelector('#rate canvas').clientWidth`),
      ]
      const before = await state()
      await read(page, `dispatchEvent(new Event('beforeprint'))`)
      const [colour, width] = await state()
      expect(colour).not.toBe(before[0])
      expect(width).toBeLessThan(700)
      await expect.poll(() => pixelsLike(page, 'rate', '2xx')).toBeGreaterThan(500)
      await read(page, `dispatchEvent(new Event('afterprint'))`)
      expect(await state()).toEqual(before)
    })
  })

  test.each([320, 360, 768, 1280])('fits %d pixels, tables open or not, and follows the window', async (width) => {
    await look('outage', { width, height: 740 }, async (page) => {
      const overflow = `document.documentElement.scrollWidth - document.documentElement.clientWidth`
      expect(await read(page, overflow)).toBe(0)
      await read(page, `document.querySelectorAll('details').forEach((one) => { one.open = true })`)
      expect(await read(page, overflow)).toBe(0)
      await page.setViewportSize({ width: 400, height: 740 })
      await page.waitForFunction(`document.querySelector('#rate canvas').clientWidth < 400`)
      expect(await read(page, overflow)).toBe(0)
    })
  })

  test('says in the legend what is under the pointer, in every chart over time, and then the totals again', async () => {
    await look('outage', {}, async (page) => {
      const value = (figure: string, key: string) => page.locator(`#${figure} [data-key="${key}"]`).textContent()
      const total = await value('rate', 'failed')
      await page.locator('#rate').scrollIntoViewIfNeeded()
      const box = await page.locator('#rate .u-over').boundingBox()
      if (box === null) throw new Error('the chart has no place')
      await page.mouse.move(box.x + (box.width * 40.8) / 90, box.y + 50)
      expect(await page.locator('#rate .moment').textContent()).toBe('at 40 s')
      expect(await value('rate', '2xx')).toBe('0/s')
      expect(await value('rate', 'failed')).toMatch(/^[\d,]+\/s$/)
      // Nothing was answered then.
      expect(await value('latency-time', 'p50')).toBe('–')
      expect(await value('waiting', 'waiting')).toMatch(/^[\d,]+$/)
      expect(await page.locator('#distribution .moment').textContent()).toBe('')
      await page.mouse.move(box.x + (box.width * 10.8) / 90, box.y + 50)
      expect(await value('latency-time', 'p50')).toMatch(/ ms$/)
      await page.mouse.move(2, 2)
      expect(await value('rate', 'failed')).toBe(total)
    })
  })

  test('lets the keyboard walk through a chart', async () => {
    await look('tiny', {}, async (page) => {
      await page.locator('#rate .chart').focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      expect(await page.locator('#rate .moment').textContent()).toBe('at 1 s')
      await page.keyboard.press('Home')
      expect(await page.locator('#rate .moment').textContent()).toBe('at 0 s')
    })
  })

  test('without JavaScript has its text, and its tables open', async () => {
    await look('outage', { javaScript: 'off' }, async (page) => {
      expect(await page.locator('h1').innerText()).toBe('2 of 3 thresholds crossed')
      expect(await page.locator('noscript').innerText()).toContain('The charts need JavaScript')
      expect(await page.locator('#rate table').innerText()).toContain('44 s – 46 s')
      expect(await page.locator('.chart').first().isVisible()).toBe(false)
    })
  })

  test('shows hostile text as text', async () => {
    await look('hostile', {}, async (page) => {
      expect(await page.locator('h1').innerText()).toBe(hostile)
      expect(await page.locator('pre').innerText()).toBe(hostile)
      expect(await read(page, `typeof window.broken`)).toBe('undefined')
      expect(await page.locator('img').count()).toBe(0)
    })
  })

  test.each(['light', 'dark'] as const)(
    'has text that can be read against its background when it is %s',
    async (scheme) => {
      await look('outage', { scheme }, async (page) => {
        const faint = await read<string[]>(page, FAINT_TEXT)
        expect(faint).toEqual([])
      })
    },
  )

  test.each<[string, string, Look]>([
    ['outage', 'outage-light', {}],
    ['outage', 'outage-dark', { scheme: 'dark' }],
    ['outage', 'outage-phone', { width: 360, height: 740 }],
    ['tiny', 'tiny-light', {}],
  ])('of %s has a picture: %s', async (name, file, how) => {
    await look(name, how, async (page) => {
      await page.screenshot({ path: join(shots, `${file}.png`), fullPage: true })
      expect(statSync(join(shots, `${file}.png`)).size).toBeGreaterThan(50_000)
    })
  })
})

/** Texts whose contrast is under the 4.5 that WCAG asks for (AA), with their ratio. */
const FAINT_TEXT = `(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] === 1) return colour
    }
    return [255, 255, 255]
  }
  return [...document.querySelectorAll('main *, footer *')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .flatMap((element) => {
      const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      return ratio < 4.5 ? [element.textContent.trim() + ': ' + ratio.toFixed(2)] : []
    })
})()`
