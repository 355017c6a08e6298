import type { RouteView } from '../../view/views.ts'
import type { Answers } from './answers.ts'
import { Standing } from './deliveries/row.tsx'
import { hrefOf } from './places.ts'
import { answerText } from './words.ts'

/** In a line under the button that caused them: what the receivers answer, live. */
export function AnswersLine({ answers }: { answers: Answers }) {
  return (
    <div class="answers" role="status">
      {answers.events.value.map((event) => (
        <p key={event.id}>
          <strong>{event.sentence}.</strong> <Routes routes={event.routes} answers={answers} />
        </p>
      ))}
    </div>
  )
}

function Routes({ routes, answers }: { routes: readonly RouteView[]; answers: Answers }) {
  const going = routes.filter(({ goes }) => goes)
  if (routes.length === 0)
    return (
      <span>
        Nobody is told: <a href={hrefOf('webhooks', 'new')}>make a webhook</a>.
      </span>
    )
  if (going.length === 0) return <span class="muted">Nobody is told: {routes.map(({ why }) => why).join('; ')}.</span>
  return (
    <>
      {going.map((route) => (
        <Route key={route.webhook.id} route={route} answers={answers} />
      ))}
    </>
  )
}

function Route({ route, answers }: { route: RouteView; answers: Answers }) {
  const { delivery, webhook } = route
  if (delivery === undefined) return <span class="route queued">{webhook.name} gets it with the next batch</span>
  const known = answers.deliveries.value.get(delivery.id)
  return (
    <a class={`route ${known?.state ?? delivery.state}`} href={hrefOf('deliveries', delivery.id)}>
      {webhook.name}{' '}
      {known !== undefined ? (
        <Standing delivery={known} />
      ) : delivery.lastResult === null ? (
        'is being told'
      ) : (
        answerText(delivery.lastResult, delivery.lastDurationMs)
      )}
    </a>
  )
}
