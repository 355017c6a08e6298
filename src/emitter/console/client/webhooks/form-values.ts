import type { Rotation } from '../../../records.ts'
import type { WebhookInput, WebhookView } from '../../../view/views.ts'
import type { FieldProblem } from '../api.ts'
import type { Scope } from './scope.ts'

/** What is in the form, less what is secret: this survives a reload. */
export interface Form {
  readonly name: string
  readonly url: string
  readonly headerName: string
  readonly rotation: Rotation
  readonly scope: Scope
  readonly active: boolean
}

/** What is in the form only as long as it is open. */
export interface Secrets {
  readonly headerValue: string
  readonly secret: string
  readonly secretChoice: 'keep' | 'set' | 'remove'
}

/** A form that nothing is in. */
export const emptyForm: Form = {
  name: '',
  url: '',
  headerName: '',
  rotation: 'overlap',
  scope: { events: null, programs: null },
  active: true,
}

/** A webhook in the form. */
export function formOf({ name, url, header, rotation, scope, active }: WebhookView): Form {
  return { name, url, headerName: header?.name ?? '', rotation, scope, active }
}

/**
 * What is asked of the server: everything of a new webhook, of a known one what was changed.
 * @throws Error that says what is missing
 */
export function changesOf(form: Form, secrets: Secrets, webhook: WebhookView | undefined): Partial<WebhookInput> {
  const before = webhook === undefined ? undefined : formOf(webhook)
  const isChanged = (name: 'name' | 'url' | 'rotation' | 'scope') =>
    before === undefined || JSON.stringify(form[name]) !== JSON.stringify(before[name])
  return {
    ...(isChanged('name') && { name: form.name.trim() }),
    ...(isChanged('url') && { url: form.url.trim() }),
    ...headerChange(form.headerName.trim(), secrets.headerValue, webhook),
    ...(secrets.secretChoice === 'set' && secrets.secret !== '' && { secret: secrets.secret }),
    ...(secrets.secretChoice === 'remove' && { secret: null }),
    ...(isChanged('rotation') && { rotation: form.rotation }),
    ...(isChanged('scope') && { scope: form.scope }),
    ...(webhook === undefined && { active: form.active }),
  }
}

/** What is wrong with a field or a part of it: `header` has `header.value`. */
export function problemAt(problems: readonly FieldProblem[], name: string): string | undefined {
  return problems.find(({ at }) => at === name || at.startsWith(`${name}.`) || at.startsWith(`${name}[`))?.detail
}

function headerChange(name: string, value: string, webhook: WebhookView | undefined): Pick<WebhookInput, 'header'> {
  const known = webhook?.header?.name
  if (name === '') {
    if (value !== '') throw new Error('The authorization header has a value, but no name.')
    return known === undefined ? {} : { header: null }
  }
  if (value !== '') return { header: { name, value } }
  if (name === known) return {}
  throw new Error(`The header ${name} has no value: write what your endpoint expects.`)
}
