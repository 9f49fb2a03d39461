import { networkFailure } from './network-failure.ts'

export interface TokenEndpoint {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
}

const deadlineMs = 5_000
const largestReply = 64 * 1024
const longestLifeSeconds = 86_400
/** A token is fetched anew when less than this share of its life is left. */
const renewAtShare = 0.2

/** OAuth 2.0 client credentials: gives a token that is valid now, asking the endpoint only when the last one nears its end. */
export function tokenProvider({ url, clientId, clientSecret, scopes }: TokenEndpoint): () => Promise<string> {
  let known: { readonly token: string; readonly renewAt: number } | undefined
  let asking: Promise<string> | undefined

  const ask = async (): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    if (scopes.length > 0) body.set('scope', scopes.join(' '))
    const credentials = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    }).catch((error: unknown) => {
      throw new Error(`the token endpoint does not answer: ${networkFailure(causeOf(error)).failure.detail}`)
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new Error(`the token endpoint answered with status ${response.status}`)
    }
    const { token, lifeMs } = readToken(await smallText(response))
    known = { token, renewAt: performance.now() + lifeMs * (1 - renewAtShare) }
    return token
  }
  return async () => {
    if (known !== undefined && performance.now() < known.renewAt) return known.token
    asking ??= ask().finally(() => (asking = undefined))
    return asking
  }
}

/** fetch says only that it failed. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

/** Reads the endpoint's answer; throws when it holds no token. Exported for tests. */
export function readToken(text: string): { readonly token: string; readonly lifeMs: number } {
  const { access_token: token, expires_in: seconds } = fieldsOf(text)
  if (typeof token !== 'string' || token === '') throw new Error('the token endpoint gave no access_token')
  // JSON can say 1e999: a token that lives for ever would never be renewed.
  const given = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, longestLifeSeconds) : 60
  return { token, lifeMs: given * 1_000 }
}

/** The errors of JSON.parse quote the text, and this one may be a token. */
function fieldsOf(text: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch {
    throw new Error('the token endpoint answered with what is no JSON')
  }
}

async function smallText(response: Response): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    const bytes = Buffer.from(chunk as Uint8Array)
    length += bytes.length
    if (length > largestReply) throw new Error(`the token endpoint sent more than ${largestReply} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString()
}
