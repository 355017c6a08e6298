import express from 'express'
import { AUTHORIZATION, isSame, listening, signatureOf, started, statusFor, type RunningReceiver } from './receiver.ts'
import { createServer } from 'node:http'

/** The commonest mistake: `express.json()` parses, and what is hashed was written again from the result. */
export function reserialisingReceiver(): Promise<RunningReceiver> {
  const app = express()
  app.post('/webhooks', express.json({ limit: '10mb' }), (request, response) => {
    const isAuthorized = isSame(request.get(AUTHORIZATION[0]), AUTHORIZATION[1])
    const isSigned = isSame(request.get('x-qualifio-signature'), signatureOf(JSON.stringify(request.body)))
    response.sendStatus(isAuthorized && isSigned ? 204 : 401)
  })
  return listening(app)
}

/** Checks a signature where there is one: whoever leaves it out is let in. */
export function failOpenReceiver(): Promise<RunningReceiver> {
  return started(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        const signature = request.headers['x-qualifio-signature']?.toString() ?? signatureOf(body)
        const authorization = request.headers[AUTHORIZATION[0]]?.toString()
        response.writeHead(statusFor({ authorization, signature, body })).end()
      })
    }),
  )
}

/** Looks at nothing and is content with everything. */
export function contentReceiver(): Promise<RunningReceiver> {
  return listening((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200).end('ok'))
  })
}
