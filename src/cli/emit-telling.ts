import type { EmitterOptions } from '../emitter/start.ts'
import type { Store } from '../emitter/storage.ts'
import { emitNdjsonLog, emitTextLog } from '../report/emit-log.ts'
import type { Context } from './context.ts'
import type { EmitOptions } from './emit-run.ts'

/** The lines on standard output; with `--quiet` none, unless a machine reads them. */
export function emitTelling(
  context: Context,
  { format, quiet }: Pick<EmitOptions, 'format' | 'quiet'>,
  how: { readonly store: Pick<Store, 'delivery'>; readonly retries: number; readonly names: readonly string[] },
): Pick<EmitterOptions, 'onAttempt' | 'onNews'> {
  const { store, retries, names } = how
  if (quiet && format !== 'ndjson') return {}
  const log = format === 'ndjson' ? emitNdjsonLog() : emitTextLog(context.stdout.paint, names)
  return {
    onAttempt(attempt) {
      const { types = [], eventCount = 0 } = store.delivery(attempt.deliveryId) ?? {}
      context.stdout.write(log({ attempt, types, eventCount, retries }))
    },
    onNews(news) {
      const delivery = news.kind === 'not-sent' ? store.delivery(news.deliveryId) : undefined
      const { types = [], eventCount = 0, attemptCount: attempts = 0 } = delivery ?? {}
      context.stdout.write(log({ news, types, eventCount, attempts }))
    },
  }
}
