import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** An authority of our own, and what it signed; made afresh, so that none expires in the repository. */
export interface TestCertificates {
  /** The authority: what `--cacert` is given. */
  readonly ca: string
  /** For localhost and 127.0.0.1. */
  readonly good: Certificate
  /** Right in everything but the host name. */
  readonly wrongName: Certificate
  /** Right in everything but the date. */
  readonly expired: Certificate
  /** For localhost, signed by itself. */
  readonly selfSigned: Certificate
}

/** Makes the certificates with the openssl at `openssl`. */
export function makeCertificates(openssl: string): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'qualifio-sim-tls-'))
  const at = (name: string) => join(folder, name)
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'pipe' })
  const read = (name: string): Certificate => ({
    cert: readFileSync(at(`${name}.pem`), 'utf8'),
    key: readFileSync(at(`${name}.key`), 'utf8'),
  })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const localhost = 'DNS:localhost,IP:127.0.0.1'

  function signed(name: string, names: string, days: number): Certificate {
    writeFileSync(at(`${name}.ext`), `subjectAltName=${names}\n`)
    run('req', '-new', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
    run(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...by,
      '-days',
      `${days}`,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    )
    return read(name)
  }

  try {
    run('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority', '-days', '2')
    const selfSigned = ['-keyout', 'self.key', '-out', 'self.pem', '-subj', '/CN=localhost', '-days', '2']
    run('req', '-x509', ...newKey, ...selfSigned, '-addext', `subjectAltName=${localhost}`)
    return {
      ca: read('ca').cert,
      good: signed('good', localhost, 2),
      wrongName: signed('wrong', 'DNS:other.example', 2),
      expired: signed('expired', localhost, -1),
      selfSigned: read('self'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
