import type { Framework as Recognised } from '../signing/explain-framework.ts'
import { ANSWER_ADVICE } from './advice/answer.ts'
import { LOAD_ADVICE } from './advice/load.ts'
import { PAYLOAD_ADVICE } from './advice/payload.ts'
import { RAW_BODY_ADVICE } from './advice/raw-body.ts'
import { SECRET_ADVICE } from './advice/secret.ts'
import { SIGNATURE_ADVICE } from './advice/signature.ts'
import { STORAGE_ADVICE } from './advice/storage.ts'
import { CAUSES } from './cause.ts'
import type { CauseId } from './cause.ts'

export { frameworkOfAnswer } from './advice/recognition.ts'

/** A framework that has mending advice of its own: those that are recognised, without plain Node and plain PHP. */
export type Framework = Exclude<Recognised, 'node' | 'php'>

/** Frameworks that share an answer where only the language makes it. */
type Family = 'javascript' | 'php'

/** Paragraphs by cause, then by framework or family: imperative, at most 350 characters, code in backticks. */
export type Advice = Readonly<Partial<Record<CauseId, Readonly<Partial<Record<Framework | Family, string>>>>>>

/** The frameworks, with the names they go by, in the order of the documentation. */
export const FRAMEWORKS: readonly { readonly id: Framework; readonly name: string }[] = [
  { id: 'express', name: 'Express' },
  { id: 'fastify', name: 'Fastify' },
  { id: 'hono', name: 'Hono' },
  { id: 'koa', name: 'Koa' },
  { id: 'nest', name: 'NestJS' },
  { id: 'next', name: 'Next.js' },
  { id: 'symfony', name: 'Symfony' },
  { id: 'laravel', name: 'Laravel' },
  { id: 'spring', name: 'Spring' },
  { id: 'django', name: 'Django' },
  { id: 'aspnet', name: 'ASP.NET Core' },
]

const FAMILIES: Readonly<Partial<Record<Framework, Family>>> = {
  express: 'javascript',
  fastify: 'javascript',
  hono: 'javascript',
  koa: 'javascript',
  nest: 'javascript',
  next: 'javascript',
  symfony: 'php',
  laravel: 'php',
}

const ADVICE: Advice = {
  ...RAW_BODY_ADVICE,
  ...SIGNATURE_ADVICE,
  ...SECRET_ADVICE,
  ...PAYLOAD_ADVICE,
  ...STORAGE_ADVICE,
  ...LOAD_ADVICE,
  ...ANSWER_ADVICE,
}

/**
 * How to mend a cause in this framework, one paragraph of at most 350 characters; the neutral mend without a
 * framework, and where the framework does not change the answer.
 */
export function adviceFor(cause: CauseId, framework?: Framework): string {
  const neutral = CAUSES[cause].mend
  if (framework === undefined) return neutral
  const paragraphs = ADVICE[cause]
  const family = FAMILIES[framework]
  return paragraphs?.[framework] ?? (family === undefined ? undefined : paragraphs?.[family]) ?? neutral
}
