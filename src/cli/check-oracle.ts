import { execFile } from 'node:child_process'
import { countIn, type Counted, type Oracle } from '../check/oracle.ts'
import { exchangeOnce } from '../check/wire.ts'
import { formatDuration } from '../delivery/duration.ts'
import { secretValues } from '../delivery/redact.ts'
import { parseTarget } from '../delivery/target.ts'
import { UsageError } from '../errors.ts'
import type { Context } from './context.ts'
import type { CheckOptions } from './check-session.ts'

/** How long one question may take, unless effects must show sooner. */
const ASK_MS = 5000

/**
 * The oracle that the options name, if any.
 * @throws UsageError for a URL without {eventId}, a command that cannot be split, and both at once
 */
export function openOracle(
  context: Context,
  options: CheckOptions,
  redact: (text: string) => string,
): Oracle | undefined {
  const count = (text: string): Counted => {
    const counted = countIn(text, options.oraclePointer)
    // Before it is cut short, or a part of a secret could be left.
    return counted.kind === 'count' ? counted : countIn(redact(text), options.oraclePointer)
  }
  const { oracleUrl, oracleCmd, oraclePointer } = options
  if (oracleUrl === undefined && oracleCmd === undefined) {
    if (oraclePointer !== undefined || options.oracleTimeout !== undefined)
      throw new UsageError('--oracle-pointer and --oracle-timeout need --oracle-url or --oracle-cmd.')
    return undefined
  }
  if (oracleUrl !== undefined) return urlOracle(context, options, { template: oracleUrl, count })
  return commandOracle(wordsOf(oracleCmd ?? ''), options, count)
}

/** The values in the query of the oracle's URL. Nothing for a URL that is none. */
export function oracleSecrets({ oracleUrl }: CheckOptions): readonly string[] {
  if (oracleUrl === undefined || !URL.canParse(oracleUrl)) return []
  return secretValues({ url: new URL(oracleUrl) }).filter((value) => !/\{eventId\}|%7BeventId%7D/.test(value))
}

function urlOracle(
  context: Context,
  options: CheckOptions,
  { template, count }: { readonly template: string; readonly count: (text: string) => Counted },
): Oracle {
  if (!template.includes('{eventId}'))
    throw new UsageError(
      `--oracle-url ${template}: must contain {eventId}, as in http://localhost:3000/events/{eventId}/count.`,
    )
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(template)?.[1] ?? ''
  if (authority.includes('@'))
    throw new UsageError(
      `--oracle-url ${template.replace(authority, authority.replace(/^.*@/s, '…@'))}: credentials in the URL are not sent; let --oracle-cmd ask, with a script that sends them.`,
    )
  parseTarget(template, '--oracle-url')
  return {
    async count(eventId, signal) {
      const url = new URL(template.replaceAll('{eventId}', encodeURIComponent(eventId)))
      const head = `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nAccept: application/json, text/plain\r\nConnection: close\r\n\r\n`
      const { result } = await exchangeOnce(
        { method: 'GET', writes: [{ bytes: Buffer.from(head) }] },
        {
          url,
          clock: context.clock,
          timeoutMs: askMs(options),
          certificates: options.insecure ? 'accept-any' : 'verify',
          ...(signal === undefined ? {} : { signal }),
        },
      )
      if (result.kind === 'failed') return { kind: 'unknown', reason: `the oracle did not answer: ${result.reason}` }
      if (result.status !== 200) return { kind: 'unknown', reason: `the oracle answered ${result.status}` }
      return count(result.bodySnippet)
    },
  }
}

function askMs({ oracleTimeout = ASK_MS }: CheckOptions): number {
  return Math.min(ASK_MS, oracleTimeout)
}

function commandOracle(
  [file = '', ...args]: readonly string[],
  options: CheckOptions,
  count: (text: string) => Counted,
): Oracle {
  const timeout = askMs(options)
  return {
    count: (eventId, signal) =>
      new Promise((resolve) => {
        execFile(
          file,
          [...args, eventId],
          // Whoever does not listen to SIGTERM would never be done.
          { timeout, killSignal: 'SIGKILL', ...(signal === undefined ? {} : { signal }) },
          (error, stdout) => {
            if (error === null) return resolve(count(stdout))
            const why =
              error.killed === true
                ? `took over ${formatDuration(timeout)}`
                : typeof error.code === 'number'
                  ? `ended with exit code ${error.code}`
                  : `could not be run (${error.code ?? error.name})`
            resolve({ kind: 'unknown', reason: `the oracle ${why}` })
          },
        )
      }),
  }
}

/** Words as a shell would split them, and nothing else of a shell: quotes group, every other character is itself. */
function wordsOf(command: string): readonly string[] {
  const words = [...command.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )
  const rest = command.replaceAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g, '').trim()
  if (words.length === 0 || rest !== '')
    throw new UsageError(`--oracle-cmd ${command}: a quote is not closed, or there is no command.`)
  return words
}
