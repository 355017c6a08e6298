import { useSignal } from '@preact/signals'
import { useAction } from './action.ts'
import { login } from './api.ts'
import { connect } from './live.ts'
import { Field, Problem } from './parts.tsx'

/** Asks for the token. */
export function LoginForm() {
  const token = useSignal('')
  const action = useAction()
  const submit = async () => {
    await login(token.value.trim())
    connect()
  }
  return (
    <main class="login" id="main">
      <h1>qualifio-sim</h1>
      <p>This console asks for the token that emit was started with.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void action.run(submit)
        }}
      >
        <Field
          label="Token"
          type="password"
          value={token.value}
          onInput={(value) => (token.value = value)}
          required
          autoComplete="current-password"
          note="What follows --token. The line that emit printed when it started has a link that logs in by itself."
        />
        <Problem text={action.problem.value} />
        <button class="primary" aria-busy={action.isBusy.value}>
          Log in
        </button>
      </form>
    </main>
  )
}
