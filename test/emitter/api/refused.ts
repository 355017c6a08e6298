import { expect } from 'vitest'
import type { Asking, RunningApi } from './running-api.ts'
import { WEBHOOK } from './sample-views.ts'

/** What is asked, the status and code, and a part of what is said. */
export type Refused = readonly [what: string, target: string, how: Asking, status: number, code: string, detail: string]

export const JSON_TYPE = { 'Content-Type': 'application/json' }
/** A POST of this text, as JSON. */
export const post = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE): Asking => ({
  method: 'POST',
  body,
  headers,
})
/** A PATCH of this text, as JSON. */
export const patch = (body: string): Asking => ({ method: 'PATCH', body, headers: JSON_TYPE })

export const HOOKS = '/api/webhooks'
export const HOOK = `${HOOKS}/${WEBHOOK.id}`

/** Asks, and expects the problem. */
export async function expectRefused(running: RunningApi, row: Refused): Promise<void> {
  const [, target, how, status, code, detail] = row
  const answered = await running.ask(target, how)
  expect([answered.status, answered.headers['content-type']]).toEqual([status, 'application/problem+json'])
  const problem = answered.json()
  expect(problem).toMatchObject({ status, code, type: `urn:qualifio-sim:problem:${code}` })
  expect(problem['instance']).toBe(target.split('?')[0])
  expect(problem['detail']).toContain(detail)
}
