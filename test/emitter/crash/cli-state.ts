import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startReceiver, type Receiver, type ReceiverRules } from './receiver.ts'

/** A state folder and a receiver for one test. */
export async function ground(rules: ReceiverRules): Promise<{ readonly folder: string; readonly receiver: Receiver }> {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-ground-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const receiver = await startReceiver(rules)
  onTestFinished(() => receiver.close())
  return { folder, receiver }
}

/** `emit` on a state, with everything else as tests need it. */
export function emitArgs({
  folder,
  url,
  more = [],
}: {
  readonly folder: string
  readonly url: string
  readonly more?: readonly string[]
}) {
  return ['emit', '--to', url, '--secret', 'my-secret', '--state', folder, '--port', '0', '--speed', '100', ...more]
}

/** Asks the API of a running `emit` for an event; the status and the answer. */
export async function askForEvent(consoleUrl: string): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await fetch(new URL('/api/events', consoleUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'earning' }),
  })
  return { status: response.status, answer: await response.json() }
}
