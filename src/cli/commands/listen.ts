import { defineCommand } from '../command.ts'
import { runListen } from '../listen-run.ts'
import { listenOptions } from '../options/commands.ts'

/** `listen`: a receiver that verifies, validates, answers as scripted, and records. */
export const listenCommand = defineCommand({
  name: 'listen',
  summary: 'a local receiver: verifies, answers as scripted, records, explains a wrong signature',
  description:
    'Listens for webhook requests, tells of each what came, whether it was right and what was answered, and can record them as fixtures. What is unsigned or unauthorized is answered with 401, what is no JSON array with 400; the rest as --respond says. Exit code 0 when it is asked to stop; with --until 1 if a request was refused.',
  options: listenOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
    ['verbose', 'quiet'],
  ],
  examples: [
    {
      line: "qualifio-sim listen --secret my-secret -H 'x-test-authorization-header: 123456ots'",
      does: 'on http://127.0.0.1:4010, with the credentials you set at Qualifio',
    },
    { line: 'qualifio-sim listen --respond 503,503,204', does: 'fail each delivery twice, then accept it' },
    {
      line: 'qualifio-sim listen --record fixtures/recorded --scrub',
      does: 'turn what comes into fixtures without personal data',
    },
    { line: 'qualifio-sim listen --port 0 --until 1 --format json', does: 'for a script: one request, then a report' },
  ],
  run: (context, _, options) => runListen(context, options),
})
