import type { Cause } from '../cause.ts'

/** What goes wrong in reading and applying the events of a payload. */
export const EVENT_CAUSES = {
  'expects-one-event': {
    title: 'The receiver expects one event instead of an array',
    why: 'Qualifio posts a JSON array, also for a single event. A receiver that reads an object, or only the first element, refuses the payload or drops the others without a word.',
    mend: 'Parse the body as an array and loop over all its elements; take one element as an array of one.',
  },
  'unknown-refused': {
    title: 'Unknown events or fields are refused',
    why: 'Qualifio says that events and payloads may change. One refused payload is retried 7 times and then blocked, so a new field or type can stop all deliveries.',
    mend: 'Ignore fields that you do not know, log and skip events whose type you do not know, and answer 2xx for both.',
  },
  'empty-batch': {
    title: 'An empty array is not accepted',
    why: 'The receiver takes the first element without looking whether there is one. An empty array is a valid payload, and a crash on it is retried and then blocks.',
    mend: 'Loop over the array instead of reading its first element, and answer 2xx when there is nothing to do.',
  },
  'not-idempotent': {
    title: 'An event that comes twice is applied twice',
    why: 'A lost answer makes Qualifio send the same event again. A receiver that does not remember the ids of events gives the points a second time.',
    mend: 'Put a unique key on the event id. In one transaction insert the id first, apply the event only if the insert made a row, and answer 2xx to a duplicate as well.',
  },
  'duplicate-refused': {
    title: 'A duplicate is refused',
    why: 'The receiver recognises an event that it knows and answers with an error, 409 for example. To Qualifio that is a failure: the delivery is retried 7 times and then blocked.',
    mend: 'Answer 2xx to a duplicate, just as the first time, and apply nothing; catch the violation of the unique key, it is no failure.',
  },
  contention: {
    title: 'Simultaneous deliveries are answered with 5xx',
    why: 'A lock, a full pool or a serialization error ends as a failure of the delivery. Qualifio sends it again, at a moment when others come as well.',
    mend: 'Retry inside the receiver what failed only because of the moment, or put the payload into a queue and answer 2xx; apply nothing before the insert that can fail.',
  },
  'cut-body-applied': {
    title: 'A body that was cut is applied',
    why: 'The connection ended before all announced bytes were there, and the receiver applied what had come. The sender takes the delivery for failed and sends it again.',
    mend: 'Read until the body is complete (in Node the event `end`, not `close`), compare its length with Content-Length, and drop what is shorter.',
  },
  race: {
    title: 'The same event at the same moment is applied more than once',
    why: 'The receiver looks whether it knows the event and writes it afterwards. Two requests that look at the same moment both find nothing, and both apply it.',
    mend: 'Let the database decide: a unique key on the event id, and in one transaction the insert first, then the effect. Do not look first; a lock in one process does not help with two.',
  },
  'order-assumed': {
    title: 'Events are assumed to come in order',
    why: 'A retry arrives after newer events. A receiver that writes whatever comes last puts an old level or balance over the newer one.',
    mend: 'Keep the time of the last applied event per member, and overwrite a level or balance only if the event is newer, in one conditional update.',
  },
  'old-events-refused': {
    title: 'Events are refused because they are old',
    why: 'The receiver puts an age limit on the time of the event. Retries and repaired deliveries come late, and what is refused for its age is lost.',
    mend: 'Take the age limit off: the time of the event is when it happened, not when it was sent. Recognise replays by the event id.',
  },
  'events-lost': {
    title: 'Events of a batch are lost',
    why: 'The receiver answers 2xx but applies only a part of the array, or one bad event takes the good ones with it. After a 2xx nothing is sent again.',
    mend: 'Go through the whole array: leave out a duplicate or a bad event, never the rest, tell events apart by their id alone, and answer 2xx only after everything is stored. If no event is ever counted, the oracle may look in another place.',
  },
  'text-decoding': {
    title: 'Letters of several bytes are damaged',
    why: 'The receiver turns the body into text too early: chunk by chunk, or with another character set than UTF-8. Accents and emoji change, and with them the signature.',
    mend: 'Collect the bytes, join them, verify the signature over them, and decode the whole once as UTF-8, whatever charset the content type names.',
  },
  'crashes-on-bad-input': {
    title: 'Bad input crashes the receiver',
    why: 'A body that is not the expected JSON ends in an unhandled error and a 5xx. The same body fails in each of the 7 retries, and then the endpoint is blocked.',
    mend: 'Catch the error of the JSON parser, check that the root is an array and each element an object, and answer 400 to what is not; keep 5xx for failures that a retry can cure.',
  },
} satisfies Readonly<Record<string, Cause>>
