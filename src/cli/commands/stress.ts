import { loadContract } from '../../contract/contract.ts'
import { defineCommand } from '../command.ts'
import { openTarget } from '../opened-target.ts'
import { stressOptions } from '../options/commands.ts'
import { runStress } from '../stress-run.ts'
import { planLoad, refuseForeignHost, refuseForgingUnsigned } from '../stress-session.ts'

/** `stress <event…>`: load with the retry policy, thresholds and a report. */
export const stressCommand = defineCommand({
  name: 'stress',
  summary: 'load on a schedule, with the retries: how fast is the receiver, and what would Qualifio have blocked?',
  description:
    'Sends unique, signed, valid payloads when they are due, whatever the receiver does, and retries as Qualifio would. Latency counts from the moment a delivery was due. Blocked deliveries are data; exit code 4: a --threshold was crossed, 3: the target was never reached, 0: otherwise.',
  arguments: [{ syntax: '[event...]', description: 'as in send: earning, burning, …; or random, or all' }],
  options: stressOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
  ],
  examples: [
    {
      line: 'qualifio-sim stress earning --rate 200/s --duration 5s',
      does: 'see it work, against a receiver that comes with the tool',
    },
    {
      line: 'qualifio-sim stress random --to http://localhost:3000/webhooks --secret my-secret --rate 50/s..500/s --duration 60s --report html=stress.html',
      does: 'where does it begin to fall behind? With a page of charts',
    },
    {
      line: "qualifio-sim stress earning --to http://localhost:3000/webhooks --secret my-secret --rate 200/s --duration 30s --threshold 'p99<250ms' --threshold 'delivered>99.9%'",
      does: 'a gate for CI',
    },
    {
      line: 'qualifio-sim stress --scenario outage --to http://localhost:3000/webhooks --secret my-secret',
      does: 'stop and start the receiver meanwhile: do the retries save everything?',
    },
    {
      line: 'qualifio-sim stress earning --rate max --duration 5s --connections 20',
      does: 'as fast as twenty connections allow',
    },
  ],
  async run(context, words, options) {
    const plan = planLoad(context, words, options)
    const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    const target = await openTarget(context, contract, {
      options: { ...options, concurrency: 1 },
      behaviour: 'accepts',
    })
    try {
      await refuseForeignHost(target.endpoint.url, plan, options)
      refuseForgingUnsigned(plan, target)
      return await runStress(context, { plan, options, contract, target })
    } finally {
      await target.embedded?.close()
    }
  },
})
