import { defineCommand } from '../command.ts'
import { sendOptions } from '../options/send.ts'
import { planSelection } from '../selection.ts'
import { openSession } from '../send-session.ts'
import { runSession } from '../send-run.ts'

/** `send [event…]`: generate, sign and deliver, with the retries. */
export const send = defineCommand({
  name: 'send',
  summary: 'generate, sign and deliver events, with the retries; without --to, to an embedded receiver',
  description:
    'Generates events, signs them and delivers them as Qualifio Loyalty would: any 2xx is success, anything else is retried 7 times and then blocked. Exit code 0: all delivered, 1: something was blocked, 3: the target was never reached.',
  arguments: [
    {
      syntax: '[event...]',
      description:
        'profile-creation, member-portal-visit, change-in-level, earning, burning, point-correction-plus, point-correction-minus, free-gift; or random, or all',
    },
  ],
  options: sendOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
    ['verbose', 'quiet'],
  ],
  examples: [
    { line: 'qualifio-sim send earning', does: 'see it work, without an endpoint' },
    {
      line: "qualifio-sim send earning --to http://localhost:3000/webhooks --secret my-secret -H 'x-test-authorization-header: 123456ots'",
      does: 'one signed earning to your endpoint',
    },
    {
      line: 'qualifio-sim send all --to http://localhost:3000/webhooks --batch max',
      does: 'the eight events of one member in one payload',
    },
    {
      line: 'qualifio-sim send random --count 100 --concurrency 10 --speed max --to http://localhost:3000/webhooks',
      does: 'a hundred events, ten deliveries at once, retries without waiting',
    },
    {
      line: "qualifio-sim send burning --set 'data.points:=450' --dry-run",
      does: 'look at a request without sending it',
    },
    { line: 'qualifio-sim send --journey onboarding --format json', does: 'a journey, with a report for programs' },
  ],
  async run(context, positionals, options) {
    const plan = await planSelection(context, positionals, options)
    const session = await openSession(context, plan, options)
    return await runSession(context, session)
  },
})
