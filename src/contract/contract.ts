import { promises, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest, UsageError } from '../errors.ts'
import type { Contract, ContractFile } from './contract-file.ts'
import { assembleContract } from './assemble.ts'
import type { TrustedFile } from './assemble.ts'
import { MANIFEST, problemsIn, renamed, templateFile } from './check-contract.ts'
import type { ContractFiles } from './check-contract.ts'
import { ALL_EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import { fileError } from './file-problem.ts'
import { decodeJsonBytes, parseJsonSource } from './json-source.ts'
import type { JsonSource } from './json-source.ts'

// A contract is loaded, written and read through one door; the rest of payload.ts needs no file.
export { readPayload, renderEvent, renderPayload, typeOfElement, writesPath } from './payload.ts'
export type { Contract } from './contract-file.ts'
export type { ReadElement } from './payload.ts'

/** The contracts in the package, the default first. */
export const SHIPPED_CONTRACTS = ['assumed-1', 'flat-snake', 'no-identity'] as const

/** A contract's files are a few kilobytes; more is some other file. */
const LARGEST_FILE_BYTES = 1024 * 1024

/** The folder of a shipped contract. Templates stand beside this module, in the source and in the bundle. */
const shippedFolder = (name: string) => fileURLToPath(new URL(`./wire/`, import.meta.url)) + name

/**
 * Loads a shipped contract by name, or a contract's folder. A folder is checked against the event model
 * (which loads zod); the shipped ones are proven right by tests and load fast.
 * @throws UsageError with the first thing that is wrong, or with the nearest name
 */
export async function loadContract(nameOrDir: string, options: { readonly cwd?: string } = {}): Promise<Contract> {
  if (typeof nameOrDir !== 'string') {
    throw new UsageError(`a contract is named by a text, such as assumed-1, and this is of type ${typeof nameOrDir}.`)
  }
  if (isShipped(nameOrDir)) return loadShipped(nameOrDir)
  const folder = await existingFolder(nameOrDir, options.cwd)
  const files = readFiles({ folder, shownAs: nameOrDir })
  const [first, ...others] = await problemsIn(files)
  if (first === undefined) return assembleSources(files)
  const more = others.length === 0 ? '' : ` (and ${others.length} more: qualifio-sim contract check ${nameOrDir})`
  throw new UsageError(first + more)
}

/** Nine small files at once: going through the thread pool for each would take longer. */
function loadShipped(name: string): Contract {
  const read = (fileName: string) => ({
    fileName: join(name, fileName),
    text: readFileSync(join(shippedFolder(name), fileName), 'utf8'),
  })
  const templates = Object.fromEntries(ALL_EVENT_TYPES.map((type) => [type, read(templateFile(type))]))
  return assembleContract(JSON.parse(read(MANIFEST).text) as ContractFile, templates as Record<EventType, TrustedFile>)
}

/** A user's contract, checked. */
function assembleSources({ sources }: ContractFiles): Contract {
  return assembleContract(
    JSON.parse(sources.get(MANIFEST)?.text ?? '') as ContractFile,
    Object.fromEntries(ALL_EVENT_TYPES.map((type) => [type, sources.get(templateFile(type))])) as unknown as Record<
      EventType,
      TrustedFile
    >,
  )
}

/**
 * Everything that is wrong with a contract, each with its place; empty when it is right.
 * @throws UsageError when there is no such folder
 */
export async function checkContract(nameOrDir: string, options: { readonly cwd?: string } = {}): Promise<string[]> {
  const folder = isShipped(nameOrDir) ? shippedFolder(nameOrDir) : await existingFolder(nameOrDir, options.cwd)
  return problemsIn(readFiles({ folder, shownAs: nameOrDir }))
}

/**
 * Copies a contract into a new folder, to be edited; it takes the folder's name.
 * @returns the path of the new folder
 * @throws UsageError when the folder exists and is not empty, or cannot be made
 */
export async function copyContract(
  from: string,
  dir: string,
  options: { readonly cwd?: string } = {},
): Promise<string> {
  const original = isShipped(from) ? shippedFolder(from) : await existingFolder(from, options.cwd)
  if (dir === '') throw new UsageError('the folder name is empty; name a new folder, such as my-contract.')
  const folder = resolve(options.cwd ?? '.', dir)
  const files = readFiles({ folder: original, shownAs: from })
  const [problem] = files.unreadable
  if (problem !== undefined) throw new UsageError(problem)
  const existing = await promises.readdir(folder).catch((reason: unknown) => notThere(reason, dir))
  if (existing.length > 0) throw new UsageError(`${dir} exists and is not empty; name a new folder.`)
  try {
    await makePath(folder)
    for (const source of files.sources.values()) {
      const fileName = basename(source.fileName)
      const text = fileName === MANIFEST ? renamed(source, basename(folder)) : source.text
      await promises.writeFile(join(folder, fileName), text)
    }
  } catch (reason) {
    throw fileError(reason, dir)
  }
  return folder
}

/** Not mkdir's own recursion, which never ends below /proc (Node 20). */
async function makePath(path: string): Promise<void> {
  const found = await promises.stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return
  if (dirname(path) !== path) await makePath(dirname(path))
  await promises.mkdir(path)
}

function isShipped(name: string): boolean {
  return (SHIPPED_CONTRACTS as readonly string[]).includes(name)
}

async function existingFolder(nameOrDir: string, cwd = '.'): Promise<string> {
  const folder = resolve(cwd, nameOrDir)
  const found = await promises.stat(folder).catch((reason: unknown) => {
    const { code } = reason as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'ELOOP') throw fileError(reason, nameOrDir)
  })
  if (found?.isDirectory() === true) return folder
  if (found !== undefined)
    throw new UsageError(`${nameOrDir} is a file; a contract is the folder with its ${MANIFEST}.`)
  const near = nearest(nameOrDir, SHIPPED_CONTRACTS)
  const suggestion = near === undefined ? '.' : `; did you mean ${near}?`
  throw new UsageError(
    `unknown contract "${nameOrDir}"${suggestion} Shipped are ${SHIPPED_CONTRACTS.join(', ')}; or name the folder of your own.`,
  )
}

