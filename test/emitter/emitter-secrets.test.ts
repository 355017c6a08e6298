import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import chalk from 'chalk'
import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { createTransport } from '../../src/delivery/transport.ts'
import type { StreamMessage } from '../../src/emitter/view/views.ts'
import { emitNdjsonLog, emitTextLog } from '../../src/report/emit-log.ts'
import { systemClock } from '../support/system-clock.ts'
import { emitterIn } from './emitter-setting.ts'

/** A receiver that tells everything it got back, in its headers and its body, and accepts nothing. */
async function echo(): Promise<{ readonly url: string; readonly requests: () => number }> {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    const { authorization, 'x-auth': own } = request.headers
    const seen = [authorization, own, request.url].filter((text) => text !== undefined).join(' ')
    response.writeHead(500, { 'x-seen': seen, 'set-cookie': `seen=${encodeURIComponent(seen)}`, location: `/?${seen}` })
    // As a framework's page for developers does.
    response.end(`<pre>Error: wrong ${seen}\nsecret ${secrets.join(' ')}</pre>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, requests: () => requests }
}

let secrets: readonly string[] = []

test('values of the query of an address are masked where nobody edits or runs it', async () => {
  const { emitter, events } = await emitterIn()
  emitter.begin()
  const url = 'https://shop.example/hook?apikey=hidden&plain'
  const { id } = await emitter.createWebhook({ name: 'shop', url })
  await events(1)
  const { request, curl } = emitter.delivery(1)
  expect(request.url).toBe('https://shop.example/hook?apikey=…&…')
  expect(curl).toContain(url)
  expect(emitter.webhook(id).url).toBe(url)
})

test('no view, no message of the stream and no line of the log holds a secret or an authorization value', async () => {
  const receiver = await echo()
  const letters = fc.stringMatching(/^[A-Za-z0-9_-]{16}$/)
  await fc.assert(
    fc.asyncProperty(letters, letters, letters, fc.constantFrom('x-auth', 'Authorization'), async (a, b, c, name) => {
      secrets = [a, b]
      const value = name === 'Authorization' ? `Basic ${Buffer.from(`user:${c}`).toString('base64')}` : c
      const tried = await emitterIn({
        transportFor: (url) => createTransport({ url, connections: 4, timeoutMs: 5000, clock: systemClock }),
        rules: { policy: { delaysMs: [] } },
      })
      const { emitter } = tried
      emitter.begin()
      const told: StreamMessage[] = []
      emitter.subscribe((message) => void told.push(message))
      const { id } = await emitter.createWebhook({
        name: 'shop',
        url: receiver.url,
        secret: a,
        header: { name, value },
      })
      await emitter.changeWebhook(id, { secret: b })
      const story = await emitter.startStory({ journey: 'gift' })
      await emitter.nextStep(story.id)
      await tried.events(1)
      const ping = await emitter.pingWebhook(id)
      while (emitter.health().unfinished > 0) await new Promise((resolve) => setTimeout(resolve, 2))
      tried.clock.advance(1000)

      const deliveries = emitter.deliveries({}, { limit: 99 }).items
      expect(deliveries).toHaveLength(3)
      const members = emitter.members('', { limit: 99 }).items
      const events = emitter.events({ limit: 99 }).items
      const logs = [emitTextLog(chalk), emitNdjsonLog()].flatMap((log) =>
        tried.attempts.map((attempt) => log({ attempt, types: [], eventCount: 1, retries: 0 })),
      )
      const seen = JSON.stringify([
        emitter.webhooks(),
        emitter.webhook(id),
        ping,
        deliveries.map((delivery) => [delivery, emitter.delivery(delivery.id)]),
        events.map((event) => [event, emitter.event(event.id)]),
        members.map((member) => emitter.member(member.id)),
        emitter.stories(),
        emitter.program(),
        emitter.health(),
        told,
        logs,
      ])
      expect(told.map((message) => message.name)).toEqual(['events', 'deliveries', 'webhooks'])
      expect(seen).toContain('Error: wrong')
      for (const hidden of [a, b, c, value, encodeURIComponent(value)]) expect(seen).not.toContain(hidden)
      const [first] = deliveries
      const detail = emitter.delivery(first?.id ?? 0)
      expect(detail.request.headers).toContainEqual([name, '…'])
      expect(detail.curl).toContain('$QUALIFIO_SIM_AUTH')
      await emitter.stop(1000)
    }),
    { numRuns: 12 },
  )
  expect(receiver.requests()).toBeGreaterThanOrEqual(36)
})
