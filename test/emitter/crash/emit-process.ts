import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadContract } from '../../../src/contract/contract.ts'
import { createTransport } from '../../../src/delivery/transport.ts'
import { Refusal } from '../../../src/emitter/refusal.ts'
import { startEmitter } from '../../../src/emitter/start.ts'
import type { CrashPoint, Store } from '../../../src/emitter/storage.ts'
import { openStore } from '../../../src/emitter/store/store.ts'
import { builtInPrograms } from '../../../src/program/catalog.ts'
import { DEFAULT_LOCALES } from '../../../src/program/locale.ts'
import { systemClock as clock } from '../../../src/system-clock.ts'
import { FIRST_MEMBERS, SECRET, type ProcessPlan } from './plan.ts'

/*
 * An emitter as a process that tests kill; it is not in the package. The plan is the first argument. Each event is
 * printed (`accepted <id>`) once it is durable, and `done` when it ends by itself.
 * QUALIFIO_SIM_CRASH_AT=after-intent:7 ends it without a word at the seventh time of that point.
 */

const plan = JSON.parse(process.argv[2] ?? '') as ProcessPlan
const TYPES = ['earning', 'member-portal-visit', 'point-correction-minus', 'burning', 'free-gift', 'profile-creation']
const ASKED_TOGETHER = 4

// Not a stream: what was written must not wait in a process that is killed.
const say = (line: string): void => void writeSync(1, `${line}\n`)

const [crashPoint, nth] = (process.env['QUALIFIO_SIM_CRASH_AT'] ?? '').split(':')
let timesLeft = Number(nth)

function atPoint(point: CrashPoint): void {
  if (point !== crashPoint || --timesLeft > 0) return
  process.kill(process.pid, 'SIGKILL')
}

/** What members live by chance has nobody who asked for it: it is accepted when it is durable. */
function tellingLife(store: Store): Store {
  return {
    ...store,
    addEvent(added) {
      const seq = store.addEvent(added)
      if (added.origin === 'life') void store.durable().then(() => say(`accepted ${added.event.id}`))
      return seq
    },
  }
}

const store = await openStore({ folder: plan.folder, clock, newSeed: () => 7, atPoint })
const contract = await loadContract('assumed-1')
const emitter = await startEmitter({
  store: tellingLife(store),
  clock,
  rules: {
    contract,
    signature: contract.signature,
    policy: { delaysMs: [10, 20, 40, 80, 160, 320, 640] },
    concurrency: plan.concurrency,
    order: plan.order,
    batchWindowMs: plan.batchWindowMs,
    batchMax: 5,
    blockEndpointAfter: null,
    userAgent: 'crash-test',
    curl: () => '',
  },
  programs: { given: undefined, usual: builtInPrograms },
  members: { count: FIRST_MEMBERS },
  locales: DEFAULT_LOCALES,
  settings: { pacePerSecond: plan.pacePerSecond, speed: 1 },
  webhooks: [{ origin: 'command-line', change: { name: 'shop', url: plan.url, secret: SECRET } }],
  keepMs: 86_400_000,
  transportFor: (url) => createTransport({ url, connections: plan.concurrency, timeoutMs: 5000, clock }),
  onFailure(error) {
    throw error
  },
  atPoint,
})

async function ask(index: number): Promise<void> {
  try {
    const type = TYPES[index % TYPES.length] ?? ''
    for (const { id } of await emitter.anyEvent({ type })) say(`accepted ${id}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

emitter.begin()
say('ready')
for (let index = 0; index < plan.events; index += ASKED_TOGETHER)
  await Promise.all(Array.from({ length: Math.min(ASKED_TOGETHER, plan.events - index) }, (_, k) => ask(index + k)))

const isOpen = (): boolean => store.webhooks().some(({ id }) => store.unbatched(id).length > 0)
while (plan.pacePerSecond > 0 || emitter.health().unfinished > 0 || isOpen()) await sleep(5)
await emitter.stop(1000)
await store.close()
say('done')
