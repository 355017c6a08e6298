import { createServer } from 'node:http'
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express'
import { started, type CheckedReceiver } from './receiver.ts'
import { eventStore } from './store.ts'
import { answerTo, countOf, Refusal, SOUND_STEPS, type Steps } from './steps.ts'

/** What differs between receivers on Express. */
export interface ExpressParts {
  /** What reads the body. */
  readonly parser: RequestHandler
  /** The bytes that are checked and parsed. */
  bodyOf(request: Request): Uint8Array
  readonly steps?: Partial<Steps>
  /** What becomes of errors, `http-errors` of the parsers among them. */
  readonly onError?: ErrorRequestHandler
}

/** A receiver on Express: one path, other methods refused, errors mapped. */
export function expressReceiver({ parser, bodyOf, steps, onError = mapped }: ExpressParts): Promise<CheckedReceiver> {
  const store = eventStore()
  const app = express()
  app
    .route('/webhooks')
    .post(parser, (request, response, next) => {
      const received = { headers: request.headers, body: bodyOf(request) }
      answerTo(received, store, { ...SOUND_STEPS, ...steps }).then(({ status }) => response.sendStatus(status), next)
    })
    .all((_, response) => void response.set('Allow', 'POST').sendStatus(405))
  app.get('/events/:eventId/count', (request, response) => {
    response.type('text').send(countOf(request.params.eventId, store))
  })
  app.use(onError)
  return started(createServer(app), store)
}

/** Express shows a stack trace for errors unless NODE_ENV is production; this one shows the status that they carry. */
const mapped: ErrorRequestHandler = (error: { status?: number }, _request, response, _next) => {
  response.sendStatus(error instanceof Refusal ? error.answer.status : (error.status ?? 500))
}
