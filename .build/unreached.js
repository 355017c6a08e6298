// Parts of packages that load at start-up, cost milliseconds, and are never reached from here. Each becomes a function
// that says so if it is called after all.
const UNREACHED = [
  // HTTP/2 needs `allowH2`, which the transport does not set; it would load node:http2.
  { importer: /[\\/]undici[\\/]/, request: /[\\/]client-h2(\.js)?$/ },
  // Only for FormData bodies; the transport sends bytes. It would bring the whole of fetch along.
  { importer: /[\\/]undici[\\/]/, request: /[\\/]web[\\/]fetch[\\/]body(\.js)?$/ },
  // Only for subcommands that are programs of their own.
  { importer: /[\\/]commander[\\/]/, request: /^(node:)?child_process$/ },
]

const PREFIX = '\0unreached:'

/** Leaves those parts out of a bundle. */
export const unreached = {
  name: 'unreached',
  resolveId(request, importer = '') {
    const known = UNREACHED.some((part) => part.importer.test(importer) && part.request.test(request))
    return known ? `${PREFIX}${request}` : null
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return null
    const text = JSON.stringify(`not bundled: ${id.slice(PREFIX.length)}`)
    return { code: `module.exports = () => { throw new Error(${text}) }`, moduleType: 'js' }
  },
}
