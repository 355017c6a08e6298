import type { Wait } from '../delivery/deliver.ts'
import { formatDuration } from '../delivery/duration.ts'
import type { Context } from './context.ts'

/** What a person sees on a terminal while a run goes on; nothing anywhere else. */
export interface Progress {
  /** Counts down to the next attempt. */
  wait(wait: Wait): void
  /** Prints a line: what is drawn goes off the screen before and comes back after. */
  around(print: () => void): void
  /** One more delivery is done. */
  advance(): void
  stop(): void
}

const NONE: Progress = {
  wait: () => undefined,
  around: (print) => print(),
  advance: () => undefined,
  stop: () => undefined,
}
/** Returns to the start of the line and erases it (ECMA-48 EL). */
const ERASE_LINE = '\r\u001b[K'

/**
 * A countdown for a few deliveries one after the other, a bar for many.
 * @param options `retries` for `retry 1/7`, `total` deliveries
 */
export async function startProgress(
  context: Context,
  options: { readonly style: 'none' | 'countdown' | 'bar'; readonly retries: number; readonly total: number },
): Promise<Progress> {
  if (!context.stderr.isTerminal || (context.env.CI ?? '') !== '' || options.style === 'none') return NONE
  return options.style === 'bar' ? await bar(context, options.total) : countdown(context, options.retries)
}

function countdown({ clock, stderr }: Context, retries: number): Progress {
  let cancel = (): void => undefined
  let drawn = false
  const clear = (): void => {
    cancel()
    if (drawn) stderr.write(ERASE_LINE)
    drawn = false
  }
  const draw = (wait: Wait): void => {
    const leftMs = wait.dueAtMs - clock.nowMs()
    if (leftMs <= 0) return clear()
    drawn = true
    stderr.write(
      `${ERASE_LINE}${stderr.paint.dim(`  retry ${wait.retry}/${retries} in ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`)}`,
    )
    cancel = clock.after(Math.min(leftMs, 1000), () => draw(wait))
  }
  return {
    // A wait that is over before it could be read would only flicker.
    wait: (wait) => (wait.realDelayMs >= 1500 ? draw(wait) : undefined),
    around: (print) => {
      clear()
      print()
    },
    advance: () => undefined,
    stop: clear,
  }
}

async function bar({ stderr }: Context, total: number): Promise<Progress> {
  const { SingleBar, Presets } = await import('cli-progress')
  const { default: Terminal } = await import('cli-progress/lib/terminal.js')
  const terminal = new Terminal(stderr.stream)
  // The bar saves the cursor at its start and restores it at its end, which would be over all that was printed between.
  terminal.cursorSave = terminal.cursorRestore = () => undefined
  const options = {
    format: '  {bar} {value}/{total} deliveries, {eta_formatted} left',
    stream: stderr.stream,
    terminal,
    clearOnComplete: true,
    hideCursor: true,
    // Results are printed beside it, and they may be longer than a line.
    linewrap: true,
    fps: 5,
    // After a line was printed it must come back, changed or not.
    forceRedraw: true,
  }
  const drawn = new SingleBar(options, Presets.shades_classic)
  drawn.start(total, 0)
  return {
    wait: () => undefined,
    around: (print) => {
      stderr.write(ERASE_LINE)
      print()
      drawn.render()
    },
    advance: () => drawn.increment(),
    stop: () => drawn.stop(),
  }
}
