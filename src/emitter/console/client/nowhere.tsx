import { Empty } from './parts.tsx'
import { hrefOf } from './places.ts'
import { TABS, type Tab } from './place-of.ts'

/** What an address leads to that has no page. */
export function Nowhere({ id }: { id: string | undefined }) {
  return (
    <>
      <h1>No such page</h1>
      <Empty title={`There is no page “${id ?? ''}” here.`}>
        <p>You can go to:</p>
        <p class="actions">
          {(Object.keys(TABS) as Tab[]).map((tab) => (
            <a key={tab} class="button" href={hrefOf(tab)}>
              {TABS[tab]}
            </a>
          ))}
        </p>
      </Empty>
    </>
  )
}
