import type { IncomingMessage } from 'node:http'
import express from 'express'
import { expressReceiver } from './express-receiver.ts'
import { faultyNode, pause, type FaultyReceiver } from './faulty-receiver.ts'
import { readBody } from './node-receiver.ts'
import { stopped } from './receiver.ts'
import { Refusal, SOUND_STEPS } from './steps.ts'

const { parse } = SOUND_STEPS
/** Bytes that are missing make a TypeError, as in `createHmac(…).update(undefined)`. */
const bytesOf = ({ body }: { body: Buffer }): Buffer => Buffer.from(body)

/** Faults of reading and parsing the body. */
export const FAULTY_BODIES: readonly FaultyReceiver[] = [
  {
    name: 'limit-100kb',
    fault: 'Leaves the limit of the body parser at its default of 100 kB.',
    fails: ['ROB-10'],
    start: () => expressReceiver({ parser: express.raw({ type: () => true, inflate: false }), bodyOf: bytesOf }),
  },
  {
    name: 'exact-content-type',
    fault: 'Compares the content type as text, and has no body where it differs.',
    fails: ['CON-08', 'ROB-09'],
    start: () =>
      expressReceiver({
        parser: express.raw({ type: ({ headers }) => headers['content-type'] === 'application/json', limit: '10mb' }),
        bodyOf: bytesOf,
      }),
  },
  {
    name: 'express-raw-sample',
    fault: 'Reads application/json only, as every example does, and hashes undefined for the rest.',
    fails: ['ROB-09'],
    start: () => expressReceiver({ parser: express.raw({ type: 'application/json', limit: '10mb' }), bodyOf: bytesOf }),
  },
  faultyNode('latin1-text', 'Takes every byte of the body for a character.', {
    fails: ['ROB-04', 'TRN-05'],
    change: () => ({ read: async (request) => Buffer.from((await readBody(request)).toString('latin1')) }),
  }),
  faultyNode('text-by-chunks', 'Makes text of each chunk (`body += chunk`), and breaks a character that is in two.', {
    fails: ['TRN-05'],
    change: () => ({
      async read(request) {
        let text = ''
        request.on('data', (chunk: Buffer) => (text += chunk.toString()))
        await readBody(request)
        return Buffer.from(text)
      },
    }),
  }),
  faultyNode('bad-json-500', 'Does not catch what JSON.parse throws.', {
    fails: ['ROB-07'],
    change: () => ({ parse: (body) => orCrash(() => parse(body)) }),
  }),
  faultyNode('no-array-500', 'Takes for granted that it is an array, and calls map.', {
    fails: ['ROB-08'],
    change: () => ({
      parse(body) {
        const parsed = parse(body)
        return orCrash(() => (parsed as readonly unknown[]).map((element) => element))
      },
    }),
  }),
  faultyNode('hangs-on-large-bodies', 'Never answers a body that is larger than its limit.', {
    fails: ['ROB-11'],
    change: () => ({
      read: (request) =>
        readBody(request).catch((error: unknown) =>
          error instanceof Refusal && error.answer.status === 413
            ? new Promise<never>(() => {})
            : Promise.reject(error),
        ),
    }),
  }),
  faultyNode('dies-of-depth', 'Walks what it parsed recursively: deep nesting ends the process.', {
    fails: ['ROB-11'],
    change() {
      let die = (): void => {}
      return {
        around(next, _, server) {
          die = () => void stopped(server)
          return next
        },
        parse(body) {
          if (Buffer.from(body).includes('['.repeat(2000)) || isDeep(parse(body))) die()
          return parse(body)
        },
      }
    },
  }),
  faultyNode('dies-of-cut-uploads', 'Has nobody listening for the error of a request that is cut: the process ends.', {
    fails: ['TRN-08'],
    change: () => ({
      around: (next, _, server) => (request) => {
        request.on('error', () => void (request.complete || stopped(server)))
        return next(request)
      },
    }),
  }),
  faultyNode('takes-cut-bodies', 'Waits for the request to close, not to end, and takes what came for the body.', {
    fails: ['TRN-08'],
    change: () => ({ read: whatCame }),
  }),
  faultyNode('impatient', 'Gives the body a second to arrive.', {
    fails: ['TRN-06'],
    change: ({ waitMs = 1000 }) => ({
      read: (request) =>
        Promise.race([readBody(request), pause(waitMs).then(() => Promise.reject(new Refusal({ status: 408 })))]),
    }),
  }),
]

function orCrash<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw new Refusal({ status: 500 })
  }
}

function whatCame(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('error', () => {})
  return new Promise((resolve) => {
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

function isDeep(value: unknown, level = 0): boolean {
  if (level > 500) return true
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => isDeep(inner, level + 1))
}
