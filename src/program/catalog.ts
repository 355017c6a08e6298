import { nearest, UsageError } from '../errors.ts'
import { BUILT_IN_PROGRAMS } from './built-in-programs.ts'
import type { Program } from './program.ts'

/** The programs that come with the tool; the first is the default. */
export const builtInPrograms: readonly Program[] = BUILT_IN_PROGRAMS

/** The default program. */
export const defaultProgram: Program = BUILT_IN_PROGRAMS[0]

/** The built-in program with this id, in any case, or undefined. */
export function findProgram(id: string): Program | undefined {
  return builtInPrograms.find((program) => program.id === id.toLowerCase())
}

/**
 * The built-in program with this id.
 * @throws UsageError that lists them and offers the nearest
 */
export function builtInProgram(id: string): Program {
  const program = findProgram(id)
  if (program !== undefined) return program
  const ids = builtInPrograms.map((known) => known.id)
  const near = nearest(id, ids)
  const suggestion = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(`unknown program "${id}"${suggestion} Built in: ${ids.join(', ')}; or name a JSON file.`)
}
