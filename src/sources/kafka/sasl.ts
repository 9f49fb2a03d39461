import oauthBearer from 'kafkajs/src/broker/saslAuthenticator/oauthBearer.js'
import plain from 'kafkajs/src/broker/saslAuthenticator/plain.js'
import scram256 from 'kafkajs/src/broker/saslAuthenticator/scram256.js'
import scram512 from 'kafkajs/src/broker/saslAuthenticator/scram512.js'
import { failed, success, type Failure } from '../../model/result.ts'
import type { Call } from './api.ts'
import type { Login } from './connection.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const providers = {
  PLAIN: plain,
  'SCRAM-SHA-256': scram256,
  'SCRAM-SHA-512': scram512,
  OAUTHBEARER: oauthBearer,
} as const

export interface SaslOptions {
  readonly mechanism: keyof typeof providers
  readonly username: string | undefined
  readonly password: string | undefined
  /** OAUTHBEARER: a token that is valid now. */
  readonly token: (() => Promise<string>) | undefined
}

/** A server may ask a SCRAM client for any number of hash rounds; more than this is an attack on its CPU. */
const mostScramRounds = 1_000_000

/** kafkajs gives the mechanisms; every byte of theirs travels as SaslAuthenticate over our own connection. */
export function saslLogin(options: SaslOptions): Login {
  return async (connection, target, left) => {
    const handshake = await connection.request(handshakeCall(options.mechanism), left())
    if (!handshake.ok) return handshake
    let broken: Failure | undefined
    const exchange = async ({ request, response }: KafkajsSaslExchange): Promise<unknown> => {
      const reply = await connection.request(authenticateCall(await request.encode()), left())
      if (!reply.ok) {
        broken = reply.failure
        throw new Error(reply.failure.detail)
      }
      // Kafka refuses a bearer token in two steps: what is wrong with it, then, asked for with one byte more, the error.
      if (response === undefined && reply.value.length > 4) throw new Error(reply.value.toString('utf8', 4, 204))
      const parsed = response === undefined ? undefined : await response.parse(await response.decode(reply.value))
      const rounds = options.mechanism.startsWith('SCRAM') ? scramRounds(parsed) : 0
      if (rounds > mostScramRounds) throw new Error(`${rounds} SCRAM iterations asked for, ${mostScramRounds} at most`)
      return parsed
    }
    try {
      const sasl = {
        username: options.username,
        password: options.password,
        oauthBearerProvider: async () => ({ value: await tokenWithin(options.token, left()) }),
      }
      const logger = { debug: () => undefined, error: () => undefined }
      await providers[options.mechanism](sasl)({ ...target, logger, saslAuthenticate: exchange }).authenticate()
      return success(undefined)
    } catch (error) {
      return broken === undefined ? failed('auth', String(error)) : { ok: false, failure: broken }
    }
  }
}

/** As kafkajs is going to read it: whatever else the message holds, this is the number that counts. */
function scramRounds(parsed: unknown): number {
  const { i } = parsed as { readonly i?: string }
  return i === undefined ? 0 : Number.parseInt(i, 10)
}

/** A token endpoint that is slow must not make the broker look hung. */
async function tokenWithin(token: SaslOptions['token'], ms: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no token within ${Math.round(ms)} ms`)), ms)
  })
  try {
    return await Promise.race([token?.(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Exported for tests, as is `authenticateCall`. */
export function handshakeCall(mechanism: string): Call<undefined> {
  return {
    api: 'SaslHandshake',
    version: 1,
    flexible: false,
    body: new Writer().string(mechanism, false).finish(),
    decode: (reply) => {
      const reader = new Reader(reply)
      const error = reader.int16()
      const offered: string[] = []
      const count = reader.count(false, 2)
      for (let i = 0; i < count && reader.ok(); i++) offered.push(reader.string(false))
      if (reader.failure !== undefined) return failed('protocol', `SaslHandshake reply: ${reader.failure}`)
      if (error === 0) return success(undefined)
      return failed('auth', `the broker offers ${offered.join(', ') || 'no SASL mechanism'}, not ${mechanism}`)
    },
  }
}

/** `body` and the value are length-prefixed bytes, as kafkajs encodes and decodes them. */
export function authenticateCall(body: Buffer): Call<Buffer> {
  return {
    api: 'SaslAuthenticate',
    version: 0,
    flexible: false,
    body,
    decode: (reply) => {
      const reader = new Reader(reply)
      const error = reader.int16()
      const message = reader.nullableString(false)
      const bytes = reader.bytes()
      if (reader.failure !== undefined) return failed('protocol', `SaslAuthenticate reply: ${reader.failure}`)
      if (error !== 0) return failed('auth', message ?? `SaslAuthenticate refused with error ${error}`)
      const prefixed = Buffer.alloc(4 + bytes.length)
      prefixed.writeInt32BE(bytes.length, 0)
      bytes.copy(prefixed, 4)
      return success(prefixed)
    },
  }
}
