import { nearest, UsageError } from '../errors.ts'
import { CATALOG } from './catalog.ts'
import { GROUPS, type Check, type Severity } from './check.ts'

const SEVERITIES: readonly Severity[] = ['MUST', 'SHOULD', 'INFO']

/** What `--only` and `--skip` say. */
export interface Selectors {
  readonly only: readonly string[]
  readonly skip: readonly string[]
}

/**
 * The checks that are asked for: by id (`authenticity/changed-body`), number (`AUT-05`), group, glob (`AUT-*`,
 * `delivery/*`) or severity (`MUST`), in any case; several in one selector with commas.
 * @throws UsageError for a selector that matches nothing, and when nothing is left
 */
export function selectChecks({ only, skip }: Selectors): readonly Check[] {
  const wanted = only.length === 0 ? CATALOG : matching(only, '--only')
  const unwanted = new Set(matching(skip, '--skip'))
  const selected = CATALOG.filter((check) => wanted.includes(check) && !unwanted.has(check))
  if (selected.length === 0) throw new UsageError('no check selected: --only and --skip leave none; see check --list.')
  return selected
}

/** The checks that one selector means. @throws UsageError when there are none */
export function checksNamed(selector: string, flag: string): readonly Check[] {
  const text = selector.trim()
  if (text === '')
    throw new UsageError(`${flag} is empty: name a check, a group, a glob or a severity; see check --list.`)
  const severity = SEVERITIES.find((one) => one === text.toUpperCase())
  const found = CATALOG.filter((check) =>
    severity === undefined ? isNamed(check, text.toLowerCase()) : check.severity === severity,
  )
  if (found.length > 0) return found
  if (/^(p|s[0-3])$/i.test(text))
    throw new UsageError(
      `${flag}: ${text} is a class, not a check; --safe, --allow-side-effects and --allow-stress choose what checks may do.`,
    )
  const known = CATALOG.flatMap(({ id, number }) => [id, number, id.slice(id.indexOf('/') + 1)])
  const near =
    GROUPS.find((group) => text.length > 2 && group.startsWith(text.toLowerCase())) ??
    nearest(text.toUpperCase(), known) ??
    nearest(text.toLowerCase(), [...known, ...GROUPS])
  throw new UsageError(
    `${flag}: unknown check ${text}${near === undefined ? '' : `; nearest ${near}`}; see check --list.`,
  )
}

function matching(selectors: readonly string[], flag: string): readonly Check[] {
  return selectors.flatMap((selector) => selector.split(',')).flatMap((selector) => checksNamed(selector, flag))
}

function isNamed({ id, number }: Check, text: string): boolean {
  const names = [id, number.toLowerCase(), id.slice(id.indexOf('/') + 1)]
  if (names.includes(text) || (GROUPS as readonly string[]).includes(text))
    return names.includes(text) || id.startsWith(`${text}/`)
  if (!text.includes('*')) return false
  const pattern = new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
  return names.some((name) => pattern.test(name))
}
