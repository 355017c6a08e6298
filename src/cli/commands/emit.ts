import { defineCommand } from '../command.ts'
import { emitOptions } from '../options/commands.ts'

/** `emit`: a Qualifio on the desk. */
export const emitCommand = defineCommand({
  name: 'emit',
  summary: 'a Qualifio on the desk: members who live, webhooks, durable deliveries, a web console and an API',
  description:
    'Runs until it is stopped: members visit, earn, spend and change level, and each event is delivered to every webhook in whose scope it is, with the retries. Everything is kept and goes on after a restart. Webhooks come from the console, from --to, from the HTTP API (/api/openapi.json), or from qualifio-sim.json: "emit": { "webhooks": [{ "name": "shop", "url": "http://localhost:3000/webhooks", "secret": "${SHOP_SECRET}" }] }. Exit code 0 when it is asked to stop.',
  options: emitOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
    ['state', 'memory'],
    ['members', 'membersFrom'],
  ],
  pointless: [
    {
      flags: ['secret', 'secretFile', 'header', 'basic', 'bearer'],
      without: 'to',
      text: 'credentials without an endpoint: pass --to as well, or give each webhook its own in the console or in qualifio-sim.json.',
    },
  ],
  examples: [
    {
      line: 'qualifio-sim emit --to http://localhost:3000/webhooks --secret my-secret',
      does: 'one event a second to your endpoint; the console is on http://127.0.0.1:4600',
    },
    { line: 'qualifio-sim emit --pace 0 --memory', does: 'nothing by itself, nothing kept: press the buttons' },
    {
      line: 'qualifio-sim emit --speed 60 --retry-schedule svix --block-endpoint-after 5',
      does: 'retries of a day within half an hour, and a webhook that is blocked like an endpoint',
    },
    {
      line: 'qualifio-sim emit --host 0.0.0.0 --token change-me-please --public-host emit:4600 --format ndjson',
      does: 'in a container: reachable by its service name, with a token',
    },
  ],
  // Loaded when it runs: the API's schemas are zod's, and `--help` needs none of them.
  run: async (context, _, options) => (await import('../emit-run.ts')).runEmit(context, options),
})
