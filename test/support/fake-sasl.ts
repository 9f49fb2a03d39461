import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { Reader } from '../../src/sources/kafka/reader.ts'
import { Writer } from '../../src/sources/kafka/writer.ts'
import type { FakeBroker } from './fake-broker.ts'
import type { Request } from './requests.ts'

/** What a step of a SASL exchange answers: bytes, or an error message of the broker. */
type Step = { readonly bytes: string } | { readonly error: string }

/** One side of the exchange on one connection: given the client's bytes, in turn. */
export type SaslServer = (client: string) => Step

/** Makes a fake broker ask for a login; `servers` makes the server's side for each new connection. */
export function wantsLogin(broker: FakeBroker, mechanism: string, servers: () => SaslServer): void {
  const sessions = new Map<number, SaslServer>()
  broker.bodyOf = (request, connection) => {
    if (request.api === 'SaslHandshake') {
      const asked = new Reader(request.body).string(false)
      sessions.set(connection, servers())
      return new Writer()
        .int16(asked === mechanism ? 0 : 33)
        .int32(1)
        .string(mechanism, false)
        .finish()
    }
    const step = sessions.get(connection)?.(bytesOf(request)) ?? { error: 'no handshake' }
    return 'error' in step
      ? new Writer().int16(58).string(step.error, false).int32(-1).finish()
      : new Writer().int16(0).string(null, false).int32(Buffer.byteLength(step.bytes)).raw(Buffer.from(step.bytes)).finish() // prettier-ignore
  }
}

function bytesOf({ body }: Request): string {
  return new Reader(body).bytes().toString()
}

export function plainServer(username: string, password: string): SaslServer {
  return (client) =>
    client === `\0${username}\0${password}`
      ? { bytes: '' }
      : { error: 'Authentication failed: Invalid username or password' }
}

export interface ScramOptions {
  readonly hash: 'sha256' | 'sha512'
  readonly username: string
  readonly password: string
  readonly iterations?: string
  /** Replaces the server's first message. */
  readonly first?: (right: string) => string
  /** Replaces the server's last message. */
  readonly last?: (right: string) => string
}

/** RFC 5802, as far as a client can tell. */
export function scramServer({ hash, username, password, iterations = '4096', first, last }: ScramOptions): SaslServer {
  const salt = Buffer.from('some salt')
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest()
  let said: { readonly client: string; readonly server: string } | undefined
  return (client) => {
    if (said === undefined) {
      const bare = client.slice('n,,'.length)
      if (!bare.startsWith(`n=${username},`)) return { error: 'no such user' }
      const nonce = `${/,r=(.*)$/.exec(bare)?.[1] ?? ''}server`
      const right = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`
      said = { client: bare, server: first?.(right) ?? right }
      return { bytes: said.server }
    }
    const [withoutProof = '', proof = ''] = client.split(',p=')
    const salted = pbkdf2Sync(password, salt, Number(iterations), hash === 'sha256' ? 32 : 64, hash)
    const text = `${said.client},${said.server},${withoutProof}`
    const clientKey = hmac(salted, 'Client Key')
    const signature = hmac(createHash(hash).update(clientKey).digest(), text)
    const right = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64')
    if (proof !== right) return { error: 'Authentication failed during authentication due to invalid credentials' }
    const verified = `v=${hmac(hmac(salted, 'Server Key'), text).toString('base64')}`
    return { bytes: last?.(verified) ?? verified }
  }
}

/** As Kafka does it: a token it does not take is answered without an error code, and the error comes one step later. */
export function bearerServer(token: string): SaslServer {
  return (client) => {
    if (client === '\x01') return { error: '{"status":"invalid_token"}' }
    return { bytes: client === `n,,\x01auth=Bearer ${token}\x01\x01` ? '' : '{"status":"invalid_token"}' }
  }
}
