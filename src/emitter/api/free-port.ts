import { createServer } from 'node:http'
import { listenError } from '../../receiver/listening.ts'

/**
 * Sees whether a port can be listened on, so that nothing is made before where it cannot.
 * @param port 0 is a free one
 * @throws UsageError when it cannot
 */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  if (port === 0) return
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen({ host, port }, resolve)
  })
  await new Promise((resolve) => server.close(resolve))
}
