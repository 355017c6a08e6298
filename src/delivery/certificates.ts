import { X509Certificate } from 'node:crypto'
import { UsageError } from '../errors.ts'

const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]*?-----END \1-----/g

/**
 * The certificates of a PEM text, without what stands between them. Checked here, because TLS takes no notice of what
 * it cannot read, and then says that the receiver's certificate is self-signed.
 * @param where the flag and the file, for the error
 * @throws UsageError when there is none, or one of them cannot be read
 */
export function parseCertificates(text: string, where: string): string {
  const blocks = [...text.matchAll(BLOCK)].map(([block]) => block)
  if (blocks.length === 0) {
    const instead = text.includes('PRIVATE KEY-----')
      ? ', but a private key; give the certificate that belongs to it'
      : '; give a file with "-----BEGIN CERTIFICATE-----" in it'
    throw new UsageError(`${where}: holds no certificate (PEM)${instead}`)
  }
  for (const [index, block] of blocks.entries()) {
    if (!isReadable(block)) {
      const which = blocks.length === 1 ? 'the certificate' : `certificate ${index + 1} of ${blocks.length}`
      throw new UsageError(`${where}: ${which} cannot be read; is the file complete?`)
    }
  }
  return `${blocks.join('\n')}\n`
}

function isReadable(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0
  } catch {
    return false
  }
}
