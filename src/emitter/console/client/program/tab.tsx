import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ProgramView } from '../../../view/views.ts'
import { useAction, type Action } from '../action.ts'
import { patch } from '../api.ts'
import { program } from '../live.ts'
import { paceOf } from '../numbers.ts'
import { ActionButton, Field, Loading, Problem, Time } from '../parts.tsx'
import { durationText } from '../time.ts'
import { numberText, paceText, times } from '../words.ts'

const PACES = [0, 1, 10, 100] as const
const SPEEDS = [1, 60, 3600, 'max'] as const

type Change = Partial<Pick<ProgramView, 'paused' | 'pacePerSecond' | 'speed'>>

/** How the program lives. */
export function ProgramTab() {
  const now = program.value
  const action = useAction()
  const change = async (what: Change) => {
    program.value = await patch<ProgramView>('/api/program', what)
  }
  if (now === undefined) return <Loading problem={undefined} />
  return (
    <>
      <h1>Program</h1>
      <section>
        <h2>Life</h2>
        <p class="lead" role="status">
          {lifeText(now)}
        </p>
        <div class="actions">
          <ActionButton
            action={action}
            onPress={() => change({ paused: !now.paused })}
            class={now.paused ? 'primary' : ''}
          >
            {now.paused ? 'Resume' : 'Pause'}
          </ActionButton>
        </div>
        <Problem text={action.problem.value} />
        <Pace now={now} change={change} />
      </section>
      <section>
        <h2>Speed of retries</h2>
        <p class="note">
          Waits between retries, and how long an old secret goes on signing, are this many times shorter than at
          Qualifio.
        </p>
        <Speed now={now} change={change} />
      </section>
      <Facts now={now} />
    </>
  )
}

function lifeText({ paused, pacePerSecond, members }: ProgramView): string {
  if (paused) return 'Paused: nothing happens by itself. Deliveries that wait are still sent.'
  if (pacePerSecond === 0) return 'On demand: something happens only when you press a button or call the API.'
  return `${times(members, 'member')} live by themselves: ${paceText(pacePerSecond)} a second.`
}

function Presets<T extends number | string>(how: {
  label: string
  values: readonly T[]
  now: T
  text: (value: T) => string
  action: Action
  choose: (value: T) => Promise<void>
}) {
  return (
    <div class="segments" role="group" aria-label={how.label}>
      {how.values.map((value) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === how.now}
          onClick={() => void how.action.run(() => how.choose(value))}
        >
          {how.text(value)}
        </button>
      ))}
    </div>
  )
}

function Pace({ now, change }: { now: ProgramView; change: (what: Change) => Promise<void> }) {
  const action = useAction()
  const written = useSignal(String(now.pacePerSecond))
  useEffect(() => {
    written.value = String(now.pacePerSecond)
  }, [now.pacePerSecond])
  const set = async () => change({ pacePerSecond: paceOf(written.value) })
  return (
    <form
      class="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(set)
      }}
    >
      <Presets
        label="Pace"
        values={PACES}
        now={now.pacePerSecond as (typeof PACES)[number]}
        text={(value) => (value === 0 ? 'on demand' : `${value}/s`)}
        action={action}
        choose={(pacePerSecond) => change({ pacePerSecond })}
      />
      <Field
        label="Events per second"
        value={written.value}
        inputMode="decimal"
        onInput={(value) => (written.value = value)}
        problem={action.problem.value}
      >
        <button aria-busy={action.isBusy.value}>Set</button>
      </Field>
    </form>
  )
}

function Speed({ now, change }: { now: ProgramView; change: (what: Change) => Promise<void> }) {
  const action = useAction()
  return (
    <>
      <Presets
        label="Speed"
        values={SPEEDS}
        now={now.speed as (typeof SPEEDS)[number]}
        text={(value) => (value === 1 ? 'as Qualifio' : value === 'max' ? 'no waits' : `${numberText(value)}×`)}
        action={action}
        choose={(speed) => change({ speed })}
      />
      <Problem text={action.problem.value} />
      <ol class="waits" aria-label="Waits before each retry">
        {now.retryDelaysMs.map((delayMs, index) => (
          <li key={index}>
            <span class="muted">retry {index + 1}</span> +{durationText(delayMs)}
            {now.speed !== 1 && (
              <span class="muted"> here {durationText(now.speed === 'max' ? 0 : delayMs / now.speed)}</span>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function Facts({ now }: { now: ProgramView }) {
  const batches =
    now.batchWindowMs === 0
      ? 'one event each'
      : `what happens within ${durationText(now.batchWindowMs)}, at most ${now.batchMax} events`
  const facts: readonly (readonly [string, preact.ComponentChild])[] = [
    ['Programs', now.programs.map(({ name, members }) => `${name} (${times(members, 'member')})`).join(', ')],
    ['Contract', <code>{now.contract}</code>],
    ['Seed', <code>{now.seed}</code>],
    ['Retries', `${now.retryDelaysMs.length}, then blocked`],
    ['A delivery carries', batches],
    ['Order', now.ordered ? 'kept for each member' : 'first attempts in order; a retry holds nothing back'],
    ['At once to one webhook', times(now.concurrency, 'delivery')],
    [
      'A webhook is blocked',
      now.blockEndpointAfter === null ? 'never' : `after ${now.blockEndpointAfter} blocked deliveries in a row`,
    ],
    ['Started', <Time at={now.startedAt} />],
    ['Version', now.toolVersion],
  ]
  return (
    <section>
      <h2>Facts</h2>
      <dl class="facts-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
