const SHOWN_MAX_LENGTH = 60

/** A body for people: short ones as they are, the others by their size and what they hold. */
export function shownBody(bytes: Uint8Array, label: string | undefined): string {
  if (bytes.length === 0) return 'without a body'
  const text = new TextDecoder().decode(bytes)
  if (text.length <= SHOWN_MAX_LENGTH && !text.includes('\ufffd')) return JSON.stringify(text)
  const size =
    bytes.length < 1024 ? `${bytes.length} bytes` : `${Math.round(bytes.length / 1024).toLocaleString('en')} KB`
  return label === undefined ? size : `${label}, ${size}`
}

/** The value of an authorization header that nobody set: of the same form, so that only its value is wrong. */
export function wrongAuthorization(value: string, kind: 'wrong' | 'wrong-password'): string {
  const [, scheme, credentials] = /^(\S+)\s+(.+)$/.exec(value) ?? []
  if (scheme?.toLowerCase() !== 'basic' || credentials === undefined) {
    return scheme === undefined || credentials === undefined ? other(value) : `${scheme} ${other(credentials)}`
  }
  const pair = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  const [user, password] = [pair.slice(0, colon), pair.slice(colon + 1)]
  const wrong = kind === 'wrong-password' ? `${user}:${other(password)}` : `${other(user)}:${other(password)}`
  return `${scheme} ${Buffer.from(wrong).toString('base64')}`
}

/** Another text of the same length. */
function other(text: string): string {
  const last = text.at(-1) ?? ''
  return text.slice(0, -1) + (last === 'x' ? 'y' : 'x')
}
