import type { z } from 'zod'
import type { JsonNode, JsonSource } from '../contract/json-source.ts'
import { nodeAt, placeIn } from '../contract/json-source.ts'
import { inPlainWords } from '../contract/plain-words.ts'
import { fieldProblems } from '../emitter/api/validate.ts'
import { webhookInput } from '../emitter/api/schemas/webhook.ts'
import type { ConfiguredWebhook } from '../emitter/desk/configured-webhooks.ts'
import { Refusal, refusalSentence } from '../emitter/refusal.ts'
import { webhookChange, webhookWarnings, type WebhookRules } from '../emitter/desk/webhook-input.ts'
import { UsageError } from '../errors.ts'
import { configuredDocument, substituted } from './config.ts'
import type { Context } from './context.ts'

type Change = ConfiguredWebhook['change']

/**
 * The webhooks of `emit.webhooks` in the configuration file.
 * @throws UsageError with `qualifio-sim.json:line:column` for everything that is wrong with them
 */
export function webhooksOfFile(context: Context, rules: WebhookRules): readonly ConfiguredWebhook[] {
  const document = configuredDocument(context, 'emit', 'webhooks')
  if (document === undefined) return []
  const { source, node } = document
  if (node.kind !== 'array')
    throw new UsageError(`${placeIn(source, node.offset)} "webhooks": expected a list of webhooks.`)
  const seen = new Map<string, string>()
  return node.items.map((item, index) => {
    const change = readWebhook(context, { source, item, index }, rules)
    const place = placeIn(source, item.offset)
    const before = seen.get(change.name)
    if (before !== undefined)
      throw new UsageError(`${place}: "${change.name}" stands at ${before} too; each webhook has its own name.`)
    seen.set(change.name, place)
    for (const warning of webhookWarnings({ url: change.url, secret: change.secret ?? null }))
      context.stderr.write(`warning: ${place} "${change.name}": ${warning}\n`)
    return { change, origin: 'file' }
  })
}

interface Item {
  readonly source: JsonSource
  readonly item: JsonNode
  readonly index: number
}

function readWebhook(context: Context, { source, item, index }: Item, rules: WebhookRules): Change {
  const value = valueOf(context, { source, node: item, where: `webhooks[${index}]` })
  const result = webhookInput.safeParse(value, { error: inPlainWords })
  if (!result.success) throw new UsageError(issueText({ source, item, index }, result.error.issues[0]))
  try {
    return webhookChange(result.data, rules) as Change
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { at = '' } = error
    const place = placeIn(source, nodeAt(item, pathOf(at)).offset)
    throw new UsageError(`${place} ${refusalSentence(error)}`)
  }
}

/** The first thing that is wrong: an unknown key where it stands, a value where it stands, what is missing where it should. */
function issueText({ source, item, index }: Item, issue: z.core.$ZodIssue | undefined): string {
  const [problem] = issue === undefined ? [] : fieldProblems(webhookInput, issue, { ...source, root: item })
  if (issue === undefined || problem === undefined)
    return `${placeIn(source, item.offset)} webhooks[${index}] is no webhook`
  const at = problem.at === '' ? `webhooks[${index}]` : problem.at
  const node = nodeAt(item, issue.path)
  const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : []
  const key = node.kind === 'object' ? node.members.find((member) => member.key === unknown) : undefined
  if (key === undefined) return `${placeIn(source, node.offset)} ${at} ${problem.detail}`
  // As config.ts says it of an option.
  const detail = problem.detail
    .replace(/^is no known key/, 'unknown key')
    .replace(/did you mean (.+)\?$/, 'did you mean "$1"?')
  return `${placeIn(source, key.keyOffset)} "${key.key}": ${detail}`
}

interface Valued {
  readonly source: JsonSource
  readonly node: JsonNode
  /** What to call it. */
  readonly where: string
}

/** The value of a node, with `${NAME}` replaced by the environment's in every text; keys are data. */
function valueOf(context: Context, { source, node, where }: Valued): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(
        node.members.map(({ key, value }) => [key, valueOf(context, { source, node: value, where: key })]),
      )
    case 'array':
      return node.items.map((item, index) => valueOf(context, { source, node: item, where: `${where}[${index}]` }))
    default: {
      if (typeof node.value !== 'string') return node.value
      const { text, unset } = substituted(node.value, context.env)
      if (unset === undefined) return text
      throw new UsageError(`${placeIn(source, node.offset)} ${where}: the environment variable ${unset} is not set.`)
    }
  }
}

/** `scope.events[1]` → its steps. */
function pathOf(at: string): readonly (string | number)[] {
  return (at.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
