import { loadContract } from '../../contract/contract.ts'
import { deliveryFaults, faultLines } from '../../delivery/fault.ts'
import { toolVersion } from '../../version.ts'
import { defineCommand } from '../command.ts'
import { withConnectionsFor } from '../faults.ts'
import { openTarget, whereText } from '../opened-target.ts'
import { replayOptions } from '../options/commands.ts'
import { runReplay } from '../replay-run.ts'
import {
  checkFixtures,
  openFixtures,
  type FixtureCount,
  type FixtureSet,
  type ReplayOptions,
} from '../replay-session.ts'

/** `replay <file…>`: deliver fixtures and compare what the receiver does with what they expect. */
export const replayCommand = defineCommand({
  name: 'replay',
  summary: 'deliver fixture files and compare what the receiver does with what they expect: the CI gate',
  description:
    'Delivers fixture files and compares what the receiver does with what they expect. A *.json that holds an array is a payload, sent byte for byte and expected to be answered with 2xx; an object with "fixture": 1 says more. Exit code 0: all as expected, 1: not, 3: the target was never reached.',
  arguments: [
    {
      syntax: '[file...]',
      description: 'files, folders, patterns such as "fixtures/**/*.json", or - for standard input',
    },
  ],
  options: replayOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
  ],
  examples: [
    {
      line: "qualifio-sim replay fixtures/ --to http://localhost:3000/webhooks --secret my-secret -H 'x-test-authorization-header: 123456ots'",
      does: 'every fixture of a folder',
    },
    { line: 'qualifio-sim replay fixtures/payloads', does: 'see it work, without an endpoint' },
    {
      line: 'qualifio-sim replay fixtures/ --report junit=report.xml --format github',
      does: 'for CI: annotations, and a JUnit report beside them',
    },
    {
      line: 'qualifio-sim generate random --count 100 --format ndjson | qualifio-sim replay - --input ndjson',
      does: 'what another program writes',
    },
  ],
  async run(context, words, options) {
    const set = await openFixtures(context, words, options)
    const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    const faults = deliveryFaults(options.fault)
    const opened = await openTarget(context, contract, { options, behaviour: 'accepts' })
    const target = withConnectionsFor(faults, opened)
    try {
      const count = await checkFixtures(context, set, target.endpoint)
      if (!options.quiet)
        context.stderr.write(
          `${countText(count)} to ${whereText(target)}${drawnText(set, options)}\n${faultLines(faults)
            .map((line) => `${line}\n`)
            .join('')}`,
        )
      return await runReplay(context, {
        set,
        count,
        target,
        faults,
        options,
        header: {
          schemaVersion: 1,
          toolVersion: toolVersion(),
          command: 'replay',
          target: target.label,
          contract: contract.name,
          speed: options.speed ?? 'max',
          insecure: options.insecure,
          ...(faults.texts.length === 0 ? {} : { faults: faults.texts }),
        },
      })
    } finally {
      await target.embedded?.close()
    }
  },
})

/** What to give to send the same again, where something is drawn. */
function drawnText({ seed, nowMs }: FixtureSet, { fresh, shuffle, fault }: ReplayOptions): string {
  const reorders = fault.some((each) => each.fault === 'reorder')
  return fresh || shuffle || reorders ? `; --seed ${seed} --now ${new Date(nowMs).toISOString()}` : ''
}

function countText({ fixtures, files, pipes }: FixtureCount): string {
  const counted = `${fixtures} ${fixtures === 1 ? 'fixture' : 'fixtures'} in ${files} ${files === 1 ? 'file' : 'files'}`
  if (pipes === 0) return counted
  return files === 0 ? 'fixtures from a pipe' : `${counted} and what comes through a pipe`
}
