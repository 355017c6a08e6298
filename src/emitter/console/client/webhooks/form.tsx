import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { WebhookView, WebhookWithSecret } from '../../../view/views.ts'
import { useAction } from '../action.ts'
import { patch, post } from '../api.ts'
import { useDraft, useEdits, type EditedForm } from '../draft.ts'
import { mergeWebhooks, program } from '../live.ts'
import { Field, Problem } from '../parts.tsx'
import { goTo, hrefOf } from '../places.ts'
import {
  changesOf,
  elsewhereText,
  emptyForm,
  formOf,
  problemAt,
  problemsOf,
  type Form,
  type Secrets,
} from './form-values.ts'
import { HeaderFields, SecretFields } from './form-secrets.tsx'
import { ScopeGrid } from './scope-grid.tsx'
import { freshSecret } from './secret.tsx'

const NO_SECRETS: Secrets = { headerValue: '', secret: '', secretChoice: 'keep' }

/** The form of a new webhook. */
export function NewWebhookForm() {
  const { value, set, reset } = useDraft<Form>('webhook:new', emptyForm)
  const form = { value, set, changed: [], isContested: () => false, discard: () => reset(emptyForm) }
  return <WebhookForm form={form} webhook={undefined} />
}

/** The form of a webhook that there is: it follows what is changed elsewhere, less what is being edited here. */
export function KnownWebhookForm({ webhook }: { webhook: WebhookView }) {
  const known = formOf(webhook)
  const form = useEdits<Form>(`webhook:${webhook.id}`, known)
  const isManaged = webhook.managedBy !== 'request'
  return <WebhookForm form={isManaged ? { ...form, value: known, changed: [] } : form} webhook={webhook} />
}

function WebhookForm({ form, webhook }: { form: EditedForm<Form>; webhook: WebhookView | undefined }) {
  const isNew = webhook === undefined
  const secrets = useSignal<Secrets>(isNew ? { ...NO_SECRETS, secretChoice: 'set' } : NO_SECRETS)
  const said = useSignal('')
  const action = useAction()
  const isManaged = webhook !== undefined && webhook.managedBy !== 'request'
  const { set } = form
  const isChanged = form.changed.length > 0
  const wasAsked = useSignal(false)
  const element = useRef<HTMLFormElement>(null)
  const missing = wasAsked.value ? problemsOf(form.value, secrets.value, webhook) : []
  const at = (name: string) => problemAt([...missing, ...action.fields.value], name)
  const elsewhere = (name: keyof Form & Parameters<typeof elsewhereText>[0]) =>
    webhook !== undefined && form.changed.includes(name) && form.isContested(name)
      ? elsewhereText(name, { webhook, programs: program.value?.programs })
      : undefined

  const submit = async () => {
    action.clear()
    wasAsked.value = true
    if (problemsOf(form.value, secrets.value, webhook).length === 0) await action.run(save)
    // What is wrong is drawn first.
    requestAnimationFrame(() => element.current?.querySelector<HTMLInputElement>(WRONG)?.focus())
  }

  const save = async () => {
    said.value = ''
    const input = changesOf(form.value, secrets.value, { webhook, changed: form.changed })
    if (!isNew && Object.keys(input).length === 0) {
      said.value = 'Nothing was changed.'
      return
    }
    const saved = isNew
      ? await post<WebhookWithSecret>('/api/webhooks', input)
      : await patch<WebhookWithSecret>(`/api/webhooks/${webhook.id}`, input)
    const { secret, ...view } = saved
    if (secret !== undefined) freshSecret.value = { webhookId: view.id, secret }
    mergeWebhooks([view])
    form.discard()
    secrets.value = NO_SECRETS
    wasAsked.value = false
    said.value = 'Saved.'
    if (isNew) goTo(hrefOf('webhooks', view.id))
  }
  const part = { form: form.value, set, secrets, webhook, at, elsewhere }
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
            elsewhere={elsewhere('name')}
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
            elsewhere={elsewhere('url')}
            problem={at('url')}
          />
          <HeaderFields {...part} />
          <SecretFields {...part} />
          {program.value !== undefined && (
            <ScopeGrid
              scope={form.value.scope}
              onChange={(scope) => set({ scope })}
              elsewhere={elsewhere('scope')}
              problem={at('scope')}
            />
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
              <button type="button" onClick={form.discard}>
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
