/** The parts of kafkajs 2.2.4 that `sasl.ts` uses; it has types for its public face only. */
interface KafkajsSaslExchange {
  request: { encode(): Promise<Buffer> }
  response?: { decode(reply: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> }
}

interface KafkajsAuthenticatorContext {
  host: string
  port: number
  logger: { debug(message: string): void; error(message: string): void }
  saslAuthenticate(exchange: KafkajsSaslExchange): Promise<unknown>
}

type KafkajsAuthenticatorProvider = (
  sasl: unknown,
) => (context: KafkajsAuthenticatorContext) => { authenticate(): Promise<void> }

declare module 'kafkajs/src/broker/saslAuthenticator/plain.js' {
  const provider: KafkajsAuthenticatorProvider
  export default provider
}
declare module 'kafkajs/src/broker/saslAuthenticator/scram256.js' {
  const provider: KafkajsAuthenticatorProvider
  export default provider
}
declare module 'kafkajs/src/broker/saslAuthenticator/scram512.js' {
  const provider: KafkajsAuthenticatorProvider
  export default provider
}
declare module 'kafkajs/src/broker/saslAuthenticator/oauthBearer.js' {
  const provider: KafkajsAuthenticatorProvider
  export default provider
}
