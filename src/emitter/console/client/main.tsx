import { render } from 'preact'
import { login, needsLogin } from './api.ts'
import { connect } from './live.ts'
import { arrive } from './places.ts'
import { Shell } from './shell.tsx'

const root = document.getElementById('console')
const token = /^#token=(.+)$/.exec(location.hash)?.[1]

// A link logs in; the token must stay neither in the address nor in the history.
if (token !== undefined) {
  history.replaceState(null, '', location.pathname)
  arrive()
  try {
    await login(decodeURIComponent(token))
  } catch {
    needsLogin.value = true
  }
}
if (root !== null) render(<Shell />, root)
if (!needsLogin.value) connect()
