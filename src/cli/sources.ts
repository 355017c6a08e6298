import { nearest, UsageError } from '../errors.ts'
import type { CommandSpec, FlagTexts } from './command.ts'
import { readConfig } from './config.ts'
import type { Context } from './context.ts'
import { DOTENV_FILES, readDotenv } from './dotenv.ts'
import { environmentName, longName } from './option.ts'
import { EVERY_OPTION } from './options/every-option.ts'

/** One text given for an option, and where: `--retries`, `QUALIFIO_SIM_RETRIES`, `qualifio-sim.json:7:3 "retries"`. */
export interface Given {
  readonly text: string
  readonly where: string
  /** An environment variable that the text asks for and that is not set: an error only for who needs the value. */
  readonly unset?: string
}

/** One place that options come from: option name → what it gives. Sources are ordered, the first wins. */
export type Source = ReadonlyMap<string, readonly Given[]>

/** Set by users for the curl commands that `--format curl` prints; not an option. */
const NOT_OPTIONS = new Set(['QUALIFIO_SIM_AUTH'])

/**
 * The sources in order of precedence: flags, environment, `.env.local` over `.env`, then
 * `qualifio-sim.json` (the command's section, then the top level). Unknown variables are warned about.
 * @throws UsageError for a configuration file that cannot be used
 */
export async function readSources(
  context: Context,
  { spec, flags }: { spec: CommandSpec; flags: FlagTexts },
): Promise<readonly Source[]> {
  const [shared = {}, local = {}] = DOTENV_FILES.map((name) => readDotenv(context, name))
  warnUnknown(context, { ...shared, ...local, ...context.env })
  warnIgnored(context)
  return [
    fromFlags(spec, flags),
    fromEnvironment(spec, context.env, ''),
    fromEnvironment(spec, local, '.env.local '),
    fromEnvironment(spec, shared, '.env '),
    ...(await readConfig(context, spec)),
  ]
}

function fromFlags(spec: CommandSpec, flags: FlagTexts): Source {
  for (const option of Object.values(spec.options)) {
    if (option.kind === 'value' && (flags.get(longName(option))?.length ?? 0) > 1)
      throw new UsageError(`--${longName(option)} is given twice; it takes one value.`)
  }
  return new Map([...flags].map(([name, texts]) => [name, texts.map((text) => ({ text, where: `--${name}` }))]))
}

function fromEnvironment(
  spec: CommandSpec,
  variables: Readonly<Record<string, string | undefined>>,
  file: string,
): Source {
  const source = new Map<string, readonly Given[]>()
  for (const option of Object.values(spec.options)) {
    const variable = environmentName(option)
    const text = variables[variable]
    // Empty means unset, except for a secret: an empty one is a mistake worth hearing about.
    if (text === undefined || (text === '' && option.secret !== true)) continue
    const where = `${file}${variable}`
    const texts = option.kind === 'list' ? text.split(/\r?\n/).filter((line) => line !== '') : [text]
    source.set(
      longName(option),
      texts.map((item) => ({ text: item, where })),
    )
  }
  return source
}

function warnUnknown(context: Context, variables: Readonly<Record<string, string | undefined>>): void {
  const known = new Set([...EVERY_OPTION.map(environmentName), ...NOT_OPTIONS])
  for (const variable of Object.keys(variables)) {
    if (!variable.startsWith('QUALIFIO_SIM_') || known.has(variable)) continue
    const near = nearest(variable, known)
    context.stderr.write(
      `warning: ${variable} is not an option of qualifio-sim${near === undefined ? '' : `; did you mean ${near}?`}\n`,
    )
  }
}

/** Says which well-known variables have no effect here: silence would look like obedience. */
function warnIgnored(context: Context): void {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const set = proxies.filter((name) => (context.env[name] ?? '') !== '')
  if (set.length > 0) context.stderr.write(`note: ${set.join(', ')} ignored: requests go straight to the target\n`)
  if (context.env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    context.stderr.write(
      'warning: NODE_TLS_REJECT_UNAUTHORIZED=0 ignored: certificates are verified unless --insecure is given\n',
    )
}
