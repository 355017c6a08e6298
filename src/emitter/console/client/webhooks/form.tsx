import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { WebhookView, WebhookWithSecret } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { patch, post } from '../api.ts'
import { useDraft } from '../draft.ts'
import { mergeWebhooks, program } from '../live.ts'
import { Field, Problem } from '../parts.tsx'
import { goTo, hrefOf } from '../places.ts'
import { changesOf, emptyForm, formOf, problemAt, problemsOf, type Form, type Secrets } from './form-values.ts'
import { HeaderFields, SecretFields } from './form-secrets.tsx'
import { ScopeGrid } from './scope-grid.tsx'
import { freshSecret } from './secret.tsx'

const NO_SECRETS: Secrets = { headerValue: '', secret: '', secretChoice: 'keep' }

/** The form of a webhook, or of a new one. */
export function WebhookForm({ webhook }: { webhook?: WebhookView }) {
  const isNew = webhook === undefined
  const form = useDraft<Form>(`webhook:${webhook?.id ?? 'new'}`, isNew ? emptyForm : formOf(webhook))
  const secrets = useSignal<Secrets>(isNew ? { ...NO_SECRETS, secretChoice: 'set' } : NO_SECRETS)
  const said = useSignal('')
  const action = useAction()
  const isManaged = webhook !== undefined && webhook.managedBy !== 'request'
  const { set } = form
  const isChanged = webhook !== undefined && JSON.stringify(form.value) !== JSON.stringify(formOf(webhook))
  const wasAsked = useSignal(false)
  const element = useRef<HTMLFormElement>(null)
  const missing = wasAsked.value ? problemsOf(form.value, secrets.value, webhook) : []
  const at = (name: string) => problemAt([...missing, ...action.fields.value], name)

  const submit = async () => {
    action.clear()
    wasAsked.value = true
    if (problemsOf(form.value, secrets.value, webhook).length === 0) await action.run(save)
    // What is wrong is drawn first.
    requestAnimationFrame(() => element.current?.querySelector<HTMLInputElement>(WRONG)?.focus())
  }

  const save = async () => {
    said.value = ''
    const input = changesOf(form.value, secrets.value, webhook)
    const saved = isNew
      ? await post<WebhookWithSecret>('/api/webhooks', input)
      : await patch<WebhookWithSecret>(`/api/webhooks/${webhook.id}`, input)
    const { secret, ...view } = saved
    if (secret !== undefined) freshSecret.value = { webhookId: view.id, secret }
    mergeWebhooks([view])
    form.reset(isNew ? emptyForm : formOf(view))
    secrets.value = NO_SECRETS
    wasAsked.value = false
    said.value = 'Saved.'
    if (isNew) goTo(hrefOf('webhooks', view.id))
  }
  return (
    <section>
      {isNew ? <h1>New webhook</h1> : <h2>Settings</h2>}
      {isManaged && <p class="warning">{MANAGED[webhook.managedBy]}</p>}
      <form
        class="webhook-form"
        noValidate
        ref={element}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <fieldset class="plain" disabled={isManaged}>
          <Field
            label="Name"
            value={form.value.name}
            onInput={(name) => set({ name })}
            required
            placeholder="shop"
            problem={at('name')}
          />
          <Field
            label="URL"
            type="url"
            inputMode="url"
            value={form.value.url}
            onInput={(url) => set({ url })}
            required
            placeholder="http://localhost:3000/webhooks"
            note="Where events are sent, by POST."
            problem={at('url')}
          />
          <HeaderFields form={form.value} set={set} secrets={secrets} webhook={webhook} at={at} />
          <SecretFields form={form.value} set={set} secrets={secrets} webhook={webhook} at={at} />
          {program.value !== undefined && (
            <ScopeGrid scope={form.value.scope} onChange={(scope) => set({ scope })} problem={at('scope')} />
          )}
          {isNew && (
            <label class="tick">
              <input type="checkbox" checked={form.value.active} onChange={() => set({ active: !form.value.active })} />{' '}
              Active: send events from now on
            </label>
          )}
          <div class="actions">
            <button class="primary" aria-busy={action.isBusy.value}>
              {isNew ? 'Create webhook' : 'Save'}
            </button>
            {isChanged && !isManaged && (
              <button type="button" onClick={() => form.reset(formOf(webhook))}>
                Discard changes
              </button>
            )}
            <span role="status" class="said">
              {isChanged ? '' : said.value}
            </span>
          </div>
          <Problem text={action.problem.value} />
        </fieldset>
      </form>
    </section>
  )
}

/** The first field that something is wrong with. */
const WRONG = 'input[aria-invalid="true"], .scope.lacks-program thead input, .scope.lacks-event tbody input'

const MANAGED = {
  file: 'Managed by file: it is read at every start. Change it under emit.webhooks in qualifio-sim.json.',
  'command-line': 'From the command line: it is set at every start. Change the options that emit is started with.',
  request: '',
} as const
