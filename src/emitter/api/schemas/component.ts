import { z } from 'zod'

/** The schemas that have a name in the API's document. */
export const components = z.registry<{ readonly id: string }>()

/** No more and no less than T, on the first level and, for what is required, on every one. */
type Exactly<T, Output> = [T] extends [Output]
  ? [Exclude<KeysOf<Output>, KeysOf<T>> | Exclude<KeysOf<T>, KeysOf<Output>>] extends [never]
    ? unknown
    : never
  : never
type KeysOf<T> = T extends unknown ? keyof T : never

/**
 * Names a schema for the document, and has the compiler compare it with the type that it describes:
 * `component<WebhookView>('Webhook')(z.object({ … }))`.
 */
export function component<T>(id: string) {
  return <S extends z.ZodType<T>>(schema: S & Exactly<T, z.output<S>>): S => {
    components.add(schema, { id })
    return schema
  }
}

/** A list that nobody changes. */
export const listOf = <S extends z.ZodType>(item: S) => z.array(item) as unknown as z.ZodType<readonly z.output<S>[]>

/** RFC 3339, UTC, milliseconds. */
export const time = () => z.iso.datetime({ precision: 3 })
/** A whole number, 0 or more. */
export const count = () => z.int().nonnegative()
/** Milliseconds; latencies have fractions. */
export const milliseconds = () => z.number().nonnegative()
