import { CATALOG } from '../check/catalog.ts'
import { mayHaveEffects } from '../check/consent.ts'
import { runName } from '../check/payload.ts'
import { checkGithubRenderer, checkJunitRenderer } from '../report/check-ci.ts'
import { checkJsonRenderer, checkNdjsonRenderer } from '../report/check-json.ts'
import { checkMarkdownRenderer } from '../report/check-markdown.ts'
import type { CheckHeader, CheckRenderer } from '../report/check-report.ts'
import { checkTextRenderer } from '../report/check-text.ts'
import { toolVersion } from '../version.ts'
import { againText, variablesText } from './check-again.ts'
import type { CheckSession } from './check-session.ts'
import type { Context } from './context.ts'
import type { CheckFormat } from './options/check.ts'

/** Columns of text that no terminal shows. */
const WIDTH = 100
/** Longer lines are hard to read, shorter ones leave nothing beside the indent. */
const [NARROWEST, WIDEST] = [80, 120]

/** What is known of a run before its first request. */
export function headerOf({ options, target, contract, consent, kit, accept }: CheckSession): CheckHeader {
  return {
    schemaVersion: 1,
    toolVersion: toolVersion(),
    command: 'check',
    target: target.label,
    contract: contract.name,
    run: runName(kit.seed),
    seed: kit.seed,
    now: new Date(kit.nowMs).toISOString(),
    local: consent.local,
    safe: consent.safe,
    sideEffects: mayHaveEffects(consent),
    stress: consent.local || consent.stress,
    strict: options.strict,
    insecure: options.insecure,
    accept: Object.fromEntries(accept),
  }
}

/** A renderer in one of the forms of `--format` and `--report`. */
export function rendererOf(
  { stdout, env }: Context,
  session: CheckSession,
  { form, header }: { readonly form: CheckFormat; readonly header: CheckHeader },
): CheckRenderer {
  switch (form) {
    case 'json':
      return checkJsonRenderer(header)
    case 'ndjson':
      return checkNdjsonRenderer(header)
    case 'junit':
      return checkJunitRenderer('qualifio-sim check')
    case 'github':
      return checkGithubRenderer()
    case 'markdown':
      return checkMarkdownRenderer(header)
    default:
      return checkTextRenderer({
        paint: stdout.paint,
        width: stdout.isTerminal ? Math.min(WIDEST, Math.max(NARROWEST, stdout.columns)) : WIDTH,
        verbose: session.options.verbose,
        run: header.run,
        again: (numbers) =>
          againText(
            session,
            CATALOG.filter(({ number }) => numbers.includes(number)),
          ),
        setFirst: (commands) => variablesText(commands, session, env),
      })
  }
}
