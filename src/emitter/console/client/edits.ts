/** What was changed in a form, by field: what the field was filled from, and what is in it now. */
export type Edits<T> = { readonly [Name in keyof T]?: { readonly from: T[Name]; readonly value: T[Name] } }

/** What is in the form: what is known now, and what was changed here. */
export function edited<T extends object>(known: T, edits: Edits<T>): T {
  const changes = Object.entries(edits) as [keyof T, { value: T[keyof T] }][]
  return { ...known, ...Object.fromEntries(changes.map(([name, { value }]) => [name, value])) }
}

/** The edits after another one. A field that is as it was filled, or as it is known now, is not changed. */
export function withEdit<T extends object>(edits: Edits<T>, known: T, change: Partial<T>): Edits<T> {
  const now: { [Name in keyof T]?: { from: T[Name]; value: T[Name] } } = { ...edits }
  for (const name of Object.keys(change) as (keyof T)[]) {
    const value = change[name] as T[typeof name]
    const from = edits[name] === undefined ? known[name] : edits[name].from
    if (isSame(value, from) || isSame(value, known[name])) delete now[name]
    else now[name] = { from, value }
  }
  return now
}

/** The names of what was changed here, and is not known to be like that already. */
export function changedNames<T extends object>(edits: Edits<T>, known: T): readonly (keyof T)[] {
  return (Object.keys(edits) as (keyof T)[]).filter((name) => !isSame(edits[name]?.value, known[name]))
}

/** Whether a field that was changed here has become another one elsewhere since. */
export function isContested<T extends object>(edits: Edits<T>, known: T, name: keyof T): boolean {
  const edit = edits[name]
  return edit !== undefined && !isSame(edit.from, known[name]) && !isSame(edit.value, known[name])
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
