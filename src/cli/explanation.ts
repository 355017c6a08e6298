import type { Framework } from '../signing/explain-framework.ts'
import type { SignatureFormat } from '../signing/signature.ts'
import type { Context } from './context.ts'
import { readOptionalText } from './files.ts'

/** A signature to be explained. */
export interface WrongSignature {
  readonly secrets: readonly string[]
  readonly bytes: Uint8Array
  /** What stood in the header, or a digest that a receiver answered with. */
  readonly given: string
  readonly found: 'header' | 'text'
  readonly format: SignatureFormat
  /** The framework to mend it in; plain Node where nobody knows. */
  readonly framework: Framework | undefined
}

/**
 * Why a signature does not match, a sentence or two per explanation that fits, the mend after the first. Loads the
 * explainer, so only when something is wrong.
 */
export async function explanationTexts({
  secrets,
  bytes,
  given,
  found,
  format,
  framework,
}: WrongSignature): Promise<readonly string[]> {
  const [{ explainSignature }, { frameworkOfBody, mendFor }, { REWRITTEN_MAX_BYTES }] = await Promise.all([
    import('../signing/explain.ts'),
    import('../signing/explain-mend.ts'),
    import('../signing/explain-bodies.ts'),
  ])
  const explanations = explainSignature({ secrets, bytes, given, found, format }).filter(({ right }) => !right)
  const tried =
    bytes.length > REWRITTEN_MAX_BYTES
      ? ' (over 1 MB, so only the bytes as they are were tried, not written again by another language)'
      : ''
  if (explanations.length === 0) return [`no explanation fits: another secret, or other bytes than these${tried}`]
  const [first] = explanations
  const mend = first === undefined ? [] : [mendFor(first, framework ?? frameworkOfBody(first.body) ?? 'node', format)]
  return [...explanations.slice(0, 5).map(({ sentence }) => sentence), ...mend]
}

/** Packages that tell a framework, likeliest first: what stands on another's shoulders comes before it. */
const PACKAGES: readonly (readonly [name: string, framework: Framework])[] = [
  ['@nestjs/core', 'nest'],
  ['next', 'next'],
  ['fastify', 'fastify'],
  ['hono', 'hono'],
  ['koa', 'koa'],
  ['express', 'express'],
]

/** The framework of the project in the working directory, as far as its package files tell. */
export function frameworkHere(context: Context): Framework | undefined {
  const names = new Set(['package.json', 'composer.json'].flatMap((file) => dependencies(context, file)))
  const found = PACKAGES.find(([name]) => names.has(name))?.[1]
  if (found !== undefined) return found
  if (names.has('laravel/framework')) return 'laravel'
  if (names.has('symfony/framework-bundle') || names.has('symfony/http-foundation')) return 'symfony'
  if (readOptionalText(context, 'manage.py') !== undefined) return 'django'
  return readOptionalText(context, 'pom.xml')?.includes('spring-boot') === true ? 'spring' : undefined
}

function dependencies(context: Context, file: string): readonly string[] {
  try {
    const { dependencies, devDependencies, require } = JSON.parse(readOptionalText(context, file) ?? '{}') as Record<
      string,
      object | undefined
    >
    return [dependencies, devDependencies, require].flatMap((group) => Object.keys(group ?? {}))
  } catch {
    return []
  }
}
