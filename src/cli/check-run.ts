import { adviceFor, frameworkOfAnswer, type Framework } from '../check/advice.ts'
import { mayHaveEffects } from '../check/consent.ts'
import { runName } from '../check/payload.ts'
import { runChecks, type CheckRun } from '../check/run.ts'
import { summaryOf } from '../check/summary.ts'
import { redactor } from '../delivery/redact.ts'
import { checkGithubRenderer, checkJunitRenderer, checkMarkdownRenderer } from '../report/check-ci.ts'
import {
  checkJsonRenderer,
  checkNdjsonRenderer,
  checkResultReport,
  preflightReport,
  type CheckEnding,
  type CheckHeader,
  type CheckRenderer,
  type CheckReporting,
} from '../report/check-report.ts'
import { checkTextRenderer } from '../report/check-text.ts'
import { toolVersion } from '../version.ts'
import { againText } from './check-again.ts'
import { isAuthorized, preflightText, type CheckSession } from './check-session.ts'
import { SIGNAL_EXIT_CODES, type Context, type InterruptSignal } from './context.ts'
import type { CheckFormat } from './options/check.ts'
import { withTransport } from './with-transport.ts'
import { jobSummary, openWriters, wantedOutputs, type Writer } from './writers.ts'

const TIMEOUT_MS = 15_000
const ORACLE_TIMEOUT_MS = 5000
/** Off this machine: one at a time, as a guest. */
const GUEST_PER_SECOND = 5

/** Runs the checks, writes every report and returns the exit code. */
export async function runSession(context: Context, session: CheckSession): Promise<number> {
  const { options, target, oracle } = session
  const header = headerOf(session)
  const format = options.format ?? 'text'
  const opened = openWriters(context, {
    wanted: wantedOutputs(options),
    rendererOf: (form: CheckFormat) => rendererOf(context, header, { form, verbose: options.verbose }),
  })
  const summary = format === 'github' ? jobSummary(context) : undefined
  const writers: readonly Writer<CheckRenderer>[] =
    summary === undefined ? opened : [...opened, { renderer: checkMarkdownRenderer(header), output: summary }]
  const write = (text: (renderer: CheckRenderer) => string): void => {
    for (const { renderer, output } of writers) output.write(text(renderer))
  }
  let framework: Framework | undefined
  const reporting: CheckReporting = {
    redact: redactor(session.secrets),
    mend: (cause) => adviceFor(cause, framework),
    again: (check) => againText(session, check),
  }
  try {
    if (!options.quiet) context.stderr.write(await preflightText(session))
    const { result, interruptedBy } = await withTransport(context, target, async ({ signal }) => ({
      run: await runChecks({
        checks: session.checks,
        kit: session.kit,
        mayHaveEffects: mayHaveEffects(session.consent),
        means: session.means,
        accept: session.accept,
        secrets: session.secrets,
        clock: context.clock,
        signal,
        perSecond: session.consent.local ? undefined : GUEST_PER_SECOND,
        wire: {
          url: target.endpoint.url,
          timeoutMs: options.timeout ?? TIMEOUT_MS,
          certificates: options.insecure ? 'accept-any' : 'verify',
          ca: target.ca,
        },
        oracle: oracle === undefined ? undefined : { oracle, timeoutMs: options.oracleTimeout ?? ORACLE_TIMEOUT_MS },
        onPreflight(found) {
          const answers = [...found.differential, ...(found.firstEvent === undefined ? [] : [found.firstEvent])]
          for (const { exchange } of answers) framework ??= frameworkOfAnswer(exchange.result)
          write((renderer) => renderer.preflight(preflightReport(found)))
        },
        onCheck(found) {
          for (const { result: answer } of found.findings)
            if (answer !== undefined) framework ??= frameworkOfAnswer(answer)
          const report = checkResultReport(found, reporting)
          write((renderer) => renderer.check(report))
        },
      }),
    }))
    // The target never accepted a connection.
    if (result.run === undefined) return interruptedBy === undefined ? 3 : SIGNAL_EXIT_CODES[interruptedBy]
    const ending = endingOf(session, result.run, { interruptedBy, timedOut: result.timedOut })
    for (const { renderer, output } of writers) {
      output.write(renderer.end(ending))
      output.finish()
    }
    return ending.exitCode
  } finally {
    for (const { output } of writers) output.discard()
  }
}

function endingOf(
  session: CheckSession,
  run: CheckRun,
  { interruptedBy, timedOut }: { readonly interruptedBy: InterruptSignal | undefined; readonly timedOut: boolean },
): CheckEnding {
  const { target, options } = session
  const authenticated = target.endpoint.secret !== undefined || isAuthorized(target)
  const summary = summaryOf(run, { strict: options.strict, authenticated })
  const { end } = run
  const stoppedBy = interruptedBy ?? (timedOut ? 'max-time' : undefined)
  return {
    summary,
    ...(end === undefined
      ? {}
      : {
          ended: {
            kind: end.kind,
            reason: end.reason,
            ...(end.after === undefined ? {} : { after: end.after.number }),
          },
        }),
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    requests: run.requests,
    eventIds: run.eventIds,
    exitCode: interruptedBy === undefined ? summary.exitCode : SIGNAL_EXIT_CODES[interruptedBy],
  }
}

function headerOf({ options, target, contract, consent, kit, accept }: CheckSession): CheckHeader {
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

function rendererOf(
  { stdout }: Context,
  header: CheckHeader,
  { form, verbose }: { readonly form: CheckFormat; readonly verbose: boolean },
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
      return checkTextRenderer({ paint: stdout.paint, verbose, run: header.run })
  }
}
