import { loadContract } from '../../contract/contract.ts'
import { UsageError } from '../../errors.ts'
import { verify, type SignatureFault } from '../../signing/signature.ts'
import { defineCommand } from '../command.ts'
import { accepted, readSecretFile } from '../endpoint.ts'
import { explanationTexts, frameworkHere } from '../explanation.ts'
import { readBody } from '../files.ts'
import { verifyOptions } from '../options/commands.ts'

const WHY: Readonly<Record<SignatureFault, string>> = {
  missing: 'the signature is empty',
  'no-prefix': 'it does not start with the prefix of the contract, sha256=',
  'not-hex': 'after the prefix it has something other than lower-case hexadecimal digits',
  'not-base64': 'after the prefix it is not base64',
  'wrong-length': 'the digest has the wrong length: it was cut, or made by another algorithm than SHA-256',
  mismatch:
    'no secret given here made it from these bytes: another secret, or a body that was changed, re-serialised or trimmed',
}

/** The whole header line is what people copy; its name is not part of the value. */
function withoutName(text: string, headerName: string): string {
  const name = `${headerName.toLowerCase()}:`
  return (text.toLowerCase().startsWith(name) ? text.slice(name.length) : text).trim()
}

/** `verify --signature … [file|-]`: exit 0 or 1, and why. */
export const verifyCommand = defineCommand({
  name: 'verify',
  summary: 'whether a signature is right for a body, and why not',
  description: 'Tells whether a signature is right for exactly the bytes of a body. Exit code 0: valid, 1: not.',
  arguments: [{ syntax: '[file]', description: 'the body; - or nothing reads standard input' }],
  options: verifyOptions,
  exclusive: [['secret', 'secretFile']],
  examples: [
    {
      line: 'qualifio-sim verify payload.json --secret my-secret --signature sha256=b30d17…',
      does: 'a body in a file',
    },
    {
      line: 'qualifio-sim verify payload.json --secret my-secret --explain --signature sha256=b30d17…',
      does: 'what was signed instead, and how to mend it',
    },
    {
      line: 'qualifio-sim verify payload.json --secret new --secret old --signature sha256=b30d17…',
      does: 'while a secret is being replaced',
    },
  ],
  async run(context, [file], options) {
    if (options.signature === undefined) throw new UsageError('--signature is required: what the header held, sha256=…')
    const secrets = options.secret.map((secret) => accepted(context, secret))
    if (options.secretFile !== undefined) secrets.push(readSecretFile(context, options.secretFile))
    if (secrets.length === 0) throw new UsageError('--secret is required, or --secret-file.')
    const { signature: format } = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    const body = await readBody(context, file)
    const value = withoutName(options.signature, format.header)
    const result = verify(secrets, body, value, format)
    if (!options.quiet) {
      const which = result.valid && secrets.length > 1 ? ` (secret ${result.secretIndex + 1} of ${secrets.length})` : ''
      const verdict = result.valid ? `valid${which}` : `not valid: ${WHY[result.reason]}`
      context.stdout.write(`${verdict}; ${body.length} bytes\n`)
    }
    if (options.explain && !result.valid && !options.quiet) {
      const framework = frameworkHere(context)
      const texts = await explanationTexts({ secrets, bytes: body, given: value, found: 'header', format, framework })
      context.stdout.write(texts.map((text) => `  ${text}\n`).join(''))
    }
    return result.valid ? 0 : 1
  },
})
