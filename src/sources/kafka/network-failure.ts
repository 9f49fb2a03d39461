import { failed, type FailureReason } from '../../model/result.ts'

const byCode: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  ECONNABORTED: 'closed',
  EPIPE: 'closed',
  ERR_STREAM_DESTROYED: 'closed',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'no_route',
  ENETUNREACH: 'no_route',
  EHOSTDOWN: 'no_route',
  ENETDOWN: 'no_route',
  EADDRNOTAVAIL: 'no_route',
  ENOTFOUND: 'no_route',
  EAI_AGAIN: 'no_route',
  EAI_FAIL: 'no_route',
  EPROTO: 'tls',
}

/** OpenSSL's words on a certificate or a handshake. */
const tlsCode = /CERT|SSL|TLS|SIGNED|ISSUER|SIGNATURE|CRL|INVALID_CA|PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|UNSPECIFIED/

/** Total: every error of node:net, node:tls and node:dns gets one of the contract's reasons. */
export function networkFailure(error: unknown): ReturnType<typeof failed> {
  const code = codeOf(error)
  const detail = error instanceof Error && error.message !== '' ? error.message : (code ?? 'unknown network error')
  const reason = code === undefined ? undefined : byCode[code]
  if (reason !== undefined) return failed(reason, detail)
  return failed(code !== undefined && tlsCode.test(code) ? 'tls' : 'no_route', detail)
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  // A host with several addresses fails with one error for each.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}
