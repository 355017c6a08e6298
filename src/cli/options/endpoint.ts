import { parseTarget, type Target } from '../../delivery/target.ts'
import { parseSecret } from '../../signing/signature.ts'
import { anyText, text, type OptionTable } from '../option.ts'
import { positiveDuration } from './delivery.ts'

/** Where to and with which credentials: shared by everything that makes requests. */
export const endpointOptions = {
  to: {
    kind: 'value',
    flags: '--to <url>',
    description: 'your endpoint; without it, or with "embedded", a receiver that comes with the tool',
    group: 'Endpoint',
    parse: parseTo,
  },
  secret: {
    kind: 'value',
    flags: '--secret <text>',
    description: 'the secret that signs the body; without one nothing is signed',
    group: 'Endpoint',
    secret: true,
    parse: parseSecret,
  },
  secretFile: {
    kind: 'value',
    flags: '--secret-file <file>',
    file: 'read',
    description: 'read the secret from a file',
    group: 'Endpoint',
    parse: text('a file name'),
  },
  header: {
    kind: 'list',
    flags: '-H, --header <name: value>',
    description: "a header on every request, such as Qualifio's custom authorization header (repeatable)",
    group: 'Endpoint',
    secret: true,
    parse: anyText,
  },
  basic: {
    kind: 'value',
    flags: '--basic <user:password>',
    description: 'Authorization: Basic',
    group: 'Endpoint',
    secret: true,
    parse: anyText,
  },
  bearer: {
    kind: 'value',
    flags: '--bearer <token>',
    description: 'Authorization: Bearer',
    group: 'Endpoint',
    secret: true,
    parse: anyText,
  },
  signatureHeader: {
    kind: 'value',
    flags: '--signature-header <name>',
    description: "another name for the signature header (the contract's: X-Qualifio-Signature)",
    group: 'Endpoint',
    parse: text('a header name'),
  },
} as const satisfies OptionTable

/** How requests travel. */
export const transportOptions = {
  insecure: {
    kind: 'switch',
    flags: '-k, --insecure',
    description: 'do not verify the TLS certificate; recorded in the report',
    group: 'Endpoint',
  },
  cacert: {
    kind: 'value',
    flags: '--cacert <file>',
    file: 'read',
    description: 'trust the certificates of this PEM file instead of the usual ones',
    group: 'Endpoint',
    parse: text('a PEM file'),
  },
  timeout: {
    kind: 'value',
    flags: '--timeout <time>',
    description: 'how long an attempt may take in all, never scaled by --speed (10s)',
    group: 'Endpoint',
    parse: positiveDuration,
  },
} as const satisfies OptionTable

/** `--to`: a target, or the receiver that comes with the tool. */
function parseTo(value: string, where: string): Target | 'embedded' {
  return value.toLowerCase() === 'embedded' ? 'embedded' : parseTarget(value, where)
}
