import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'
import { expressReceiver } from './express-receiver.ts'
import { faultyNode, type FaultyReceiver } from './faulty-receiver.ts'
import { isSame, PREVIOUS_SECRET, RETIRED_SECRET, SECRET, signatureOf } from './receiver.ts'
import { Refusal, SOUND_STEPS } from './steps.ts'

const { isSigned } = SOUND_STEPS
const wantedFor = (body: Uint8Array): readonly string[] => [SECRET, PREVIOUS_SECRET].map((it) => signatureOf(body, it))
const ALL_SIGNATURE_CHECKS = ['01', '02', '03', '04', '05', '06', '07', '09', '10', '11', '14'].map((it) => `AUT-${it}`)

/** Faults of the signature and of the authorization. */
export const FAULTY_SIGNATURES: readonly FaultyReceiver[] = [
  {
    name: 're-serialises',
    fault: 'Hashes JSON.stringify of what express.json() parsed, not the bytes that came.',
    fails: ['AUT-05', 'ROB-01', 'ROB-02', 'ROB-03', 'ROB-11'],
    start: () =>
      expressReceiver({
        parser: express.json({ limit: '10mb' }),
        bodyOf: ({ body }) => Buffer.from(JSON.stringify(body) ?? ''),
      }),
  },
  faultyNode('fail-open', 'Checks a signature where there is one: whoever leaves it out is let in.', {
    fails: ['AUT-01'],
    change: () => ({ isSigned: (given, body) => given === undefined || isSigned(given, body) }),
  }),
  faultyNode('ignores-the-signature', 'Never looks at the signature.', {
    fails: ALL_SIGNATURE_CHECKS,
    change: () => ({ isSigned: () => true }),
  }),
  faultyNode('empty-key', 'One of its secrets is not set in the environment, and an empty key is a key.', {
    fails: ['AUT-10'],
    change: () => ({ isSigned: (given, body) => isSigned(given, body) || isSame(given, signatureOf(body, '')) }),
  }),
  faultyNode('compares-a-prefix', 'Compares the first sixteen characters of the signature.', {
    fails: ['AUT-03', 'AUT-06', 'AUT-07'],
    change: () => ({
      isSigned: (given = '', body) => wantedFor(body).some((wanted) => isSame(given.slice(0, 16), wanted.slice(0, 16))),
    }),
  }),
  faultyNode('compares-what-came', 'Compares as many characters as came.', {
    fails: ['AUT-06', 'AUT-07'],
    change: () => ({
      isSigned: (given = '', body) => given !== '' && wantedFor(body).some((wanted) => wanted.startsWith(given)),
    }),
  }),
  faultyNode('remembers-signatures', 'Keeps signatures that were right, and does not look at the body again.', {
    fails: ['AUT-04'],
    change() {
      const known = new Set<string | undefined>()
      return {
        isSigned(given, body) {
          if (!known.has(given) && !isSigned(given, body)) return false
          known.add(given)
          return true
        },
      }
    },
  }),
  faultyNode('throws-refusals', 'Throws when a signature is wrong, and answers 500 to whatever is thrown.', {
    fails: ALL_SIGNATURE_CHECKS.filter((number) => number !== 'AUT-14').concat('AUT-13', 'AUT-14'),
    change: () => ({
      isSigned(given, body) {
        if (!isSigned(given, body)) throw new Refusal({ status: 500 })
        return true
      },
    }),
  }),
  faultyNode('throws-on-length', 'Hands timingSafeEqual buffers of unequal length, which throws.', {
    fails: ['AUT-06', 'AUT-07', 'AUT-09', 'AUT-13'],
    change: () => ({
      isSigned: (given, body) =>
        given !== undefined &&
        wantedFor(body).some((wanted) => timingSafeEqual(Buffer.from(given), Buffer.from(wanted))),
    }),
  }),
  faultyNode('unkeyed-hash', 'Takes a plain SHA-256 of the body for a signature, too.', {
    fails: ['AUT-11'],
    change: () => ({
      isSigned: (given, body) =>
        isSigned(given, body) || isSame(given, `sha256=${createHash('sha256').update(body).digest('hex')}`),
    }),
  }),
  faultyNode('sender-chooses-the-hash', 'Takes the hash function from the header: sha1= is as good as sha256=.', {
    fails: ['AUT-09'],
    change: () => ({
      isSigned: (given = '', body) =>
        isSigned(given, body) ||
        (given.startsWith('sha1=') && isSame(given, `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`)),
    }),
  }),
  faultyNode('ignores-the-authorization', 'Never looks at the authorization header.', {
    fails: ['AUT-12'],
    change: () => ({ isAuthorized: () => true }),
  }),
  faultyNode('one-secret', 'Knows the new secret only, from the moment it is changed.', {
    fails: ['AUT-14'],
    change: () => ({ isSigned: (given, body) => isSame(given, signatureOf(body)) }),
  }),
  faultyNode('retired-secret', 'Takes a secret for good that was changed long ago.', {
    fails: ['AUT-14'],
    change: () => ({
      isSigned: (given, body) => isSigned(given, body) || isSame(given, signatureOf(body, RETIRED_SECRET)),
    }),
  }),
  faultyNode('tells-the-signature', 'Shows a stack trace with the signature that it expected.', {
    fails: ['AUT-15'],
    change: () => ({
      isSigned(given, body) {
        if (isSigned(given, body)) return true
        const error = new Error(`signature mismatch: got ${given}, expected ${signatureOf(body)}`)
        throw new Refusal({ status: 401, body: error.stack ?? error.message })
      },
    }),
  }),
]
