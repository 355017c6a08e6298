import { readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { CONFIG_FILE } from './config.ts'
import type { Context } from './context.ts'
import { DOTENV_FILES } from './dotenv.ts'
import { isFolderName, optionWith } from './files.ts'
import { longName, type OptionTable } from './option.ts'

/** A file that a command reads. */
export interface InputFile {
  /** What makes it an input: `--secret-file`, `.env`. */
  readonly as: string
  readonly identity: string
  /** The folder that is read as a whole, where it is one: a file more in it would be read, too. */
  readonly folder?: string | undefined
}

/** A file that a command writes, and the option that names it, as it is shown: `--output`, `--report junit=`. */
export interface OutputFile {
  readonly option: string
  readonly path: string
}

type Values = Readonly<Record<string, unknown>>
/** The value of an option that names a file: its path, or `--report`'s form and path. */
type Named = string | { readonly format: string; readonly file: string }

/** The files that exist and that the options, or every command, read; of a contract's folder its files. */
export function inputFiles({ cwd }: Context, table: OptionTable, values: Values): readonly InputFile[] {
  const named = Object.entries(table).flatMap(([key, option]) =>
    option.file === 'read'
      ? [values[key] ?? []].flat().map((path) => ({ as: `--${longName(option)}`, path: path as string }))
      : [],
  )
  const always = [...DOTENV_FILES, CONFIG_FILE].map((path) => ({ as: path, path }))
  return [...named, ...always].flatMap(({ as, path }) => {
    const folder = realFolder(resolve(cwd, path))
    return filesAt(resolve(cwd, path)).map((file) => ({ as, identity: fileIdentity(file), folder }))
  })
}

/** The files that the options write; `-` is none. */
export function outputFiles(table: OptionTable, values: Values): readonly OutputFile[] {
  return Object.entries(table).flatMap(([key, option]) => {
    if (option.file !== 'written') return []
    const name = `--${longName(option)}`
    const given = [(values[key] as Named | readonly Named[] | undefined) ?? []].flat()
    return given
      .map((value) =>
        typeof value === 'string'
          ? { option: name, path: value }
          : { option: `${name} ${value.format}=`, path: value.file },
      )
      .filter(({ path }) => path !== '-')
  })
}

/**
 * Refuses to replace a file that the command reads.
 * @throws UsageError when the output is one of the inputs, by whatever path or link, or a JSON file beside those of one
 */
export function refuseOverwrite({ cwd }: Context, { option, path }: OutputFile, inputs: readonly InputFile[]): void {
  const target = resolve(cwd, path)
  const identity = fileIdentity(target)
  const same = inputs.find((input) => input.identity === identity)
  if (same !== undefined)
    throw new UsageError(`${optionWith(option, path)}: is also an input (${same.as}); name another file.`)
  // Of a folder only its JSON files are read.
  if (!isFolderName(path) && !path.endsWith('.json')) return
  const folder = realFolder(isFolderName(path) ? target : dirname(target))
  const around = inputs.find((input) => input.folder !== undefined && input.folder === folder)
  if (around !== undefined)
    throw new UsageError(`${optionWith(option, path)}: is in a folder that is read (${around.as}); name another one.`)
}

/** A text that two paths share when they lead to one file, through links too, there or still to be written. */
export function fileIdentity(path: string): string {
  const stats = statOf(path)
  if (stats?.isFile() === true) return `${stats.dev}:${stats.ino}`
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}

/** Where a folder really is; undefined for what is none. */
function realFolder(path: string): string | undefined {
  return statOf(path)?.isDirectory() === true ? realpathSync(path) : undefined
}

/** Devices and pipes are left out: to write to one replaces nothing. */
function filesAt(path: string): readonly string[] {
  const stats = statOf(path)
  if (stats?.isFile() === true) return [path]
  if (stats?.isDirectory() !== true) return []
  try {
    return readdirSync(path).flatMap((name) => (name.endsWith('.json') ? [join(path, name)] : []))
  } catch {
    return []
  }
}

/** Whoever reads or writes what cannot be looked at says why. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false, bigint: true })
  } catch {
    return undefined
  }
}
