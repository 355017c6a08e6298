import type { Named } from '../../../view/views.ts'
import { program } from '../live.ts'
import { typeLabel } from '../words.ts'
import { EVENTS, has, scopeProblem, scopeText, toggled, type Scope } from './scope.ts'

/** Which events of which programs: rows and columns are chosen, and a field is sent when both are. */
export function ScopeGrid(how: {
  scope: Scope
  onChange: (scope: Scope) => void
  /** What is said of it when it was changed elsewhere too. */
  elsewhere: string | undefined
  problem: string | undefined
}) {
  const { scope, onChange } = how
  const programs = program.value?.programs ?? []
  const ids = programs.map(({ id }) => id)
  const toggleProgram = (id: string) => onChange({ ...scope, programs: toggled(scope.programs, id, ids) })
  const problem = scopeProblem(scope) ?? how.problem
  const lacks = scope.programs?.length === 0 ? 'lacks-program' : scope.events?.length === 0 ? 'lacks-event' : ''
  return (
    <fieldset class={`scope ${lacks}`}>
      <legend>Scope</legend>
      <p class="note">
        Tick events (rows) and programs (columns). An event is sent when its row and its column are both ticked.
      </p>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">
                <span class="segments">
                  <button type="button" class="small" onClick={() => onChange({ events: null, programs: null })}>
                    All
                  </button>
                  <button type="button" class="small" onClick={() => onChange({ ...scope, events: [] })}>
                    None<span class="off-screen"> of the events</span>
                  </button>
                </span>
              </th>
              {programs.map((entry) => (
                <th key={entry.id} scope="col">
                  <Tick
                    label={entry.name}
                    isOn={has(scope.programs, entry.id)}
                    onToggle={() => toggleProgram(entry.id)}
                  />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {EVENTS.map((type) => (
              <tr key={type}>
                <th scope="row">
                  <Tick
                    label={typeLabel(type)}
                    isOn={has(scope.events, type)}
                    onToggle={() => onChange({ ...scope, events: toggled(scope.events, type, EVENTS) })}
                  />
                </th>
                {programs.map((entry) => (
                  <Cell
                    key={entry.id}
                    type={typeLabel(type)}
                    program={entry}
                    isSent={has(scope.events, type) && has(scope.programs, entry.id)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p role="status" class="scope-sum">
        {problem === undefined ? `Sends ${scopeText(scope, programs)}.` : <span class="problem">{problem}</span>}
      </p>
      {how.elsewhere !== undefined && <p class="elsewhere">{how.elsewhere}</p>}
    </fieldset>
  )
}

function Tick({ label, isOn, onToggle }: { label: string; isOn: boolean; onToggle: () => void }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={isOn} onChange={onToggle} /> {label}
    </label>
  )
}

function Cell({ type, program, isSent }: { type: string; program: Named; isSent: boolean }) {
  const text = `${type} of ${program.name} is ${isSent ? '' : 'not '}sent`
  return (
    <td class={isSent ? 'sent' : ''} title={text}>
      <span aria-hidden="true">{isSent ? '✓' : '·'}</span>
      <span class="off-screen">{isSent ? 'sent' : 'not sent'}</span>
    </td>
  )
}
