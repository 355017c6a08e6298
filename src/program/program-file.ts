import { nodeAt, parseJsonSource, placeIn, type JsonSource } from '../contract/json-source.ts'
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
  const schema = await programSchema()
  const result = schema.safeParse(JSON.parse(text))
  const problems = result.success
    ? contradictions(result.data)
    : result.error.issues.map((issue) => ({ path: issue.path, text: issue.message }))
  if (problems.length > 0) throw new UsageError(problems.map((problem) => sentence(source, problem)).join('\n'))
  return result.data as Program
}

async function programSchema() {
  const { z } = await import('zod')
  const slug = z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be a short name of lower-case letters, digits, "-" and "_"')
  const text = z.string().min(1, 'must not be empty')
  const wholePoints = z.int().positive()
  const gift = { id: slug, name: text, kind: z.enum(['promo_code', 'physical', 'donation']) }
  const atLeastOne = 'needs at least one entry'
  return z.strictObject({
    id: slug,
    name: text,
    currencies: z.array(z.strictObject({ id: slug, name: text })).min(1, atLeastOne),
    qualifyingCurrency: slug,
    levels: z
      .array(z.strictObject({ id: slug, name: text, rank: z.int().positive(), threshold: z.int().nonnegative() }))
      .min(2, 'needs at least two levels'),
    levelValidityMonths: z.int().positive().max(120),
    earningRules: z
      .array(
        z.strictObject({
          id: slug,
          name: text,
          currency: slug,
          points: z.tuple([wholePoints, wholePoints]),
          source: z.strictObject({ platform: text, action: text }),
          expiresAfterMonths: z.int().positive().max(600).nullable(),
        }),
      )
      .min(1, atLeastOne),
    rewards: z.array(z.strictObject({ ...gift, cost: wholePoints, currency: slug })).min(1, atLeastOne),
    gifts: z.array(z.strictObject(gift)).min(1, atLeastOne),
    correctionReasons: z.strictObject({
      plus: z.array(text).min(1, atLeastOne),
      minus: z.array(text).min(1, atLeastOne),
    }),
    giftMessages: z.array(text),
    managers: z.array(z.strictObject({ id: slug, name: text })).min(1, atLeastOne),
    portalHost: z.string().regex(/^[a-z0-9.-]+$/, 'must be a host name such as club.example.com'),
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

function sentence(source: JsonSource, { path, text }: Problem): string {
  const place = placeIn(source, nodeAt(source.root, path).offset)
  const where = path.reduce<string>(
    (before, step) =>
      typeof step === 'number' ? `${before}[${step}]` : `${before}${before === '' ? '' : '.'}${String(step)}`,
    '',
  )
  return `${place}: ${where === '' ? '' : `${where}: `}${text}`
}
