import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptRecord, DeliveryRecord, EventRecord, MemberRecord } from '../../../src/emitter/records.ts'
import type { Unfinished } from '../../../src/emitter/storage.ts'
import { openStore } from '../../../src/emitter/store/store.ts'
import type { Program } from '../../../src/program/program.ts'
import { systemClock } from '../../../src/system-clock.ts'

/** A delivery with its bytes and its attempts. */
export interface KeptDelivery {
  readonly record: DeliveryRecord
  readonly body: string
  readonly signature: string
  readonly attempts: readonly AttemptRecord[]
}

/** What a state folder holds. */
export interface Snapshot {
  /** In order of occurrence. */
  readonly events: readonly EventRecord[]
  readonly deliveries: readonly KeptDelivery[]
  readonly unfinished: readonly Unfinished[]
  /** Events that wait for their batch. */
  readonly unbatched: readonly number[]
  readonly members: readonly MemberRecord[]
  readonly programs: readonly Program[]
}

/** Reads a state from a copy of its folder, so that the next start finds what the killed process left. */
export async function snapshotOf(folder: string): Promise<Snapshot> {
  const copy = mkdtempSync(join(tmpdir(), 'qualifio-sim-copy-'))
  try {
    cpSync(folder, copy, { recursive: true })
    const store = await openStore({ folder: copy, clock: systemClock, newSeed: () => 0 })
    const everything = { limit: 1_000_000 }
    const snapshot = {
      events: store.events(everything).toReversed(),
      deliveries: store
        .deliveries({}, everything)
        .toReversed()
        .map((record) => {
          const request = store.request(record.id)
          if (request === undefined) throw new Error(`delivery ${record.id} has no bytes`)
          const body = Buffer.from(request.body).toString()
          return { record, body, signature: request.signature?.value ?? '', attempts: store.attempts(record.id) }
        }),
      unfinished: store.unfinished(),
      unbatched: store.webhooks().flatMap(({ id }) => store.unbatched(id)),
      members: store.members(),
      programs: store.programs(),
    }
    await store.close()
    return snapshot
  } finally {
    rmSync(copy, { recursive: true })
  }
}
