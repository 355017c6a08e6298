import { z } from 'zod'
import { nearest } from '../errors.ts'
import type { ContractFile } from './contract-file.ts'
import { DIALECT_NAMES } from './dialect.ts'
import { nodeAt } from './json-source.ts'
import { inPlainWords } from './plain-words.ts'
import type { JsonSource } from './json-source.ts'
import type { Problem } from './template-node.ts'

/*
 * What a user's contract.json may hold. It loads zod, so the shipped contracts, which tests prove
 * right, do not pass through here when they are loaded.
 */

/** The longest wait that a contract may ask for: a week. */
const LONGEST_DELAY_MS = 7 * 24 * 60 * 60 * 1000

/** Headers that the request itself sets, and that a signature cannot be sent in. */
const RESERVED_HEADERS = ['content-length', 'transfer-encoding', 'host', 'connection', 'content-type', 'authorization']

const text = (what: string) => z.string({ error: `${what} is a text` }).min(1, { error: `${what} is empty` })
const delayMs = z
  .int({ error: 'milliseconds, a whole number' })
  .min(0, { error: 'milliseconds are not negative' })
  .max(LONGEST_DELAY_MS, { error: `at most ${LONGEST_DELAY_MS} ms, a week` })

const retryPolicy = z
  .strictObject({
    retries: z
      .int({ error: 'a whole number, 0 to 100' })
      .min(0, { error: '0 to 100 retries' })
      .max(100, { error: '0 to 100 retries' }),
    firstDelayMs: delayMs,
    factor: z.number({ error: 'a number, 1 to 100' }).min(1, { error: '1 to 100' }).max(100, { error: '1 to 100' }),
    maxDelayMs: delayMs,
  })
  .refine(({ firstDelayMs, maxDelayMs }) => maxDelayMs >= firstDelayMs, {
    error: 'less than firstDelayMs',
    path: ['maxDelayMs'],
  })

const schema = z.strictObject({
  contract: z.literal(1),
  name: text('the name').max(100, { error: 'at most 100 characters' }),
  title: text('the title'),
  identity: z.array(text('a wire path'), { error: 'a list of wire paths, such as ["id"], or []' }),
  json: z.enum(DIALECT_NAMES, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? nearest(input, DIALECT_NAMES) : undefined
      return `one of ${DIALECT_NAMES.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`
    },
  }),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w.+-]+=[\w.+-]+)*$/, { error: 'a media type, such as application/json' })
    .optional(),
  signature: z.strictObject({
    header: z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, { error: 'a header name, such as X-Qualifio-Signature' })
      .refine((name) => !RESERVED_HEADERS.includes(name.toLowerCase()), {
        error: 'this header is set by the request itself',
      }),
    prefix: z.string().regex(/^[!-~]{0,40}$/, { error: 'at most 40 visible ASCII characters, such as sha256=' }),
    encoding: z.enum(['hex', 'base64'], { error: 'hex or base64' }),
  }),
  retryPolicy,
  facts: z.array(
    z.strictObject({
      fact: text('the fact'),
      status: z.enum(['documented', 'observed', 'assumed', 'unknown'], {
        error: 'documented, observed, assumed or unknown',
      }),
      source: text('the source'),
      recorded: z.iso.date({ error: 'a date, YYYY-MM-DD' }),
    }),
    { error: 'a list of facts, or []' },
  ),
})

/** Everything that is wrong with a contract.json, or the file. */
export function readContractFile(
  source: JsonSource,
): { readonly file: ContractFile } | { readonly problems: readonly Problem[] } {
  const value: unknown = JSON.parse(source.text)
  const version = nodeAt(source.root, ['contract'])
  if (version === source.root || version.kind !== 'scalar' || version.value !== 1) {
    return {
      problems: [{ offset: version.offset, text: 'the first key is "contract": 1, the version of this format' }],
    }
  }
  const result = schema.safeParse(value, { error: inPlainWords })
  if (result.success) return { file: result.data satisfies ContractFile }
  return { problems: result.error.issues.flatMap((issue) => problemsOf(source, issue)) }
}

function problemsOf(source: JsonSource, issue: z.core.$ZodIssue): readonly Problem[] {
  const node = nodeAt(source.root, issue.path)
  const where = issue.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '')
  if (issue.code === 'unrecognized_keys' && node.kind === 'object') {
    return node.members
      .filter(({ key }) => issue.keys.includes(key))
      .map(({ key, keyOffset }) => unknownKey({ key, keyOffset, where }))
  }
  const isMissing = nodeAt(source.root, issue.path.slice(0, -1)) === node
  return [{ offset: node.offset, text: `${where}${isMissing ? ' is missing' : ''}: ${issue.message}` }]
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(schema.shape),
  signature: Object.keys(schema.shape.signature.shape),
  retryPolicy: Object.keys(retryPolicy.shape),
  facts: Object.keys(schema.shape.facts.element.shape),
}

function unknownKey({ key, keyOffset, where }: { key: string; keyOffset: number; where: string }): Problem {
  const known = KEYS[where.replace(/\[\d+\]$/, '')] ?? []
  const near = nearest(key, known) ?? nearestElsewhere(key)
  return {
    offset: keyOffset,
    text: `unknown key "${key}"; ${near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`}`,
  }
}

/** A key of one of the objects in the file, `retries in retryPolicy`. */
function nearestElsewhere(key: string): string | undefined {
  for (const [where, known] of Object.entries(KEYS)) {
    const near = where === '' ? undefined : nearest(key, known)
    if (near !== undefined) return `${near} in ${where}`
  }
  return undefined
}
