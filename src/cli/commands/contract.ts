import { checkContract, copyContract, loadContract } from '../../contract/contract.ts'
import { describeContract } from '../../contract/describe.ts'
import { ALL_EVENT_TYPES, parseEventType } from '../../contract/event-types.ts'
import { exportJsonSchema, exportOpenApi } from '../../contract/export.ts'
import { unreachable, UsageError } from '../../errors.ts'
import { contractText } from '../../report/contract-text.ts'
import { renderJson } from '../../report/send-report.ts'
import { defineCommand } from '../command.ts'
import { contractNewOptions, contractOptions } from '../options/commands.ts'
import { openResult } from '../result-output.ts'

const contractNew = defineCommand({
  name: 'new',
  section: 'contract',
  summary: 'copy a contract into a folder, to edit it',
  description: 'Copies a contract into a new folder: contract.json and one template per event, to be edited.',
  arguments: [{ syntax: '<dir>', description: 'the folder to make' }],
  options: contractNewOptions,
  examples: [{ line: 'qualifio-sim contract new my-contract --from assumed-1', does: 'start from the default' }],
  async run(context, [dir = ''], { from }) {
    await copyContract(from ?? 'assumed-1', dir, { cwd: context.cwd })
    context.stderr.write(
      `${dir} is yours to edit; then: qualifio-sim contract check ${dir}, and --contract ${dir} everywhere\n`,
    )
    return 0
  },
})

const contractCheck = defineCommand({
  name: 'check',
  section: 'contract',
  summary: 'everything that is wrong with a contract',
  description:
    'Tells everything that is wrong with a contract, each with its place. Exit code 0: nothing, 2: something.',
  arguments: [{ syntax: '<dir>', description: 'the folder of the contract, or a shipped name' }],
  options: {},
  examples: [{ line: 'qualifio-sim contract check my-contract', does: 'after every edit' }],
  async run(context, [dir = '']) {
    const problems = await checkContract(dir, { cwd: context.cwd })
    for (const problem of problems) context.stdout.write(`${problem}\n`)
    if (problems.length > 0)
      throw new UsageError(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${dir}.`)
    context.stdout.write(`${dir}: nothing wrong\n`)
    return 0
  },
})

/** `contract [event]`: what is sent, field by field, and what of it is documented. */
export const contractCommand = defineCommand({
  name: 'contract',
  summary: 'what is sent, field by field, and what of it is documented; new and checked contracts',
  description:
    'Shows what is sent, field by field, and where each fact comes from: documented by Qualifio, or assumed here. Qualifio has not published the fields, so a contract is data and can be replaced (contract new, --contract).',
  arguments: [{ syntax: '[event]', description: 'one of the eight; all of them without it' }],
  options: contractOptions,
  subcommands: [contractNew, contractCheck],
  examples: [
    { line: 'qualifio-sim contract earning', does: 'the fields of an earning' },
    { line: 'qualifio-sim contract --format json-schema > payload.schema.json', does: 'to validate in your own tests' },
    {
      line: 'qualifio-sim contract --format openapi -o qualifio.openapi.json',
      does: 'for documentation and code generators',
    },
    { line: 'qualifio-sim contract new my-contract', does: 'the day your payloads look different' },
  ],
  async run(context, [event], options) {
    const type = event === undefined ? undefined : parseEventType(event, ['new', 'check'])
    const types = type === undefined ? ALL_EVENT_TYPES : [type]
    const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    const output = openResult(context, options.output)
    output.write(await text())
    output.finish()
    return 0

    async function text(): Promise<string> {
      const format = options.format ?? 'text'
      switch (format) {
        case 'text':
          return contractText(await describeContract(contract, type), context.stdout.paint)
        case 'json':
          return renderJson(await describeContract(contract, type))
        case 'json-schema':
          return renderJson(await exportJsonSchema(contract, types))
        case 'openapi':
          return renderJson(await exportOpenApi(contract, types))
        default:
          return unreachable(format)
      }
    }
  },
})
