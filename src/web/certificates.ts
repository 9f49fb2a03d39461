import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls'

/** Go's policies for client certificates. */
export type ClientAuth = 'none' | 'request' | 'require_any' | 'verify_if_given' | 'require_and_verify'

export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
  readonly clientCaPath: string | undefined
  readonly clientAuth: ClientAuth
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
}

/** What the files hold now. Rejects if one cannot be read, or if OpenSSL takes them not, as while only one of two is renewed. */
export async function readCertificates(files: TlsFiles): Promise<SecureContextOptions> {
  const [cert, key, ca] = await Promise.all([
    readFile(files.certPath),
    readFile(files.keyPath),
    files.clientCaPath === undefined ? undefined : readFile(files.clientCaPath),
  ])
  const options = { cert, key, minVersion: files.minVersion, ...(ca ? { ca } : {}) }
  createSecureContext(options)
  return options
}

/** Node's two switches for the policy. What it cannot say with them is done by `admits` after the handshake. */
export function handshakeOptions(policy: ClientAuth): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: policy !== 'none', rejectUnauthorized: policy === 'require_and_verify' }
}

export function admits(policy: ClientAuth, socket: TLSSocket): boolean {
  const given = Object.keys(socket.getPeerCertificate()).length > 0
  if (policy === 'require_any') return given
  if (policy === 'verify_if_given') return !given || socket.authorized
  return true
}

export interface Renewal {
  /** Looks at the files once; calls `use` if they hold something new and good. Never rejects. */
  readonly look: () => Promise<void>
}

/** Notices renewed certificates by content: a mounted secret changes by a link that no watch reports reliably. */
export function renewal(
  files: TlsFiles,
  first: SecureContextOptions,
  use: (options: SecureContextOptions) => void,
  onError: (what: string, error: unknown) => void,
): Renewal {
  let inUse = textOf(first)
  let lastError = ''
  return {
    async look() {
      try {
        const options = await readCertificates(files)
        if (textOf(options) !== inUse) use(options)
        inUse = textOf(options)
        lastError = ''
      } catch (error) {
        // The old ones go on being used. The same trouble is told once, not at every look.
        const text = String(error)
        if (text !== lastError) onError('the renewed TLS files cannot be used, the old ones stay in use', error)
        lastError = text
      }
    },
  }
}

function textOf({ cert, key, ca }: SecureContextOptions): string {
  return [cert, key, ca].map(String).join('\n')
}
