import { loadContract } from '../../contract/contract.ts'
import { UsageError } from '../../errors.ts'
import { sign } from '../../signing/signature.ts'
import { parseSignatureHeader } from '../../signing/authorization.ts'
import { defineCommand } from '../command.ts'
import { readSecret } from '../endpoint.ts'
import { readBody } from '../files.ts'
import { signOptions } from '../options/commands.ts'

/** `sign [file|-]`: the signature header of exactly these bytes. */
export const signCommand = defineCommand({
  name: 'sign',
  summary: 'the signature header of a body',
  description: 'Prints the signature header of a body: HMAC with SHA-256 over exactly its bytes, whitespace and all.',
  arguments: [{ syntax: '[file]', description: 'the body; - or nothing reads standard input' }],
  options: signOptions,
  exclusive: [['secret', 'secretFile']],
  examples: [
    { line: 'qualifio-sim sign payload.json --secret my-secret', does: 'the header line' },
    { line: "printf '[]' | qualifio-sim sign --secret my-secret --value", does: 'the value alone, of standard input' },
  ],
  async run(context, [file], options) {
    const secret = readSecret(context, options)
    if (secret === undefined) throw new UsageError('--secret is required, or --secret-file.')
    const { signature } = await loadContract(options.contract ?? 'assumed-1', { cwd: context.cwd })
    const header =
      options.signatureHeader === undefined ? signature.header : parseSignatureHeader(options.signatureHeader)
    const value = sign(secret, await readBody(context, file), signature)
    context.stdout.write(`${options.value ? value : `${header}: ${value}`}\n`)
    return 0
  },
})
