import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Paths of certificates made for one test run; nothing of the kind is ever committed. */
export interface TlsMaterial {
  readonly directory: string
  readonly ca: string
  readonly otherCa: string
  /** Signs a certificate for localhost and 127.0.0.1 by the authority and gives the two paths. */
  issue(name: string, by?: 'ca' | 'otherCa'): { readonly cert: string; readonly key: string }
  remove(): void
}

export function makeTlsMaterial(): TlsMaterial {
  const directory = mkdtempSync(join(tmpdir(), 'tls-'))
  const at = (name: string) => join(directory, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  for (const name of ['ca', 'otherCa']) {
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    )
  }
  return {
    directory,
    ca: at('ca.pem'),
    otherCa: at('otherCa.pem'),
    issue(name, by = 'ca') {
      const [cert, key] = [at(`${name}.pem`), at(`${name}.key`)]
      openssl(
        'req',
        '-x509',
        ...newKey,
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
        '-CA',
        at(`${by}.pem`),
        '-CAkey',
        at(`${by}.key`),
      )
      return { cert, key }
    },
    remove() {
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
