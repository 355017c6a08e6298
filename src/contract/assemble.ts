import type { Contract, ContractFile } from './contract-file.ts'
import { findDiscriminator } from './discriminator.ts'
import { ALL_EVENT_TYPES } from './event-types.ts'
import type { EventType } from './event-types.ts'
import { parseJsonSource } from './json-source.ts'
import { parseTemplate } from './template.ts'
import type { Template } from './template-node.ts'

/** A file of a contract that is known to be right: how errors name it, and its text. */
export interface TrustedFile {
  readonly fileName: string
  readonly text: string
}

/**
 * A contract from files without problems. A template is parsed when it is first needed: a run that sends
 * earnings parses one of the eight, and start-up is part of the product.
 */
export function assembleContract(
  manifest: ContractFile,
  templateFiles: Readonly<Record<EventType, TrustedFile>>,
): Contract {
  const { contract: _version, contentType = 'application/json', ...rest } = manifest
  const templates = {} as Record<EventType, Template>
  for (const type of ALL_EVENT_TYPES) {
    defineLazily(templates, type, () => {
      const { fileName, text } = templateFiles[type]
      return parseTemplate(parseJsonSource(text, fileName)).template
    })
  }
  const contract = { ...rest, contentType, templates }
  return defineLazily(contract, 'discriminator', () => {
    const discriminator = findDiscriminator(templates)
    if (discriminator === undefined) throw new Error(`the contract ${manifest.name} has no discriminator`)
    return discriminator
  }) as Contract
}

/** Gives an object a property whose value is made when it is first read. */
function defineLazily(object: object, key: string, make: () => unknown): object {
  return Object.defineProperty(object, key, {
    enumerable: true,
    configurable: true,
    get() {
      const value = make()
      Object.defineProperty(object, key, { value, enumerable: true })
      return value
    },
  })
}
