import type { JsonNode, JsonSource } from '../contract/json-source.ts'
import { nodeAt, placeIn } from '../contract/json-source.ts'
import { inPlainWords } from '../contract/plain-words.ts'
import { fieldProblems } from '../emitter/api/validate.ts'
import { webhookInput } from '../emitter/api/schemas/webhook.ts'
import type { ConfiguredWebhook } from '../emitter/configured-webhooks.ts'
import { Refusal } from '../emitter/refusal.ts'
import type { WebhookInput } from '../emitter/views.ts'
import { webhookChange, webhookWarnings, type WebhookRules } from '../emitter/webhook-input.ts'
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
  const value = valueOf(context, source, item)
  const result = webhookInput.safeParse(value, { error: inPlainWords })
  const fail = (at: string, text: string): never => {
    throw new UsageError(
      `${placeIn(source, nodeAt(item, pathOf(at)).offset)} ${at === '' ? `webhooks[${index}]` : at}: ${text}`,
    )
  }
  if (!result.success) {
    const [issue] = result.error.issues
    const [problem] = issue === undefined ? [] : fieldProblems(webhookInput, issue, { ...source, root: item })
    return fail(problem?.at ?? '', problem?.detail ?? 'is no webhook')
  }
  try {
    return webhookChange(result.data as WebhookInput, rules) as Change
  } catch (error) {
    if (error instanceof Refusal) return fail(error.at ?? '', error.message)
    throw error
  }
}

/** The value of a node, with `${NAME}` replaced by the environment's in every text; keys are data. */
function valueOf(context: Context, source: JsonSource, node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(context, source, value)]))
    case 'array':
      return node.items.map((item) => valueOf(context, source, item))
    default: {
      if (typeof node.value !== 'string') return node.value
      const { text, unset } = substituted(node.value, context.env)
      if (unset === undefined) return text
      throw new UsageError(`${placeIn(source, node.offset)}: the environment variable ${unset} is not set.`)
    }
  }
}

/** `scope.events[1]` → its steps. */
function pathOf(at: string): readonly (string | number)[] {
  return (at.match(/[^.[\]]+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
