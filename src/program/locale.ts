import { nearest, UsageError } from '../errors.ts'

/** Where members come from: the language and country of their name. */
export const LOCALES = {
  fr_BE: { language: 'fr-BE', country: 'BE' },
  nl_BE: { language: 'nl-BE', country: 'BE' },
  fr: { language: 'fr-FR', country: 'FR' },
  nl: { language: 'nl-NL', country: 'NL' },
  en: { language: 'en-GB', country: 'GB' },
  de: { language: 'de-DE', country: 'DE' },
} as const satisfies Record<string, { language: string; country: string }>

/** One of the locales that members come from. */
export type Locale = keyof typeof LOCALES

/** How often each locale is drawn, relative to the others; a locale that is absent is never drawn. */
export type LocaleWeights = Readonly<Partial<Record<Locale, number>>>

/** Mostly Belgians, as Qualifio's customers are. */
export const DEFAULT_LOCALES: LocaleWeights = { fr_BE: 4, nl_BE: 4, fr: 2, nl: 1, en: 1, de: 1 }

/**
 * `--locale`: a list such as `fr_BE,nl` or with weights `fr_BE:3,nl:1` (1 when absent, at most 1000).
 * @throws UsageError naming the entry
 */
export function parseLocales(text: string): LocaleWeights {
  const weights: Partial<Record<Locale, number>> = {}
  for (const entry of text.split(',')) {
    if (entry.trim() === '' && text.trim() !== '')
      throw new UsageError(`--locale ${text}: an entry is empty; take the comma out.`)
    const [name = '', weightText = '1', ...rest] = entry.trim().split(':')
    const locale = localeNamed(name, entry)
    if (rest.length > 0 || !/^\d{1,4}$/.test(weightText) || Number(weightText) < 1 || Number(weightText) > 1000) {
      throw new UsageError(`--locale ${entry.trim()}: a weight is a whole number from 1 to 1000, as in fr_BE:3.`)
    }
    if (weights[locale] !== undefined) throw new UsageError(`--locale: ${locale} stands twice.`)
    weights[locale] = Number(weightText)
  }
  return weights
}

function localeNamed(name: string, entry: string): Locale {
  const wanted = name.replace('-', '_').toLowerCase()
  const known = Object.keys(LOCALES) as Locale[]
  const locale = known.find((candidate) => candidate.toLowerCase() === wanted)
  if (locale !== undefined) return locale
  const near = nearest(name, known)
  const hint = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(`--locale: unknown locale "${entry.trim()}"${hint} Known: ${known.join(', ')}.`)
}

/** What a language says of the country, and a country of the language, where one of them is given alone. */
export interface Origin {
  readonly language: string
  readonly country: string
}

/**
 * Completes a language tag or a country code so that both agree: the tag's own region, what the locales above say,
 * what is likely (CLDR).
 * @param drawn the member's locale, which stays where it agrees with what is given
 */
export function originOf(
  given: { readonly language?: string | undefined; readonly country?: string | undefined },
  drawn: Locale,
): Origin {
  const { language, country } = given
  const known: readonly Origin[] = [LOCALES[drawn], ...Object.values(LOCALES)]
  if (language !== undefined) return { language, country: country ?? countryOf(language, known) }
  if (country === undefined) return LOCALES[drawn]
  const near = known.find((locale) => locale.country === country)
  return { language: near?.language ?? `${new Intl.Locale(`und-${country}`).maximize().language}-${country}`, country }
}

function countryOf(language: string, known: readonly Origin[]): string {
  const { region, language: spoken } = new Intl.Locale(language)
  // A region of three digits is larger than a country.
  if (region !== undefined && /^[A-Z]{2}$/.test(region)) return region
  const near = known.find(
    (locale) => locale.language.startsWith(`${spoken}-`) && locale.language.endsWith(locale.country),
  )
  return near?.country ?? new Intl.Locale(spoken).maximize().region ?? 'BE'
}
