import { peer } from '../support/peer.ts'
import { nodeReceiver } from './node-receiver.ts'
import type { CheckedReceiver } from './receiver.ts'
import { expressRawReceiver, expressVerifyReceiver } from './sound-express.ts'
import { fastifyReceiver, honoReceiver, koaReceiver } from './sound-frameworks.ts'
import { nginxReceiver, phpReceiver } from './sound-programs.ts'

/** A receiver that does everything right. */
export interface SoundReceiver {
  readonly name: string
  /** The program it needs, where that is not on every machine: `isMissing` means that its tests are skipped. */
  readonly peer?: { readonly name: string; readonly isMissing: boolean }
  start(): Promise<CheckedReceiver>
}

const php = peer('php', 'apt-get install php-cli')
const nginx = peer('nginx', 'apt-get install nginx')

/** Every sound receiver. */
export const SOUND: readonly SoundReceiver[] = [
  { name: 'node:http', start: () => nodeReceiver() },
  { name: 'Express with express.raw', start: expressRawReceiver },
  { name: 'Express with the verify hook of express.json', start: expressVerifyReceiver },
  { name: 'Fastify', start: fastifyReceiver },
  { name: 'Hono', start: honoReceiver },
  { name: 'Koa', start: koaReceiver },
  {
    name: 'node:http behind nginx',
    peer: { name: 'nginx', isMissing: nginx === undefined },
    start: () => nginxReceiver(nginx as string),
  },
  {
    name: 'PHP with four workers',
    peer: { name: 'php', isMissing: php === undefined },
    start: () => phpReceiver(php as string),
  },
]
