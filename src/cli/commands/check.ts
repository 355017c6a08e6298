import { CATALOG } from '../../check/catalog.ts'
import { checksNamed, selectChecks } from '../../check/selection.ts'
import { loadContract } from '../../contract/contract.ts'
import { UsageError } from '../../errors.ts'
import { catalogMarkdown } from '../../report/check-catalog-markdown.ts'
import { catalogEntry, catalogText, checkExplained } from '../../report/check-catalog.ts'
import { renderJson } from '../../report/send-report.ts'
import { runSession } from '../check-run.ts'
import { openSession, refuseContradictions, type CheckOptions } from '../check-session.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { openTarget } from '../opened-target.ts'
import { checkOptions } from '../options/commands.ts'
import { openResult } from '../result-output.ts'

/** `check`: a conformance suite for the receiver. */
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'would the endpoint survive Qualifio? A conformance suite with a verdict per check',
  description:
    'Runs up to 60 checks of an endpoint: does it take what Qualifio sends, refuse what is forged, apply what comes twice only once? A refusal counts only between two accepted requests. On this machine valid events are sent; elsewhere only what a correct receiver applies nothing of, unless you allow more. Exit code 0: no MUST failed, 1: one did, 3: nothing could be judged.',
  options: checkOptions,
  exclusive: [
    ['secret', 'secretFile'],
    ['basic', 'bearer'],
    ['oracleUrl', 'oracleCmd'],
  ],
  examples: [
    {
      line: "qualifio-sim check --to http://localhost:3000/webhooks --secret my-secret -H 'x-test-authorization-header: 123456ots'",
      does: 'all checks of an endpoint on this machine',
    },
    { line: 'qualifio-sim check', does: 'see it work, against the receiver that comes with the tool' },
    {
      line: "qualifio-sim check --to http://localhost:3000/webhooks --secret my-secret --oracle-url 'http://localhost:3000/events/{eventId}/count'",
      does: 'with an oracle: was every event applied exactly once?',
    },
    {
      line: 'qualifio-sim check --to https://staging.example.com/webhooks --secret my-secret --report junit=check.xml',
      does: 'a system that others use: nothing is sent that a correct receiver would apply',
    },
    { line: 'qualifio-sim check --only AUT-05,ROB-01 --verbose', does: 'two checks, with every request' },
    { line: 'qualifio-sim check --explain AUT-05', does: 'why a check is there, and how to mend what it finds' },
    { line: 'qualifio-sim check --list', does: 'all checks' },
  ],
  async run(context, _, options) {
    if (options.list || options.explain !== undefined) return tell(context, options)
    const contract = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    // Selectors are wrong before anything is opened.
    refuseContradictions(options)
    selectChecks({ only: options.only, skip: options.skip })
    const target = await openTarget(context, contract, {
      options: { ...options, retries: undefined, retrySchedule: undefined, speed: undefined, concurrency: undefined },
      behaviour: 'accepts',
    })
    try {
      const session = await openSession(context, options, { target, contract })
      return await runSession(context, session)
    } finally {
      await target.embedded?.close()
    }
  },
})

/** What is known without a request: the list, or one check. */
function tell(context: Context, options: CheckOptions): number {
  const { format = 'text', explain } = options
  if (format !== 'text' && format !== 'json' && format !== 'markdown')
    throw new UsageError(`--format ${format}: the list and one check come as text, json or markdown.`)
  const checks =
    explain === undefined ? selectChecks({ only: options.only, skip: options.skip }) : checksNamed(explain, '--explain')
  const forms = {
    text: () => (explain === undefined ? catalogText(checks) : checks.map(checkExplained).join('\n\n')),
    json: () => renderJson(checks.map(catalogEntry)),
    markdown: () => catalogMarkdown(checks.length === CATALOG.length ? CATALOG : checks),
  }
  const result = openResult(context, options.output)
  result.write(forms[format]())
  result.finish()
  return 0
}
