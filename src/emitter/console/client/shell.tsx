import { useEffect, useRef } from 'preact/hooks'
import { needsLogin } from './api.ts'
import { DeliveriesTab } from './deliveries/tab.tsx'
import { connection, program } from './live.ts'
import { LoginForm } from './login.tsx'
import { MembersTab } from './members/tab.tsx'
import { Nowhere } from './nowhere.tsx'
import { TABS, type Tab } from './place-of.ts'
import { hrefOf, page, place } from './places.ts'
import { ProgramTab } from './program/tab.tsx'
import { StoryTab } from './story/tab.tsx'
import { BlockedBadge } from './webhooks/blocked.tsx'
import { WebhooksTab } from './webhooks/tab.tsx'
import { paceText } from './words.ts'

const PAGES: Readonly<Record<Tab, (props: { id: string | undefined }) => preact.JSX.Element>> = {
  deliveries: DeliveriesTab,
  members: MembersTab,
  story: StoryTab,
  webhooks: WebhooksTab,
  program: ProgramTab,
}

/** The console: head, tabs, and the page of one of them. */
export function Shell() {
  const main = useRef<HTMLElement>(null)
  const isFirst = useRef(true)
  const where = page.value
  const { tab, id } = place.value
  useEffect(() => {
    const name = tab === undefined ? 'No such page' : `${TABS[tab]}${id === undefined ? '' : ` ${id}`}`
    document.title = `${name} · qualifio-sim`
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    // Another page: readers by keyboard and ear start at its top, as after any link.
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [where])
  const { cursor } = place.value.query
  useEffect(() => {
    if (!isFirst.current) scrollTo(0, 0)
  }, [cursor])
  if (needsLogin.value) return <LoginForm />
  const Page = tab === undefined ? Nowhere : PAGES[tab]
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the page
      </a>
      <header class="head">
        <p class="brand">
          qualifio-sim <Pulse />
        </p>
        <nav aria-label="Console">
          {(Object.keys(TABS) as Tab[]).map((name) => (
            <a key={name} href={hrefOf(name)} aria-current={name === tab ? 'page' : undefined}>
              {TABS[name]}
              {name === 'webhooks' && <BlockedBadge />}
            </a>
          ))}
        </nav>
      </header>
      <Banner />
      <main id="main" ref={main} tabIndex={-1}>
        <Page key={where} id={id} />
      </main>
    </>
  )
}

/** How the program lives, beside the name. */
function Pulse() {
  const now = program.value
  if (now === undefined) return null
  const text = now.paused ? 'paused' : now.pacePerSecond === 0 ? 'on demand' : `${paceText(now.pacePerSecond)}/s`
  return (
    <a class={`pulse ${now.paused ? 'paused' : ''}`} href={hrefOf('program')} title="How the program lives">
      {text}
    </a>
  )
}

/** Says that the page is not up to date. */
function Banner() {
  return (
    <div role="status">
      {connection.value === 'lost' && (
        <p class="banner">
          Connection lost: what you see may be out of date. Trying again… (is <code>qualifio-sim emit</code> still
          running?)
        </p>
      )}
    </div>
  )
}
