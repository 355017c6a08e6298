import { displayUrl } from '../../../../delivery/display-url.ts'
import type { WebhookView } from '../../../view/views.ts'
import { program } from '../live.ts'
import { Empty } from '../parts.tsx'
import { hrefOf } from '../places.ts'
import { numberText } from '../words.ts'
import { scopeText } from './scope.ts'

/** The webhooks and how they fare. */
export function WebhookList({ webhooks }: { webhooks: readonly WebhookView[] }) {
  return (
    <>
      <div class="title">
        <h1>Webhooks</h1>
        {webhooks.length > 0 && (
          <a class="button primary" href={hrefOf('webhooks', 'new')}>
            New webhook
          </a>
        )}
      </div>
      {webhooks.length === 0 ? (
        <Empty title="There is no webhook yet.">
          <p>
            A webhook says where events are sent: an address of yours, a secret to sign with, and which events you want.
          </p>
          <a class="button primary" href={hrefOf('webhooks', 'new')}>
            New webhook
          </a>
        </Empty>
      ) : (
        <ul class="webhooks">
          {webhooks.map((webhook) => (
            <li key={webhook.id}>
              <a class="row webhook-row" href={hrefOf('webhooks', webhook.id)}>
                <span class="webhook-name">
                  <strong>{webhook.name}</strong> <Badges webhook={webhook} />
                </span>
                <code class="webhook-url">{shownUrl(webhook)}</code>
                <span class="muted">{scopeText(webhook.scope, program.value?.programs)}</span>
                <Counts webhook={webhook} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Where it listens: what is in the query may be a key, and only who edits it sees it. */
export function shownUrl({ url }: WebhookView): string {
  return URL.canParse(url) ? displayUrl(new URL(url)) : url
}

/** What is special about a webhook. */
export function Badges({ webhook }: { webhook: WebhookView }) {
  return (
    <>
      {webhook.blocked !== null && <span class="state blocked">blocked</span>}
      {!webhook.active && <span class="state cancelled">inactive</span>}
      {webhook.managedBy === 'file' && <span class="tag">managed by file</span>}
      {webhook.managedBy === 'command-line' && <span class="tag">from the command line</span>}
      {!webhook.hasSecret && <span class="tag">not signed</span>}
    </>
  )
}

/** How many of its deliveries stand where. */
export function Counts({ webhook: { counts } }: { webhook: WebhookView }) {
  const open = counts.queued + counts.retrying
  return (
    <span class="counts">
      <span class={`state delivered ${counts.delivered === 0 ? 'none' : ''}`}>
        {numberText(counts.delivered)} delivered
      </span>
      {open > 0 && <span class="state retrying">{numberText(open)} under way</span>}
      {counts.blocked > 0 && <span class="state blocked">{numberText(counts.blocked)} blocked</span>}
    </span>
  )
}
