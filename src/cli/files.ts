import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { FILE_PROBLEMS } from '../contract/file-problem.ts'
import { UsageError } from '../errors.ts'
import { LARGEST_DOCUMENT_BYTES } from '../fixture/json-document.ts'
import { readBounded } from './bounded-read.ts'
import type { Context } from './context.ts'

/** More than this is some other file: a text that a person writes (a program, a certificate, options) is kilobytes. */
const LARGEST_TEXT_BYTES = 1024 * 1024

/** As much as a fixture may have. */
const LARGEST_BODY_BYTES = LARGEST_DOCUMENT_BYTES

/** What is allowed of a file, and how it came to be read. */
export interface FileRules {
  /** The option that names the file, for the error. */
  readonly option?: string
  /** 1 MB by default. */
  readonly mostBytes?: number
}

/**
 * A file's bytes, at most `mostBytes` of them: a device may have no end.
 * @throws UsageError that names the file and what is wrong with it
 */
export function readBytes(
  context: Context,
  path: string,
  { option, mostBytes = LARGEST_TEXT_BYTES }: FileRules = {},
): Buffer {
  const where = option === undefined ? path : `${option} ${path}`
  let bytes: Buffer | 'too-large'
  try {
    bytes = readBounded(resolve(context.cwd, path), mostBytes, () =>
      context.stderr.write(`${where}: nothing has come out of it yet; waiting, Ctrl-C ends that\n`),
    )
  } catch (error) {
    throw new UsageError(`${where}: ${fileProblem(error)}`)
  }
  if (bytes === 'too-large') throw tooLarge(where, mostBytes)
  return bytes
}

/** A file's text, which must be UTF-8. @throws UsageError that names the file and what is wrong with it */
export function readText(context: Context, path: string, rules?: FileRules): string {
  const bytes = readBytes(context, path, rules)
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)))
    throw new UsageError(`${path}: looks like UTF-16; save it as UTF-8.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UsageError(`${path}: is not valid UTF-8; save it as UTF-8.`)
  }
}

/** A file's text, or undefined where there is no such file. */
export function readOptionalText(context: Context, path: string): string | undefined {
  return kindOf(context, path) === 'none' ? undefined : readText(context, path)
}

/** What stands at a path. Of what cannot be looked at, whoever reads or writes it says why. */
export function kindOf({ cwd }: Context, path: string): 'none' | 'file' | 'folder' | 'other' {
  try {
    const stats = statSync(resolve(cwd, path), { throwIfNoEntry: false })
    if (stats === undefined) return 'none'
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
  } catch {
    return 'other'
  }
}

/** The body that a command is about: a file's bytes, or standard input for `-` or nothing. */
export async function readBody(context: Context, path: string | undefined): Promise<Buffer> {
  if (path !== undefined && path !== '-') return readBytes(context, path, { mostBytes: LARGEST_BODY_BYTES })
  if (context.stdinIsTerminal) context.stderr.write('reading the body from standard input; end with Ctrl-D\n')
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of context.stdin()) {
    chunks.push(chunk)
    length += chunk.length
    if (length > LARGEST_BODY_BYTES) throw tooLarge('standard input', LARGEST_BODY_BYTES)
  }
  return Buffer.concat(chunks)
}

function tooLarge(where: string, mostBytes: number): UsageError {
  const most = mostBytes < 1024 * 1024 ? `${mostBytes / 1024} KB` : `${mostBytes / (1024 * 1024)} MB`
  return new UsageError(`${where}: is over ${most}; is it the right file?`)
}

/** An option with its file, as it was typed: `--output FILE`, `--report html=FILE`. */
export function optionWith(option: string, path: string): string {
  return option.endsWith('=') ? option + path : `${option} ${path}`
}

/** Whether a path names a folder whatever stands there: it ends in a slash. */
export function isFolderName(path: string): boolean {
  return /[/\\]$/.test(path)
}

/**
 * Makes sure that a file can be written, before anything is sent.
 * @throws UsageError when its folder is missing or not writable, or it is itself a folder
 */
export function checkWritable({ cwd }: Context, path: string, option = '--output'): void {
  const target = resolve(cwd, path)
  if (isFolderName(path)) throw new UsageError(`${optionWith(option, path)}: is a folder; name a file.`)
  try {
    if (statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new UsageError(`${optionWith(option, path)}: the folder ${dirname(path)} does not exist; create it first.`)
    const existing = statSync(target, { throwIfNoEntry: false })
    if (existing?.isDirectory() === true) throw new UsageError(`${optionWith(option, path)}: is a folder; name a file.`)
    accessSync(existing === undefined ? dirname(target) : target, constants.W_OK)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${optionWith(option, path)}: ${fileProblem(error)}`)
  }
}

/** Makes sure of a folder and those above it. @throws UsageError when it cannot be made */
export function makeFolder(context: Context, folder: string, option = '--output'): void {
  if (kindOf(context, folder) === 'file') throw new UsageError(`${option} ${folder}: is a file; name a folder.`)
  try {
    makePath(resolve(context.cwd, folder))
  } catch (error) {
    throw new UsageError(`${option} ${folder}: ${fileProblem(error)}`)
  }
}

/** Not mkdirSync's own recursion, which never ends below /proc (Node 20). */
function makePath(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return
  if (stats !== undefined) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
  makePath(dirname(path))
  mkdirSync(path)
}

/** Writes a file that only its owner may read, since it may hold personal data. @throws UsageError */
export function writePrivate({ cwd }: Context, path: string, text: string): void {
  const target = resolve(cwd, path)
  const beside = join(dirname(target), `.${basename(target)}.part`)
  try {
    writeFileSync(beside, text, { mode: 0o600 })
    if (existsSync(target)) throw Object.assign(new Error('exists'), { code: 'EEXIST' })
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw new UsageError(`${path}: ${fileProblem(error)}`)
  }
}

/** Adds text to the end of a file. @throws UsageError when it cannot be written */
export function appendText({ cwd }: Context, path: string, text: string): void {
  try {
    if (text !== '') appendFileSync(resolve(cwd, path), text)
  } catch (error) {
    throw new UsageError(`${path}: ${fileProblem(error)}`)
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ...FILE_PROBLEMS,
  EEXIST: 'exists and is not what it should be.',
  EISDIR: 'is a folder; name a file.',
  EFBIG: 'is larger than this system lets a file be.',
}

/** What is wrong with a file, in a few words that end a sentence. */
export function fileProblem(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
  return PROBLEMS[code] ?? `cannot be used (${code}).`
}
