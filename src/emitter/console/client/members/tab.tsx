import { MemberList } from './list.tsx'
import { MemberPage } from './page.tsx'

/** All members, or one of them. */
export function MembersTab({ id }: { id: string | undefined }) {
  return id === undefined ? <MemberList /> : <MemberPage id={id} />
}
