import { adviceFor, frameworkOfAnswer, type Framework } from '../check/advice.ts'
import { mayHaveEffects } from '../check/consent.ts'
import type { CheckResult } from '../check/result.ts'
import { runChecks } from '../check/run.ts'
import { redactor, textRedactor } from '../delivery/redact.ts'
import { exchangeReport } from '../report/check-exchange.ts'
import { checkMarkdownRenderer } from '../report/check-markdown.ts'
import { checkResultReport, preflightReport, type CheckRenderer, type CheckReporting } from '../report/check-report.ts'
import { authorizing } from '../signing/authorization.ts'
import { againText } from './check-again.ts'
import { endingOf, unreachedEnding, unreachedRun } from './check-ending.ts'
import { preflightText } from './check-estimate.ts'
import { headerOf, rendererOf } from './check-renderer.ts'
import type { CheckSession } from './check-session.ts'
import type { Context } from './context.ts'
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
    rendererOf: (form: CheckFormat) => rendererOf(context, session, { form, header }),
  })
  const summary = format === 'github' ? jobSummary(context) : undefined
  const writers: readonly Writer<CheckRenderer>[] =
    summary === undefined ? opened : [...opened, { renderer: checkMarkdownRenderer(header), output: summary }]
  const write = (text: (renderer: CheckRenderer) => string): void => {
    for (const { renderer, output } of writers) output.write(text(renderer))
  }
  let framework: Framework | undefined
  const reporting: CheckReporting = {
    masks: {
      redact: redactor(session.secrets),
      redactText: textRedactor(session.secrets),
      authorizing: new Set(authorizing(target.endpoint.headers).map(([name]) => name.toLowerCase())),
    },
    mend: (cause) => adviceFor(cause, framework),
    again: (check) => againText(session, [check]),
  }
  const report = (found: CheckResult): void => {
    for (const { result: answer } of found.findings) if (answer !== undefined) framework ??= frameworkOfAnswer(answer)
    const shown = checkResultReport(found, reporting)
    write((renderer) => renderer.check(shown))
  }
  let anonymousEvents = 0
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
        onExchange(done) {
          if (done.probe.eventIds.length === 0) anonymousEvents += done.probe.events
          if (!options.verbose) return
          const shown = exchangeReport(done, reporting.masks)
          write((renderer) => renderer.exchange?.(shown) ?? '')
        },
        onPreflight(found) {
          const answers = [...found.differential, ...(found.firstEvent === undefined ? [] : [found.firstEvent])]
          for (const { exchange } of answers) framework ??= frameworkOfAnswer(exchange.result)
          write((renderer) => renderer.preflight(preflightReport(found)))
        },
        onCheck: report,
      }),
    }))
    const interruption = { interruptedBy, timedOut: result.timedOut }
    const run = result.run ?? unreachedRun(session, interruption)
    if (result.run === undefined) for (const found of run.results) report(found)
    const ending =
      result.run === undefined
        ? unreachedEnding(session, run, interruption)
        : endingOf(session, run, { ...interruption, events: run.eventIds.length + anonymousEvents })
    for (const { renderer, output } of writers) {
      output.write(renderer.end(ending))
      output.finish()
    }
    return ending.exitCode
  } finally {
    for (const { output } of writers) output.discard()
  }
}
