import { faultyNode, pause, type FaultyReceiver } from './faulty-receiver.ts'
import { readBody } from './node-receiver.ts'

const PAGE = '<!doctype html><title>Sign in</title><form action="/login" method="post"><input name="password"></form>'
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const REFUSALS = ['01', '02', '03', '04', '05', '06', '07', '09', '10', '11', '12', '14'].map((it) => `AUT-${it}`)
/** What a receiver fails that says yes and does nothing. */
const NOTHING_DONE = [...REFUSALS, 'CON-07', 'CON-11', 'DLV-01', 'DLV-02', 'DLV-03', 'DLV-04', 'DLV-07', 'DLV-08']

/** Faults of the answer. */
export const FAULTY_ANSWERS: readonly FaultyReceiver[] = [
  faultyNode('always-200', 'Looks at nothing and answers 200 to everything.', {
    fails: NOTHING_DONE,
    change: () => ({
      around: () => async (request) => {
        await readBody(request)
        return { status: 200, body: 'ok' }
      },
    }),
  }),
  faultyNode('always-401', 'Refuses everything.', {
    fails: [],
    change: () => ({ isAuthorized: () => false }),
  }),
  faultyNode('redirects', 'Redirects to the address with a slash at its end.', {
    fails: ['CON-09'],
    change: () => ({ around: () => async () => ({ status: 308, headers: { location: '/webhooks/' } }) }),
  }),
  faultyNode('login-page', 'Stands behind a login: everybody is shown its page with status 200.', {
    fails: ['CON-10', ...NOTHING_DONE],
    change: () => ({
      around: () => async (request) => {
        await readBody(request)
        return { status: 200, headers: HTML, body: PAGE }
      },
    }),
  }),
  faultyNode(
    'answers-with-a-page',
    'Does its work and then shows a page with a form, as its framework does by default.',
    {
      fails: ['CON-10'],
      change: () => ({
        around: (next) => async (request) => {
          const answer = await next(request)
          return answer.status === 204 ? { status: 200, headers: HTML, body: PAGE } : answer
        },
      }),
    },
  ),
  faultyNode('slow', 'Takes a quarter of a minute for every delivery.', {
    // With a timeout of the sender above the wait; below it, no control is ever accepted.
    fails: ['PRF-01', 'PRF-02'],
    change: ({ waitMs = 15_500 }) => ({
      around: (next) => async (request) => {
        const answer = await next(request)
        if (answer.status === 204) await pause(waitMs)
        return answer
      },
    }),
  }),
  faultyNode('any-method', 'Registers the path for every method: GET is answered as if it were a delivery.', {
    fails: ['CON-11'],
    change: () => ({
      around: (next) => async (request) => (request.method === 'POST' ? next(request) : { status: 200, body: 'ok' }),
    }),
  }),
  faultyNode('pool-of-eight', 'Has eight workers and no queue: who comes then gets 503, not told when to come again.', {
    fails: ['PRF-03', 'PRF-04'],
    change({ waitMs = 20 }) {
      let busy = 0
      return {
        around: (next) => async (request) => {
          if (busy === 8) return { status: 503 }
          busy += 1
          try {
            const answer = await next(request)
            await pause(waitMs)
            return answer
          } finally {
            busy -= 1
          }
        },
      }
    },
  }),
]
