import type { Signal } from '@preact/signals'
import type { WebhookView } from '../../../view/views.ts'
import { randomSecret } from '../browser.ts'
import { program } from '../live.ts'
import { Choice, Field } from '../parts.tsx'
import { overlapText, type Form, type Secrets } from './form-values.ts'

interface Part {
  readonly form: Form
  readonly set: (change: Partial<Form>) => void
  readonly secrets: Signal<Secrets>
  readonly webhook: WebhookView | undefined
  /** What is wrong with the field of this name. */
  readonly at: (name: string) => string | undefined
  /** What is said of it when it was changed elsewhere too. */
  readonly elsewhere: (name: 'headerName' | 'rotation') => string | undefined
}

/** The authorization header: its value is never shown again. */
export function HeaderFields({ form, set, secrets, webhook, at, elsewhere }: Part) {
  const known = webhook?.header?.name
  return (
    <fieldset class="pair">
      <legend>Authorization header (optional)</legend>
      <Field
        label="Header name"
        value={form.headerName}
        onInput={(headerName) => set({ headerName })}
        placeholder="X-Api-Key"
        elsewhere={elsewhere('headerName')}
        problem={at('header.name') ?? (at('header.value') === undefined ? at('header') : undefined)}
      />
      <Field
        label="Header value"
        type="password"
        autoComplete="new-password"
        value={secrets.value.headerValue}
        onInput={(headerValue) => (secrets.value = { ...secrets.value, headerValue })}
        placeholder={known === undefined ? '' : 'unchanged'}
        note={known === undefined ? undefined : 'Kept unless you write another one.'}
        problem={at('header.value')}
      />
    </fieldset>
  )
}

/** The secret that signs. */
export function SecretFields({ form, set, secrets, webhook, at, elsewhere }: Part) {
  const { secretChoice, secret } = secrets.value
  const change = (what: Partial<Secrets>) => (secrets.value = { ...secrets.value, ...what })
  const hasSecret = webhook?.hasSecret === true
  return (
    <fieldset class="secret-fields">
      <legend>Secret</legend>
      {webhook !== undefined && (
        <Choice
          label={hasSecret ? 'The secret is set' : 'There is no secret: deliveries are not signed'}
          value={secretChoice}
          options={[
            ['keep', hasSecret ? 'Keep it' : 'Leave it so'],
            ['set', hasSecret ? 'Change it' : 'Set one'],
            ...(hasSecret ? [['remove', 'Remove it'] as const] : []),
          ]}
          onChange={(value) => change({ secretChoice: value as Secrets['secretChoice'], secret: '' })}
        />
      )}
      {secretChoice === 'set' && (
        <Field
          label={hasSecret ? 'New secret' : 'Secret to sign with'}
          value={secret}
          autoComplete="off"
          onInput={(value) => change({ secret: value })}
          problem={at('secret')}
          note={
            webhook === undefined
              ? 'Your endpoint verifies signatures with it. Shown once more after saving, then never again. Empty: not signed.'
              : 'Shown once more after saving, then never again.'
          }
        >
          <button type="button" onClick={() => change({ secret: randomSecret() })}>
            Generate
          </button>
        </Field>
      )}
      {hasSecret && secretChoice === 'set' && (
        <Choice
          label="After the change"
          value={form.rotation}
          elsewhere={elsewhere('rotation')}
          options={[
            ['overlap', overlapText(program.value?.speed ?? 1)],
            ['immediate', 'the new one signs at once'],
          ]}
          onChange={(value) => set({ rotation: value as Form['rotation'] })}
        />
      )}
    </fieldset>
  )
}
