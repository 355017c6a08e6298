import { createHash } from 'node:crypto'
import { CONSOLE_SCRIPT, CONSOLE_STYLE } from './assets.ts'

/** A file of the console, as it is served. */
export interface ConsoleFile {
  /** For `content-type`. */
  readonly type: string
  readonly body: string
}

/** Two arrows that leave a point: one arrived, one is on its way. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1c62b0"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path d="M8 11h14M18 6l5 5-5 5"/><path d="M8 22h4M16 22h7" opacity=".75"/></g></svg>`

/**
 * The web console: the page, and the files that it names, by path. Their names change with what is in them, so that
 * they can be cached for ever; the page itself must not be cached. Nothing is inline, so that a policy without
 * `unsafe-inline` holds.
 */
export function consolePage(): { html: string; files: ReadonlyMap<string, ConsoleFile> } {
  const script = named('js', { type: 'text/javascript; charset=utf-8', body: CONSOLE_SCRIPT })
  const style = named('css', { type: 'text/css; charset=utf-8', body: CONSOLE_STYLE })
  const icon = named('svg', { type: 'image/svg+xml', body: ICON })
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>qualifio-sim</title>
<link rel="icon" type="image/svg+xml" href="${icon[0]}">
<link rel="stylesheet" href="${style[0]}">
<script type="module" src="${script[0]}"></script>
</head>
<body>
<div id="console"></div>
<noscript><p class="noscript">This console needs JavaScript. Everything in it can also be done over HTTP: see <a href="/api/openapi.json">/api/openapi.json</a>.</p></noscript>
</body>
</html>
`
  return { html, files: new Map([script, style, icon]) }
}

function named(extension: string, file: ConsoleFile): readonly [path: string, file: ConsoleFile] {
  const hash = createHash('sha256').update(file.body).digest('hex').slice(0, 12)
  return [`/assets/console-${hash}.${extension}`, file]
}
