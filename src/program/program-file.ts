import type { ZodType } from 'zod'
import { nodeAt, parseJsonSource, placeIn } from '../contract/json-source.ts'
import { AT_LEAST_ONE, inPlainWords, NOT_NEGATIVE } from '../contract/plain-words.ts'
import { nearest, UsageError } from '../errors.ts'
import type { Program } from './program.ts'

/** Something wrong in a program, and where. */
interface Problem {
  readonly path: readonly PropertyKey[]
  readonly text: string
}

/**
 * A program from the text of the user's JSON file, checked whole.
 * @param fileName for the error's text only
 * @throws UsageError that lists every problem with its place and path
 */
export async function parseProgram(text: string, fileName: string): Promise<Program> {
  const source = parseJsonSource(text, fileName)
  const problems = await problemsOf(JSON.parse(text))
  if (problems.length === 0) return JSON.parse(text) as Program
  throw new UsageError(
    problems
      .map((problem) => `${placeIn(source, nodeAt(source.root, problem.path).offset)}: ${sentence(problem)}`)
      .join('\n'),
  )
}

/**
 * Checks a program that was handed in as an object.
 * @param where what the option is called, for the error's text
 * @throws UsageError that lists every problem with its path
 */
export async function checkProgram(program: unknown, where: string): Promise<Program> {
  const problems = await problemsOf(program)
  if (problems.length === 0) return program as Program
  throw new UsageError(problems.map((problem) => `${where}: ${sentence(problem)}`).join('\n'))
}

async function problemsOf(program: unknown): Promise<readonly Problem[]> {
  const schema = await programSchema()
  const result = schema.safeParse(program, { error: inPlainWords })
  if (result.success) return contradictions(result.data)
  return result.error.issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      const isMissing = valueAt(program, issue.path) === undefined
      return { path: issue.path, text: `${isMissing ? 'is missing; it ' : ''}must be ${issue.message}` }
    }
    const [key = ''] = issue.keys
    const near = issue.path.length === 0 ? nearest(key, Object.keys(schema.shape)) : undefined
    return { path: [...issue.path, key], text: `unknown key${near === undefined ? '' : `; did you mean ${near}?`}` }
  })
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], root)
}

async function programSchema() {
  const { z } = await import('zod')
  const slugWords = 'a short name of lower-case letters, digits, "-" and "_"'
  const slug = z.string({ error: slugWords }).regex(/^[a-z0-9][a-z0-9_-]*$/, slugWords)
  const text = z.string().min(1)
  const wholePoints = z.int({ error: AT_LEAST_ONE }).positive({ error: AT_LEAST_ONE })
  const notNegative = z.int({ error: NOT_NEGATIVE }).nonnegative({ error: NOT_NEGATIVE })
  const monthsAtMost = (most: number, orNull = '') => {
    const error = `a whole number of months, 1 to ${most}${orNull}`
    return z.int({ error }).positive({ error }).max(most, { error })
  }
  const range = 'two whole numbers, the least and the most points, such as [10, 100]'
  const kind = z.enum(['promo_code', 'physical', 'donation'])
  const gift = { id: slug, name: text, kind }
  const atLeastOne = 'a list of at least one entry'
  const listOf = <T extends ZodType>(entry: T) => z.array(entry, { error: atLeastOne }).min(1, { error: atLeastOne })
  return z.strictObject({
    id: slug,
    name: text,
    currencies: listOf(z.strictObject({ id: slug, name: text })),
    qualifyingCurrency: slug,
    levels: z
      .array(z.strictObject({ id: slug, name: text, rank: wholePoints, threshold: notNegative }))
      .min(2, { error: 'a list of at least two levels' }),
    levelValidityMonths: monthsAtMost(120),
    earningRules: listOf(
      z.strictObject({
        id: slug,
        name: text,
        currency: slug,
        points: z.tuple([wholePoints, wholePoints], { error: range }),
        source: z.strictObject({ platform: text, action: text }),
        expiresAfterMonths: monthsAtMost(600, ', or null').nullable(),
      }),
    ),
    rewards: listOf(z.strictObject({ ...gift, cost: wholePoints, currency: slug })),
    gifts: listOf(z.strictObject(gift)),
    correctionReasons: z.strictObject({ plus: listOf(text), minus: listOf(text) }),
    giftMessages: z.array(text),
    managers: listOf(z.strictObject({ id: slug, name: text })),
    portalHost: z.string().regex(/^[a-z0-9.-]+$/, { error: 'a host name, such as club.example.com' }),
  })
}

/** What a schema cannot say: names that point nowhere, names given twice, levels out of order. */
function contradictions(program: Program): readonly Problem[] {
  const problems: Problem[] = []
  const report = (text: string, ...path: PropertyKey[]) => problems.push({ path, text })

  for (const list of ['currencies', 'levels', 'earningRules', 'rewards', 'gifts', 'managers'] as const) {
    const seen = new Set<string>()
    program[list].forEach(({ id }, index) => {
      if (seen.has(id)) report(`"${id}" stands twice in ${list}`, list, index, 'id')
      seen.add(id)
    })
  }

  const currencies = program.currencies.map((currency) => currency.id)
  const knows = (id: string, ...path: PropertyKey[]) => {
    if (currencies.includes(id)) return
    const near = nearest(id, currencies)
    const hint = near === undefined ? `the currencies are ${currencies.join(', ')}` : `did you mean "${near}"?`
    report(`no currency "${id}"; ${hint}`, ...path)
  }
  knows(program.qualifyingCurrency, 'qualifyingCurrency')
  program.rewards.forEach((reward, index) => knows(reward.currency, 'rewards', index, 'currency'))
  program.earningRules.forEach((rule, index) => {
    knows(rule.currency, 'earningRules', index, 'currency')
    if (rule.points[0] > rule.points[1]) report('the least points come first', 'earningRules', index, 'points')
  })
  if (!program.earningRules.some((rule) => rule.currency === program.qualifyingCurrency)) {
    report(`no rule pays in the qualifying currency "${program.qualifyingCurrency}"`, 'earningRules')
  }

  program.levels.forEach((level, index) => {
    if (level.rank !== index + 1) report(`must be ${index + 1}, the position in the list`, 'levels', index, 'rank')
    const below = program.levels[index - 1]
    if (below === undefined) {
      if (level.threshold !== 0) report('the first level starts at 0', 'levels', index, 'threshold')
    } else if (level.threshold < below.threshold + 10) {
      // Far enough apart for the few earnings of a journey to fall between two levels.
      report(`must be at least 10 above level ${below.rank}'s ${below.threshold}`, 'levels', index, 'threshold')
    }
  })
  return problems
}

function sentence({ path, text }: Problem): string {
  const where = path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}${before === '' ? '' : '.'}${String(step)}`,
    '',
  )
  return `${where === '' ? '' : `${where}: `}${text}`
}
