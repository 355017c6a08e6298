import { createHash } from 'node:crypto'
import { isEvent, isRecord, KNOWN_TYPES } from './event.ts'
import { faultyNode, pause, type FaultyReceiver } from './faulty-receiver.ts'
import { stopped } from './receiver.ts'
import { Refusal, SOUND_STEPS } from './steps.ts'

const { apply, choose, parse } = SOUND_STEPS
const KNOWN_FIELDS: readonly string[] = ['id', 'type', 'occurredAt', 'program', 'member', 'data']
const DAY_MS = 86_400_000

/** Faults of what is done with the events of a batch. */
export const FAULTY_EVENTS: readonly FaultyReceiver[] = [
  faultyNode('one-object', 'Expects one event as an object; of an array it takes the first element.', {
    fails: ['CON-07', 'DLV-03', 'DLV-07', 'DLV-08'],
    change: () => ({
      parse(body) {
        const parsed = parse(body)
        return Array.isArray(parsed) ? parsed.slice(0, 1) : [parsed]
      },
    }),
  }),
  faultyNode('first-event-only', 'Applies the first event of a batch and forgets the others.', {
    fails: ['CON-07', 'DLV-03', 'DLV-07', 'DLV-08'],
    change: () => ({ choose: (elements) => choose(elements).slice(0, 1) }),
  }),
  faultyNode('batches-of-one', 'Refuses a batch of more than one event.', {
    fails: ['CON-02', 'CON-04', 'CON-07', 'DLV-03', 'DLV-07', 'DLV-08', 'PRF-02', 'ROB-10'],
    change: () => ({ consider: ({ length }) => (length > 1 ? { status: 400 } : undefined) }),
  }),
  faultyNode('batches-of-fifty', 'Refuses a batch of more than fifty events.', {
    fails: ['CON-04', 'PRF-02', 'ROB-10'],
    change: () => ({ consider: ({ length }) => (length > 50 ? { status: 422 } : undefined) }),
  }),
  faultyNode('empty-batch-500', 'Reads events[0] before it asks whether there is one.', {
    fails: ['CON-03'],
    change: () => ({ consider: ({ length }) => (length === 0 ? { status: 500 } : undefined) }),
  }),
  faultyNode('no-free-gifts', 'Has no handler for one of the eight types and crashes there.', {
    fails: ['CON-01', 'CON-02'],
    change: () => ({
      consider: (elements) =>
        elements.some((it) => isEvent(it) && it.type === 'free_gift') ? { status: 500 } : undefined,
    }),
  }),
  faultyNode('unknown-type-400', 'Refuses a batch with an event type that it does not know.', {
    fails: ['CON-06', 'CON-07'],
    change: () => ({
      consider: (elements) =>
        elements.some((it) => isEvent(it) && !KNOWN_TYPES.includes(it.type)) ? { status: 400 } : undefined,
    }),
  }),
  faultyNode('unknown-field-422', 'Validates strictly: a field that it does not know is an error.', {
    fails: ['CON-05', 'ROB-03'],
    change: () => ({
      consider: (elements) =>
        elements.some((it) => isRecord(it) && Object.keys(it).some((key) => !KNOWN_FIELDS.includes(key)))
          ? { status: 422 }
          : undefined,
    }),
  }),
  faultyNode('broken-refuses-all', 'Refuses a whole batch when one element does not validate.', {
    fails: ['DLV-08'],
    change: () => ({
      consider: (elements) => (elements.every((element) => isEvent(element)) ? undefined : { status: 400 }),
    }),
  }),
  faultyNode('old-events-400', 'Refuses events that happened more than a day ago, as if a retry were a replay.', {
    fails: ['DLV-06'],
    change: ({ nowMs = Date.now() }) => ({
      consider: (elements) =>
        elements.some((it) => isEvent(it) && Date.parse(it.occurredAt) < nowMs - DAY_MS) ? { status: 400 } : undefined,
    }),
  }),
  faultyNode('last-write-wins', 'Takes the level of the change that came last, not of the newest.', {
    // An answer does not show which level stands.
    fails: [],
    change: () => ({
      apply({ id }, store) {
        if (store.insertIfAbsent(id)) store.apply(id)
      },
    }),
  }),
  faultyNode('out-of-order-409', 'Refuses a level change that is older than the one it has, instead of ignoring it.', {
    fails: ['DLV-05'],
    change: () => ({
      apply(event, store) {
        const { type, member, occurredAt } = event
        if (type === 'change_in_level' && !store.setLevelIfNewer(member.id, occurredAt)) {
          throw new Refusal({ status: 409 })
        }
        return apply(event, store)
      },
    }),
  }),
  faultyNode('not-idempotent', 'Applies an event as often as it comes.', {
    fails: ['DLV-01', 'DLV-02', 'DLV-03', 'DLV-04'],
    change: () => ({
      apply(event, store) {
        const { type, member, occurredAt } = event
        if (type === 'change_in_level' && !store.setLevelIfNewer(member.id, occurredAt)) return
        store.apply(event.id)
      },
    }),
  }),
  faultyNode('dedupes-moments', 'Takes two events of one member, type and moment for one.', {
    fails: ['DLV-07'],
    change() {
      const seen = new Set<string>()
      return {
        apply(event, store) {
          const { type, member, occurredAt } = event
          const key = `${type} ${member.id} ${occurredAt}`
          const isKnown = seen.has(key)
          seen.add(key)
          return isKnown ? undefined : apply(event, store)
        },
      }
    },
  }),
  faultyNode(
    'dies-a-moment-later',
    'Answers first and awaits nothing: an element that it cannot handle ends the process afterwards.',
    {
      fails: ['DLV-08'],
      change() {
        let die = (): void => {}
        return {
          around(next, _, server) {
            die = () => void setTimeout(() => void stopped(server), 2)
            return next
          },
          consider(elements) {
            if (elements.some((it) => !isEvent(it) && typeof it === 'object' && it !== null && 'type' in it)) die()
            return undefined
          },
        }
      },
    },
  ),
  faultyNode('cuts-ids', 'Keeps twenty characters of an id: what its column holds.', {
    fails: ['DLV-07'],
    change: () => ({
      apply: (event, store) => (store.insertIfAbsent(event.id.slice(0, 20)) ? store.apply(event.id) : undefined),
    }),
  }),
  faultyNode('duplicate-409', 'Answers 409 to an event that it knows.', {
    fails: ['DLV-01', 'DLV-02', 'DLV-03', 'DLV-04'],
    change: () => ({
      apply(event, store) {
        if (store.has(event.id)) throw new Refusal({ status: 409 })
        return apply(event, store)
      },
    }),
  }),
  faultyNode('dedupes-bodies', 'Remembers the hash of whole bodies: another batch with the same event is new to it.', {
    fails: ['DLV-03'],
    change() {
      const seen = new Set<string>()
      return {
        parse(body) {
          const hash = createHash('sha256').update(body).digest('hex')
          const elements = seen.has(hash) ? [] : parse(body)
          seen.add(hash)
          return elements
        },
        apply({ id, type, member, occurredAt }, store) {
          if (type === 'change_in_level' && !store.setLevelIfNewer(member.id, occurredAt)) return
          store.apply(id)
        },
      }
    },
  }),
  faultyNode(
    'check-then-act',
    'Looks an event up, waits for the database, then inserts it: two can pass the look-up.',
    {
      fails: ['DLV-02'],
      change: ({ waitMs = 10 }) => ({
        async apply(event, store) {
          if (store.has(event.id)) return
          await pause(waitMs)
          const { type, member, occurredAt } = event
          if (type === 'change_in_level' && !store.setLevelIfNewer(member.id, occurredAt)) return
          store.apply(event.id)
        },
      }),
    },
  ),
  faultyNode('null-character-500', 'Stores text in a database that refuses U+0000, and crashes there.', {
    fails: ['ROB-05'],
    change: () => ({
      consider: (elements) =>
        JSON.stringify(choose(elements)).includes(String.raw`\u0000`) ? { status: 500 } : undefined,
    }),
  }),
  faultyNode('works-before-it-answers', 'Does its work before it answers: the time grows with the batch.', {
    // With a timeout of the sender below a hundred waits.
    fails: ['CON-04', 'PRF-02', 'ROB-10'],
    change: ({ waitMs = 200 }) => ({
      async apply(event, store) {
        await pause(waitMs)
        await apply(event, store)
      },
    }),
  }),
]
