// Parts of packages that load at start-up, cost milliseconds, and are never reached from here. Each becomes a function
// that says so if it is called after all.
const UNREACHED = [
  // HTTP/2 needs `allowH2`, which the transport does not set; it would load node:http2.
  { importer: /[\\/]undici[\\/]/, request: /[\\/]client-h2(\.js)?$/ },
  // Only for FormData bodies; the transport sends bytes. It would bring the whole of fetch along.
  { importer: /[\\/]undici[\\/]/, request: /[\\/]web[\\/]fetch[\\/]body(\.js)?$/ },
  // Only for subcommands that are programs of their own.
  { importer: /[\\/]commander[\\/]/, request: /^(node:)?child_process$/ },
  // Of node:http it takes the default size limit of headers, and a class to tell a server's request from other streams.
  {
    importer: /[\\/]undici[\\/]/,
    request: /^node:http$/,
    code: 'module.exports = { maxHeaderSize: 16384, IncomingMessage: class IncomingMessage {} }',
  },
]

const PREFIX = '\0unreached:'

/** Whether an import is one of them. */
export function isUnreached(request, importer = '') {
  return indexOf(request, importer) >= 0
}

/** Leaves those parts out of a bundle. */
export const unreached = {
  name: 'unreached',
  resolveId(request, importer = '') {
    const index = indexOf(request, importer)
    return index < 0 ? null : `${PREFIX}${index}:${request}`
  },
  load(id) {
    if (!id.startsWith(PREFIX)) return null
    const [index, request] = id.slice(PREFIX.length).split(/:(.*)/s)
    const refusal = `module.exports = () => { throw new Error(${JSON.stringify(`not bundled: ${request}`)}) }`
    return { code: UNREACHED[Number(index)].code ?? refusal, moduleType: 'js' }
  },
}

function indexOf(request, importer) {
  return UNREACHED.findIndex((part) => part.importer.test(importer) && part.request.test(request))
}
