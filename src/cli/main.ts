import { Command, CommanderError } from 'commander'
import { nearest, UsageError } from '../errors.ts'
import { addCommand, type CommandSpec, type Invocation } from './command.ts'
import { toolVersion } from '../version.ts'
import { processContext, type Context } from './context.ts'

/** Every command: its line in `--help`, and where the rest of it is loaded from when it is called. */
const COMMANDS: readonly { name: string; summary: string; load: () => Promise<CommandSpec> }[] = [
  {
    name: 'send',
    summary: 'generate, sign and deliver events, with the retries; without --to, to an embedded receiver',
    load: async () => (await import('./commands/send.ts')).send,
  },
  {
    name: 'generate',
    summary: 'the same payloads to standard output or files, no network',
    load: async () => (await import('./commands/generate.ts')).generate,
  },
  {
    name: 'replay',
    summary: 'deliver fixture files and compare what the receiver does with what they expect: the CI gate',
    load: async () => (await import('./commands/replay.ts')).replayCommand,
  },
  {
    name: 'listen',
    summary: 'a local receiver: verifies, answers as scripted, records, explains a wrong signature',
    load: async () => (await import('./commands/listen.ts')).listenCommand,
  },
  {
    name: 'check',
    summary: 'would the endpoint survive Qualifio? A conformance suite with a verdict per check',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'stress',
    summary: 'load on a schedule, with the retries: how fast is the receiver, what would Qualifio have blocked?',
    load: async () => (await import('./commands/stress.ts')).stressCommand,
  },
  {
    name: 'emit',
    summary: 'a Qualifio on the desk: members who live, webhooks, durable deliveries, a web console and an API',
    load: async () => (await import('./commands/emit.ts')).emitCommand,
  },
  {
    name: 'sign',
    summary: 'the signature header of a body',
    load: async () => (await import('./commands/sign.ts')).signCommand,
  },
  {
    name: 'verify',
    summary: 'whether a signature is right for a body, and why not',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'contract',
    summary: 'what is sent, field by field, and what of it is documented; new and checked contracts',
    load: async () => (await import('./commands/contract.ts')).contractCommand,
  },
]

const EXAMPLES = `
Examples:
  # one signed earning to a receiver that comes with the tool: nothing to set up
  qualifio-sim send earning

  # the same to your endpoint, with the secret and the header you set at Qualifio
  qualifio-sim send earning --to http://localhost:3000/webhooks --secret my-secret \\
    -H 'x-test-authorization-header: 123456ots'

Each command has its own help: qualifio-sim send --help`

/** Runs the command line and sets the exit code: the one place that turns errors into words and numbers. */
export async function main(): Promise<void> {
  const context = processContext()
  context.setExitCode(await run(context, context.argv))
}

async function run(context: Context, argv: readonly string[]): Promise<number> {
  try {
    const invocation = await parse(context, argv)
    if (invocation === undefined) return 0
    const { invoke } = await import('./invoke.ts')
    return await invoke(context, invocation)
  } catch (error) {
    if (error instanceof UsageError) return usageError(context, error.message)
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0
      const { commanderText } = await import('./commander-text.ts')
      return usageError(context, commanderText(error, argv))
    }
    context.stderr.write(
      `qualifio-sim: this is a bug in qualifio-sim; please report it with the lines below.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
    return 70
  }
}

/** What the user asked for, or undefined when help or the version was printed. */
async function parse(context: Context, argv: readonly string[]): Promise<Invocation | undefined> {
  let invocation: Invocation | undefined
  const program = new Command('qualifio-sim')
    .description('Stands in for Qualifio Loyalty: sends signed webhook events, retries and blocks as Qualifio would.')
    .usage('<command> [options]')
    .version(toolVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(context.stdout.columns, 110),
    })
    .showSuggestionAfterError()
  // Only the command that is called is loaded; of the others the help needs one line each.
  const wanted = argv[0] === 'help' ? argv[1] : argv[0]
  for (const { name, summary, load } of COMMANDS) {
    if (name === wanted) addCommand(program, await load(), (asked) => (invocation = asked))
    else program.command(name).summary(summary)
  }
  program.addHelpText('after', EXAMPLES)
  if (argv.length === 0) {
    context.stderr.write(`${program.helpInformation()}${EXAMPLES}\n`)
    throw new UsageError('a command is needed, for instance: qualifio-sim send earning')
  }
  if (
    wanted !== undefined &&
    !wanted.startsWith('-') &&
    wanted !== 'help' &&
    !COMMANDS.some(({ name }) => name === wanted)
  ) {
    const near = nearest(
      wanted,
      COMMANDS.map(({ name }) => name),
    )
    throw new UsageError(
      `unknown command "${wanted}"${near === undefined ? '.' : `; did you mean ${near}?`} See qualifio-sim --help.`,
    )
  }
  await program.parseAsync(argv, { from: 'user' })
  return invocation
}

function usageError(context: Context, text: string): number {
  context.stderr.write(`qualifio-sim: ${/[.?!)]$/.test(text) ? text : `${text}.`}\n`)
  return 2
}
