import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { isWrong, show, type Wrong } from './text.ts'

/** At least one certificate that parses. `what` names the file in messages. */
export function checkCertificates(pem: string, what: string): readonly X509Certificate[] | Wrong {
  const blocks = pem.match(
    /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g,
  )
  if (!blocks) return { wrong: `${show(what)} holds no PEM certificate` }
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return { wrong: `${show(what)} holds a certificate that cannot be parsed` }
  }
}

function privateKey(pem: string, what: string): KeyObject | Wrong {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    return { wrong: `${show(what)} holds an encrypted private key; it has to be stored without a passphrase` }
  }
  try {
    return createPrivateKey(pem)
  } catch {
    return { wrong: `${show(what)} holds no PEM private key` }
  }
}

/** Wrong unless the private key belongs to the first certificate, and OpenSSL takes both. OpenSSL's reasons hold no key material. */
export function checkPair(cert: Pem, key: Pem): Wrong | undefined {
  const certificates = checkCertificates(cert.pem, cert.path)
  if (isWrong(certificates)) return certificates
  const own = privateKey(key.pem, key.path)
  if (isWrong(own)) return own
  if (!certificates[0]?.checkPrivateKey(own)) {
    return { wrong: `${show(key.path)} is not the private key of the certificate in ${show(cert.path)}` }
  }
  try {
    createSecureContext({ cert: cert.pem, key: key.pem })
    return undefined
  } catch (error) {
    const reason = error instanceof Error && 'reason' in error ? String(error.reason) : 'unknown reason'
    return { wrong: `${show(cert.path)} is refused by OpenSSL: ${reason}` }
  }
}

export interface Pem {
  readonly path: string
  readonly pem: string
}
