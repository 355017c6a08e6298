import type { Rotation } from '../../../records.ts'
import type { Named, ProgramView, WebhookInput, WebhookView } from '../../../view/views.ts'
import type { FieldProblem } from '../api.ts'
import { durationText } from '../time.ts'
import { scopeText, type Scope } from './scope.ts'

const OVERLAP_MS = 30 * 60_000

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

/** What is missing, in the form's own words, before the server is asked. */
export function problemsOf(form: Form, secrets: Secrets, webhook: WebhookView | undefined): readonly FieldProblem[] {
  const headerName = form.headerName.trim()
  const isHeaderKept = webhook?.header?.name === headerName && secrets.headerValue === ''
  const { events, programs } = form.scope
  const found: readonly (readonly [at: string, isWrong: boolean, detail: string])[] = [
    ['name', form.name.trim() === '', 'Give it a name.'],
    ['url', form.url.trim() === '', 'Write where it listens, such as http://localhost:3000/webhooks.'],
    ['header.name', headerName === '' && secrets.headerValue !== '', 'Give the header a name: it has a value.'],
    [
      'header.value',
      headerName !== '' && secrets.headerValue === '' && !isHeaderKept,
      'Write the value that your endpoint expects.',
    ],
    [
      'secret',
      webhook !== undefined && secrets.secretChoice === 'set' && secrets.secret === '',
      'Write the new secret, or let one be generated.',
    ],
    ['scope.programs', programs?.length === 0, 'Tick at least one program.'],
    ['scope.events', events?.length === 0, 'Tick at least one event.'],
  ]
  return found.flatMap(([at, isWrong, detail]) => (isWrong ? [{ at, detail }] : []))
}

/**
 * What is asked of the server: everything of a new webhook, of a known one only what was changed here: somebody else
 * may have changed the rest meanwhile.
 */
export function changesOf(
  form: Form,
  secrets: Secrets,
  { webhook, changed }: { readonly webhook: WebhookView | undefined; readonly changed: readonly (keyof Form)[] },
): Partial<WebhookInput> {
  const isChanged = (name: keyof Form) => webhook === undefined || changed.includes(name)
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

/** What is said beside a field that was changed here, and elsewhere since. */
export function elsewhereText(name: 'name' | 'url' | 'headerName' | 'rotation' | 'scope', how: Elsewhere): string {
  return `Changed elsewhere to ${valueText(name, how)}; saving replaces it.`
}

/** A webhook as it is now. */
interface Elsewhere {
  readonly webhook: WebhookView
  readonly programs: readonly Named[] | undefined
}

function valueText(name: Parameters<typeof elsewhereText>[0], { webhook, programs }: Elsewhere): string {
  switch (name) {
    case 'headerName':
      return webhook.header === null ? 'no header' : `“${webhook.header.name}”`
    case 'rotation':
      return webhook.rotation === 'overlap' ? 'the old secret goes on signing' : 'the new secret signs at once'
    case 'scope':
      return scopeText(webhook.scope, programs)
    default:
      return `“${webhook[name]}”`
  }
}

/** How long a secret that is changed goes on signing: 30 minutes at Qualifio, as many times shorter as waits are. */
export function overlapText(speed: ProgramView['speed']): string {
  if (speed === 'max') return 'the old secret stops at once: there are no waits at this speed'
  const text = durationText(OVERLAP_MS / speed)
  return speed === 1
    ? `the old secret signs for ${text} more, as at Qualifio`
    : `the old secret signs for ${text} more (30 min at Qualifio)`
}

/** What is wrong with a field or a part of it: `header` has `header.value`. */
export function problemAt(problems: readonly FieldProblem[], name: string): string | undefined {
  return problems.find(({ at }) => at === name || at.startsWith(`${name}.`) || at.startsWith(`${name}[`))?.detail
}

function headerChange(name: string, value: string, webhook: WebhookView | undefined): Pick<WebhookInput, 'header'> {
  const known = webhook?.header?.name
  if (name === '') return known === undefined ? {} : { header: null }
  return value === '' ? {} : { header: { name, value } }
}
