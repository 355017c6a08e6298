import { fileURLToPath } from 'node:url'
import { de, en, fr, nl } from '@faker-js/faker'

const LOCALES = { de, en, fr, nl }
const ENTRY = /[\\/]src[\\/]program[\\/]names[\\/](\w+)\.ts$/

/** Where the names come from, for the licences: the bundler no longer sees it. */
export const namesModule = fileURLToPath(import.meta.resolve('@faker-js/faker'))

/**
 * Of faker's locales only the lists of names are used. A locale is an object that no bundler can thin out (the English
 * one has 320 KB), so it is done here: the modules in src/program/names hold just those lists, as text that is quick
 * to parse.
 */
export const namesOnly = {
  name: 'names-only',
  load(id) {
    const locale = ENTRY.exec(id)?.[1]
    if (locale === undefined) return null
    const { first_name: first, last_name: last } = LOCALES[locale].person
    const person = { first_name: { female: first.female, male: first.male }, last_name: { generic: last.generic } }
    const text = JSON.stringify(JSON.stringify({ person }))
    return { code: `export const definitions = JSON.parse(${text})`, moduleType: 'js' }
  },
}
