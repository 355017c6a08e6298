import { parseEventType, type EventType } from '../../contract/event-types.ts'
import { isLoopback } from '../../delivery/address.ts'
import { parseTarget } from '../../delivery/target.ts'
import { nearest, UsageError } from '../../errors.ts'
import { parseHeader } from '../../signing/authorization.ts'
import { parseSecret } from '../../signing/signature.ts'
import type { Webhook } from '../records.ts'
import { Refusal } from '../refusal.ts'
import type { WebhookInput } from '../view/views.ts'

/** What a webhook is checked against. */
export interface WebhookRules {
  /** Ids of the programs there are. */
  readonly programs: readonly string[]
  /** Reserved: no authorization may have this name. */
  readonly signatureHeader: string
  /** The port of the console and the API, where it is known: nothing is sent there. */
  readonly ownPort: number | undefined
}

/** What of a webhook the user decides; what is absent was not named. */
export interface WebhookChange extends Partial<
  Pick<Webhook, 'name' | 'url' | 'header' | 'secret' | 'rotation' | 'active'>
> {
  /** A list that is not named stays as it is; of a new webhook it is all. */
  readonly scope?: Partial<Webhook['scope']>
}

/** The push rules of a webhook that nobody limited. */
export const EVERYTHING: Webhook['scope'] = { events: null, programs: null }

const LONGEST_NAME = 100

/**
 * Checks what was asked for, of the right shape already.
 * @throws Refusal that says where and what to do, and repeats no secret
 */
export function webhookChange(input: Partial<WebhookInput>, rules: WebhookRules): WebhookChange {
  const { name, url, header, secret, rotation, scope, active } = input
  return {
    ...(name !== undefined && { name: checked('name', () => nameOf(name)) }),
    ...(url !== undefined && { url: checked('url', () => urlOf(url, rules)) }),
    ...(header !== undefined && { header: header === null ? null : checked('header', () => headerOf(header, rules)) }),
    ...(secret !== undefined && {
      secret: secret === null ? null : checked('secret', () => parseSecret(secret, 'secret').secret),
    }),
    ...(rotation !== undefined && { rotation }),
    ...(scope !== undefined && { scope: scopeOf(scope, rules) }),
    ...(active !== undefined && { active }),
  }
}

/** What the owner of a webhook should know about it: sentences without a secret. */
export function webhookWarnings(webhook: Pick<Webhook, 'url' | 'secret'>): readonly string[] {
  const ofUrl = parseTarget(webhook.url, 'url').warnings
  return webhook.secret === null ? ofUrl : [...ofUrl, ...parseSecret(webhook.secret, 'secret').warnings]
}

function checked<T>(at: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    // The rules are those of the command line; their words name its options.
    const text = error.message
      .replaceAll('--header', 'header')
      .replaceAll('use --basic', 'use the header Authorization')
    throw new Refusal('invalid', text, at)
  }
}

function nameOf(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '') throw new UsageError('the name is empty; a webhook is known by its name')
  if (trimmed.length > LONGEST_NAME) throw new UsageError(`the name is over ${LONGEST_NAME} characters; shorten it`)
  if (/[\x00-\x1f\x7f]/.test(trimmed)) throw new UsageError('the name has a control character; remove it')
  return trimmed
}

function urlOf(text: string, { ownPort }: WebhookRules): string {
  const { url } = parseTarget(text, 'url')
  const port = url.port === '' ? { 'http:': 80, 'https:': 443 }[url.protocol] : Number(url.port)
  if (isLoopback(url.hostname) && port === ownPort)
    throw new UsageError(`url: target is this process's own port (${port}); use the port of your receiver`)
  return url.href
}

function headerOf(header: { readonly name: string; readonly value: string }, rules: WebhookRules): Webhook['header'] {
  if (header.name.includes(':')) throw new UsageError('the name of the header has a colon; leave it out')
  const [name, value] = parseHeader(`${header.name}: ${header.value}`, rules.signatureHeader)
  // Its value would be shown as what it is.
  if (name.toLowerCase() === 'user-agent')
    throw new UsageError(`header "${name}" authorizes nobody and is set by qualifio-sim; choose another name`)
  return { name, value }
}

function scopeOf(
  scope: NonNullable<WebhookInput['scope']> | null,
  { programs: known }: WebhookRules,
): Partial<Webhook['scope']> {
  if (scope === null) return EVERYTHING
  const { events, programs } = scope
  return {
    ...(events !== undefined && {
      events: listOf(events, 'scope.events', (text): EventType => parseEventType(text)),
    }),
    ...(programs !== undefined && {
      programs: listOf(programs, 'scope.programs', (text) => programNamed(text, known)),
    }),
  }
}

function programNamed(text: string, known: readonly string[]): string {
  const id = known.find((program) => program.toLowerCase() === text.toLowerCase())
  if (id !== undefined) return id
  const near = nearest(text, known)
  throw new UsageError(
    `unknown program "${text}"; ${near === undefined ? 'there' : `did you mean ${near}? There`} are: ${known.join(', ')}`,
  )
}

function listOf<T>(list: readonly string[] | null, at: string, read: (text: string) => T): readonly T[] | null {
  if (list === null) return null
  if (list.length === 0)
    throw new Refusal('invalid', `${at} is empty, so nothing would ever go there; leave it out for all of them`, at)
  return [...new Set(list.map((text, index) => checked(`${at}[${index}]`, () => read(text))))]
}
