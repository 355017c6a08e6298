import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const project = mkdtempSync(join(tmpdir(), 'qualifio-sim-types-'))
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** What a strict consumer may write beside the example. */
const USES = `
import { createReceiver, deliver, generatePayloads, retryPolicy, sign, verify } from 'qualifio-sim'
import type { EventName } from 'qualifio-sim'
import type { IncomingMessage } from 'node:http'

export const isSigned = (request: IncomingMessage, raw: Buffer, secret: string): boolean =>
  verify(secret, raw, request.headers['x-qualifio-signature']).valid
export const signature: string = sign('my-secret', '[]')
export const optional = (count: number | undefined) =>
  generatePayloads({ events: ['earning'], count, now: '2026-01-31', membersFrom: { csv: 'externalId' }, validate: 'off' })
export const sent = deliver('[]', { to: new URL('http://localhost'), retrySchedule: '1s,5s', timeoutMs: 500 })
export const waits: readonly number[] = retryPolicy({ retrySchedule: [1, 2] }).delaysMs
export const receiver = createReceiver({ secret: 's' })
export const labels = generatePayloads({ events: ['Point correction +', 'point_correction_minus', 'free-gift'] })
export const everything = [generatePayloads({ events: 'all' }), generatePayloads({ journey: 'level-down' })]
export const named: EventName = 'Free Gift'
export const svix = deliver('[]', { to: 'http://localhost', retrySchedule: 'svix' })
// @ts-expect-error no event has this name
void generatePayloads({ events: 'earnings' })
// @ts-expect-error no event of the list has this name
void generatePayloads({ events: ['earning', 'burnings'] })
// @ts-expect-error no journey has this name
void generatePayloads({ journey: 'onbording' })
// @ts-expect-error events and journey at once
void generatePayloads({ events: 'earning', journey: 'gift' })
// @ts-expect-error neither events nor a journey
void generatePayloads({ count: 2 })
// @ts-expect-error a schedule without a number in it
void deliver('[]', { to: 'http://localhost', retrySchedule: 'instantly' })
// @ts-expect-error a name that is no option of the receiver
void createReceiver({ secrt: 's' })
// @ts-expect-error a name that is no option
void deliver('[]', { to: 'http://localhost', retires: 1 })
// @ts-expect-error there is no endpoint
void deliver('[]', {})
`

test('the example of the library compiles in the strictest consumer', () => {
  const [, example = ''] = /<!-- test: library -->\n+```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(example).toContain('generatePayloads')
  for (const name of ['vitest', 'zod', '@types/node']) {
    mkdirSync(dirname(join(project, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  }
  symlinkSync(root, join(project, 'node_modules/qualifio-sim'))
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    module: 'nodenext',
    target: 'es2023',
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  writeFileSync(join(project, 'receiver.test.ts'), example)
  writeFileSync(join(project, 'uses.ts'), USES)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const run = (): string => execFileSync(process.execPath, [tsc, '-p', '.'], { cwd: project, encoding: 'utf8' })
  expect(run).not.toThrow()
}, 60_000)
