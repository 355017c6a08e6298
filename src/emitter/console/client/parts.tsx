import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { DeliveryState } from '../../records.ts'
import type { Action } from './action.ts'
import { copyText, later } from './browser.ts'
import { now } from './now.ts'
import { exactText, relativeText } from './time.ts'
import { STATES } from './words.ts'

/** A time, as people say it; exact for those who point at it. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exactText(at)}>
      {relativeText(Date.parse(at), now.value)}
    </time>
  )
}

/** Where a delivery stands: word, colour and shape. */
export function State({ state }: { state: DeliveryState }) {
  return (
    <span class={`state ${state}`} title={STATES[state]}>
      {state}
    </span>
  )
}

/** A button that does something, and says below what went wrong. */
export function ActionButton(how: {
  action: Action
  onPress: () => Promise<void>
  children: ComponentChildren
  class?: string
  disabled?: boolean
  /** Does nothing for now, and keeps the focus. */
  isOff?: boolean
}) {
  return (
    <button
      type="button"
      class={how.class ?? ''}
      aria-busy={how.action.isBusy.value}
      aria-disabled={how.isOff === true}
      disabled={how.disabled ?? false}
      onClick={() => how.isOff !== true && void how.action.run(how.onPress)}
    >
      {how.children}
    </button>
  )
}

/** What went wrong, next to what caused it. */
export function Problem({ text }: { text: string | undefined }) {
  return (
    <div role="alert" class="problem-place">
      {text !== undefined && <p class="problem">{text}</p>}
    </div>
  )
}

/** What to do first, where there is nothing yet. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  )
}

/** Something is being read. */
export function Loading({ problem }: { problem: string | undefined }) {
  return problem === undefined ? <p class="muted loading">Loading…</p> : <Problem text={problem} />
}

/** Copies a text. */
export function Copy({ text, label, size = 'small' }: { text: string; label: string; size?: 'small' | 'usual' }) {
  const said = useSignal('')
  const copy = async () => {
    said.value = (await copyText(text)) ? 'Copied' : 'Not allowed here: select and copy it'
    later(2500, () => (said.value = ''))
  }
  return (
    <span class="copy">
      <button type="button" class={size} onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" class="said">
        {said.value}
      </span>
    </span>
  )
}

/** A labelled place to write something. */
export function Field(how: {
  label: string
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'search' | 'url' | 'password'
  note?: ComponentChildren
  problem?: string | undefined
  /** What is said of it when it was changed elsewhere too. */
  elsewhere?: string | undefined
  required?: boolean
  placeholder?: string
  inputMode?: 'numeric' | 'url' | 'decimal'
  autoComplete?: string
  children?: ComponentChildren
}) {
  const id = useId()
  const about = (['note', 'elsewhere', 'problem'] as const).flatMap((part) =>
    how[part] === undefined ? [] : [`${id}-${part}`],
  )
  return (
    <div class="field">
      <label for={id}>{how.label}</label>
      <div class="field-row">
        <input
          id={id}
          type={inputType(how.type)}
          value={how.value}
          placeholder={how.placeholder ?? ''}
          inputMode={how.inputMode}
          autoComplete={how.autoComplete ?? 'off'}
          spellcheck={false}
          required={how.required ?? false}
          aria-invalid={how.problem !== undefined}
          aria-describedby={about.length === 0 ? undefined : about.join(' ')}
          onInput={(event) => how.onInput(event.currentTarget.value)}
        />
        {how.children}
      </div>
      {how.note !== undefined && (
        <p class="note" id={`${id}-note`}>
          {how.note}
        </p>
      )}
      {how.elsewhere !== undefined && (
        <p class="elsewhere" id={`${id}-elsewhere`}>
          {how.elsewhere}
        </p>
      )}
      {how.problem !== undefined && (
        <p class="problem" id={`${id}-problem`}>
          {how.problem}
        </p>
      )}
    </div>
  )
}

/** The types of an input are told apart by what else they take: here they all take the same. */
function inputType(type: 'text' | 'search' | 'url' | 'password' = 'text'): 'text' {
  return type as 'text'
}

/** A labelled choice. */
export function Choice(how: {
  label: string
  value: string
  options: readonly (readonly [value: string, text: string])[]
  onChange: (value: string) => void
  elsewhere?: string | undefined
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{how.label}</label>
      <select id={id} value={how.value} onChange={(event) => how.onChange(event.currentTarget.value)}>
        {how.options.map(([value, text]) => (
          <option key={value} value={value} selected={value === how.value}>
            {text}
          </option>
        ))}
      </select>
      {how.elsewhere !== undefined && <p class="elsewhere">{how.elsewhere}</p>}
    </div>
  )
}