/** Reads at once and in this thread: for nine small files that is faster than any queue, and start-up waits for them. */
function readFiles(contract: { folder: string; shownAs: string }): ContractFiles {
  const sources = new Map<string, JsonSource>()
  const unreadable: string[] = []
  const expected = [MANIFEST, ...ALL_EVENT_TYPES.map(templateFile)]
  const shownPath = (name: string) => join(contract.shownAs, name)
  for (const name of expected) {
    try {
      // What is no plain file may have no end, and may never begin.
      const stats = statSync(join(contract.folder, name))
      if (!stats.isFile() && !stats.isDirectory())
        throw new UsageError(`${shownPath(name)} is a device or a pipe; it must be a JSON file.`)
      const bytes = stats.size > LARGEST_FILE_BYTES ? 'too-large' : readFileSync(join(contract.folder, name))
      if (bytes === 'too-large') throw new UsageError(`${shownPath(name)} is over 1 MB; that is no contract's file.`)
      sources.set(name, parseJsonSource(decodeJsonBytes(bytes, shownPath(name)), shownPath(name)))
    } catch (reason) {
      unreadable.push(reason instanceof UsageError ? reason.message : unreadableFile(reason, shownPath(name)))
    }
  }
  const present = filesIn(contract)
  for (const name of present.filter((other) => other.endsWith('.json') && !expected.includes(other))) {
    const near = nearest(name, expected)
    unreadable.push(`${shownPath(name)} belongs to no event${near === undefined ? '' : `; did you mean ${near}?`}`)
  }
  // Files are read at the same time and reported in the order of the events.
  return {
    shownAs: contract.shownAs,
    sources: new Map(expected.flatMap((name) => entry(sources, name))),
    unreadable: unreadable.toSorted(),
  }
}

function filesIn({ folder, shownAs }: { folder: string; shownAs: string }): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (reason) {
    throw fileError(reason, shownAs)
  }
}

function entry(sources: ReadonlyMap<string, JsonSource>, name: string): [string, JsonSource][] {
  const source = sources.get(name)
  return source === undefined ? [] : [[name, source]]
}

function unreadableFile(reason: unknown, path: string): string {
  const { code } = reason as NodeJS.ErrnoException
  if (code === 'ENOENT') return `${path} is missing; "qualifio-sim contract new DIR" makes a whole contract to edit.`
  if (code === 'EISDIR') return `${path} is a folder; it must be a JSON file.`
  const error = fileError(reason, path)
  if (error instanceof UsageError) return error.message
  throw error
}

function notThere(reason: unknown, dir: string): string[] {
  const { code } = reason as NodeJS.ErrnoException
  if (code === 'ENOENT') return []
  if (code === 'ENOTDIR') throw new UsageError(`${dir} is a file; name a new folder.`)
  throw fileError(reason, dir)
}
