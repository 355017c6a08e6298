import { parseDurationMs } from '../../delivery/duration.ts'
import { UsageError } from '../../errors.ts'
import { parseScript } from '../../receiver/script.ts'
import { integer, text, type OptionTable } from '../option.ts'

/** Where a receiver listens, how it answers, what it keeps. */
export const receiverOptions = {
  port: {
    kind: 'value',
    flags: '--port <n>',
    description: 'where to listen; 0 takes a free one (4010)',
    group: 'Endpoint',
    parse: integer(0, 65_535),
  },
  host: {
    kind: 'value',
    flags: '--host <address>',
    description: 'the address to listen on; 0.0.0.0 for other machines and containers (127.0.0.1)',
    group: 'Endpoint',
    parse: text('an address of this machine'),
  },
  path: {
    kind: 'value',
    flags: '--path </path>',
    description: 'the only path that is answered, others are 404 (any)',
    group: 'Endpoint',
    parse: text('a path such as /webhooks'),
  },
  tlsCert: {
    kind: 'value',
    flags: '--tls-cert <file>',
    file: 'read',
    description: 'speak HTTPS with this certificate (PEM)',
    group: 'Endpoint',
    parse: text('a PEM file'),
  },
  tlsKey: {
    kind: 'value',
    flags: '--tls-key <file>',
    file: 'read',
    description: 'the key of the certificate (PEM)',
    group: 'Endpoint',
    parse: text('a PEM file'),
  },
  maxBody: {
    kind: 'value',
    flags: '--max-body <size>',
    description: 'larger bodies are answered with 413 (10MB)',
    group: 'Endpoint',
    parse: parseSize,
  },
  respond: {
    kind: 'value',
    flags: '--respond <script>',
    description:
      'answers in order, per delivery: 503,503,204; or a mix 204:90%,503:10%; steps: a status, hang, reset, close, redirect, drip@5s (204)',
    group: 'Delivery',
    parse: (value: string, where: string) => parseScript(value, where),
  },
  respondAlways: {
    kind: 'switch',
    flags: '--respond-always',
    description: 'answer by the script even what should be refused',
    group: 'Delivery',
  },
  latency: {
    kind: 'value',
    flags: '--latency <time|from..to>',
    description: 'wait before every answer: 50ms, or 20ms..200ms',
    group: 'Delivery',
    parse: parseLatency,
  },
  until: {
    kind: 'value',
    flags: '--until <n>',
    description: 'stop after n requests; exit code 1 if one was refused',
    group: 'Delivery',
    parse: integer(1, 1_000_000_000),
  },
  record: {
    kind: 'value',
    flags: '--record <folder>',
    description: 'write each body as a fixture that replay sends',
    group: 'Output',
    parse: text('a folder'),
  },
  scrub: {
    kind: 'switch',
    flags: '--scrub',
    description: 'with --record: replace personal data by pseudonyms, byte for byte beside them',
    group: 'Output',
  },
} as const satisfies OptionTable

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/** `64KB`, `10MB`: bytes, in steps of 1024. */
function parseSize(value: string, where: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmg]?b?)$/i.exec(value) ?? []
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN))
  if (!(bytes >= 1 && bytes <= 1024 ** 3))
    throw new UsageError(`${where} ${value}: expected a size such as 64KB or 10MB, at most 1GB.`)
  return bytes
}

function parseLatency(value: string, where: string): { readonly minMs: number; readonly maxMs: number } {
  const [from = '', to = from, ...more] = value.split('..')
  const [minMs, maxMs] = [parseDurationMs(from, where), parseDurationMs(to, where)]
  if (more.length > 0 || minMs > maxMs)
    throw new UsageError(`${where} ${value}: expected a time such as 50ms, or a range such as 20ms..200ms.`)
  return { minMs, maxMs }
}
