import type { Cause } from '../cause.ts'

/** What goes wrong in telling Qualifio from a forger. */
export const PROOF_CAUSES = {
  're-serialised-body': {
    title: 'The signature is computed over a re-serialised body',
    why: 'The receiver parses the body and hashes what it writes again instead of the bytes that arrived. Bodies that are written another way are refused, and a changed body passes under the old signature.',
    mend: 'Take the body as bytes before anything parses it, compute the HMAC over exactly those bytes, and parse the same bytes after the comparison.',
  },
  'signature-not-required': {
    title: 'A missing signature lets the request in',
    why: 'The receiver verifies a signature only when the header is there. Whoever leaves it out can post any event.',
    mend: 'Once a secret is configured, answer 401 when `X-Qualifio-Signature` is missing or empty, before anything else looks at the body.',
  },
  'signature-not-verified': {
    title: 'The signature is not verified',
    why: 'The receiver accepts a signature made with another secret or over another body. Anyone who finds the address can give members points.',
    mend: 'Compute `sha256=` plus the lower-case hexadecimal HMAC-SHA256 of the raw body with the secret, compare it with the header in constant time, and answer 401 before any event is applied.',
  },
  'partial-comparison': {
    title: 'Only a part of the signature is compared',
    why: 'The receiver accepts a digest that is cut short or wrong at its end. What is not compared does not have to be guessed, so a forgery gets cheap.',
    mend: 'Compare the whole value, all 64 hexadecimal digits, with a constant-time comparison of equal lengths; no `startsWith`, no slice to the length of what was given.',
  },
  'length-not-checked': {
    title: 'A signature of another length crashes the receiver',
    why: 'The constant-time comparison throws when both sides differ in length, and nobody catches it. A bad signature then answers 5xx, which fills the error log and is retried like a real failure.',
    mend: 'Compare the lengths in bytes, not in characters, before the constant-time comparison, and answer 401 when they differ.',
  },
  'refusal-thrown': {
    title: 'A refusal is thrown, and nobody turns it into a 401',
    why: 'The receiver finds the forgery and throws an error that ends as a 5xx. A forger is kept out, but the error log fills, alarms go off, and Qualifio would retry a real delivery that is refused so.',
    mend: 'Answer 401 yourself, or throw an error that carries this status; keep 5xx for failures that a retry can cure.',
  },
  'weak-algorithm': {
    title: 'A weaker digest than HMAC-SHA256 is accepted',
    why: 'The receiver lets the sender choose the algorithm, or takes a hash without a key. A sender of forgeries then chooses the one that needs no secret.',
    mend: 'Fix the algorithm in the code: accept only values that start with `sha256=` and hold the HMAC-SHA256 keyed with the secret; never read the algorithm from the header.',
  },
  'empty-secret': {
    title: 'The receiver verifies with an empty secret',
    why: 'A secret that is not set became an empty key. Anybody can compute an HMAC with an empty key, so every forgery passes.',
    mend: 'Stop at the start when the secret is missing or empty; never fall back to an empty string.',
  },
  'authorization-not-checked': {
    title: 'The authorization header is not checked',
    why: 'The receiver accepts a request whose authorization header is missing or wrong. The header then protects nothing.',
    mend: 'Compare the whole value of the configured header in constant time (for Basic: user and password), before the body is used, and answer 401 when it is missing or differs.',
  },
  'rotation-not-supported': {
    title: 'A change of the secret is not followed',
    why: 'Qualifio may sign with the previous secret for 30 minutes after a change. A receiver that knows only the new one refuses real events in that time; one that never forgets the old one keeps a leaked secret alive.',
    mend: 'Keep two secrets with a date: accept the previous one for 30 minutes after the change and then remove it. Give it to the receiver before Qualifio gets the new one.',
  },
  'leaks-internals': {
    title: 'A refusal shows internals',
    why: 'The answer holds a stack trace, the secret or the digest that was expected. With the expected digest, a forger only has to send the request again.',
    mend: 'Answer a refusal with the status and a fixed short text; write details to the log, without the secret and without the expected digest, and switch debug pages off.',
  },
} satisfies Readonly<Record<string, Cause>>
