import { isRedirect, type Responded } from '../../../../delivery/outcome.ts'
import type { AttemptView, DeliveryDetail } from '../../../view/views.ts'
import { Time } from '../parts.tsx'
import { durationText } from '../time.ts'
import { resultKind, times } from '../words.ts'

/** More are not on the page: the latest are. */
const MOST = 50

/** Every attempt with its answer, the latest first. */
export function Attempts({ delivery }: { delivery: DeliveryDetail }) {
  const log = delivery.attemptLog.toReversed()
  if (log.length === 0) return <p class="muted">Nothing was sent yet.</p>
  return (
    <>
      <ol class="attempts">
        {log.slice(0, MOST).map((attempt, index) => (
          <li key={attempt.number}>
            <Attempt attempt={attempt} isLatest={index === 0} />
          </li>
        ))}
      </ol>
      {log.length > MOST && <p class="note">and {times(log.length - MOST, 'earlier attempt')}</p>}
    </>
  )
}

function Attempt({ attempt, isLatest }: { attempt: AttemptView; isLatest: boolean }) {
  const { result, durationMs, sentence, startedAt, dueAt, possibleDuplicate, round, retry } = attempt
  const lateMs = Date.parse(startedAt) - Date.parse(dueAt)
  return (
    <details open={isLatest && resultKind(result) !== 'ok'}>
      <summary>
        <i class={`key ${result === null ? 'under-way' : resultKind(result)}`} aria-hidden="true" />
        <span class="attempt-what">
          {visible(sentence)}
          {round > 1 && retry > 0 && <span class="mark">resend {round - 1}</span>}
        </span>
        <span class="muted attempt-when">
          {durationMs !== null && `${durationText(durationMs)}, `}
          <Time at={startedAt} />
        </span>
      </summary>
      <div class="answer">
        {lateMs > 250 && <p class="note">Started {durationText(lateMs)} after it was due.</p>}
        {possibleDuplicate && (
          <p class="note">The attempt before it ended unknown, so the receiver may know it already.</p>
        )}
        {result === null && <p class="note">No result: it is under way, or the process ended before the answer.</p>}
        {result?.kind === 'failed' && <p>{result.reason}</p>}
        {result?.kind === 'responded' && <Answer result={result} />}
      </div>
    </details>
  )
}

/**
 * The server keeps the first 2 KB of a body. How long the text is says nothing: secrets in it are masked, and a letter
 * may have several bytes.
 */
const SNIPPET_BYTES = 2048

/** What the receiver said: text, whatever it looks like. */
function Answer({ result }: { result: Responded }) {
  const headers = Object.entries(result.headers).flatMap(([name, values]) => values.map((value) => [name, value]))
  return (
    <>
      {isRedirect(result.status) && <p class="note">{redirectText(result)}</p>}
      <Headers headers={headers as [string, string][]} label="Headers of the answer" />
      {result.bodyBytes === 0 ? (
        <p class="note">The answer has no body.</p>
      ) : (
        <pre tabIndex={0} aria-label="Body of the answer" class="bounded">
          {visible(result.bodySnippet)}
        </pre>
      )}
      {result.bodyIncomplete !== undefined && <p class="note">{INCOMPLETE[result.bodyIncomplete]}</p>}
      {result.bodyBytes > SNIPPET_BYTES && (
        <p class="note">The body has {result.bodyBytes.toLocaleString('en-GB')} bytes; its beginning is shown.</p>
      )}
    </>
  )
}

function redirectText({ headers }: Responded): string {
  const [location] = headers['location'] ?? []
  const what = 'A redirect is a failure to Qualifio, which follows none.'
  return location === undefined
    ? `${what} Answer 2xx at this URL.`
    : `${what} It points to ${visible(location)}: if that is the endpoint, make it the URL of the webhook.`
}

const INCOMPLETE = {
  cut: 'The connection was cut before the end of the body.',
  limit: 'No more than 64 KB of the body were read.',
  deadline: 'The body did not end before the deadline.',
} as const

/** Headers, one a line. */
export function Headers({ headers, label }: { headers: readonly (readonly [string, string])[]; label: string }) {
  return (
    <dl class="headers" aria-label={label} tabIndex={0}>
      {headers.map(([name, value], index) => (
        <div key={index}>
          <dt>{visible(name)}</dt>
          <dd>{visible(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Control characters, and those that turn the reading direction, as pictures: nothing hides in a text. */
export function visible(text: string): string {
  return text
    .replaceAll(/[\0-\x08\x0b-\x1f]/g, (found) => String.fromCharCode(0x2400 + found.charCodeAt(0)))
    .replaceAll(/[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\u{fffd}')
}
