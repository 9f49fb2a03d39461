import { describe, expect, it } from 'vitest'
import { Connection, type ConnectionOptions } from '../../../src/sources/kafka/connection.ts'
import { saslLogin, type SaslOptions } from '../../../src/sources/kafka/sasl.ts'
import type { Failure } from '../../../src/model/result.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { askMetadata, opened, patient, plain, timed, Told } from '../../support/connections.ts'
import { announces, close, http, reset, says, silent, trickle } from '../../support/fake-behaviours.ts'
import { bearerServer, plainServer, scramServer, wantsLogin, type SaslServer } from '../../support/fake-sasl.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { failureOf } from '../../support/results.ts'

const startBroker = brokersOfEachTest()
const password = 'dragon-fly-42'
const wrong = 'butter-fly-17'
const user = { username: 'monitor', password, token: undefined }

async function brokerWith(mechanism: string, servers: () => SaslServer): Promise<FakeBroker> {
  const broker = await startBroker()
  wantsLogin(broker, mechanism, servers)
  return broker
}

function withLogin(options: SaslOptions): ConnectionOptions {
  return { ...plain, login: saslLogin(options) }
}

/** How the login fails; no secret is in what is said of it. */
async function refusal(broker: FakeBroker, options: SaslOptions, deadlineMs = patient): Promise<Failure> {
  const failure = failureOf(await Connection.open(broker.address, withLogin(options), {}, deadlineMs))
  for (const secret of [password, wrong, Buffer.from(wrong).toString('base64')]) {
    expect(failure.detail).not.toContain(secret)
  }
  await broker.abandoned()
  return failure
}

describe.each([
  { mechanism: 'PLAIN', server: () => plainServer('monitor', password) },
  { mechanism: 'SCRAM-SHA-256', server: () => scramServer({ hash: 'sha256', ...user }) },
  { mechanism: 'SCRAM-SHA-512', server: () => scramServer({ hash: 'sha512', ...user }) },
  { mechanism: 'OAUTHBEARER', server: () => bearerServer('good-token') },
] as const)('$mechanism', ({ mechanism, server }) => {
  const bearer = mechanism === 'OAUTHBEARER'
  const good = { mechanism, ...user, token: bearer ? () => Promise.resolve('good-token') : undefined }
  const bad = { ...good, password: wrong, token: bearer ? () => Promise.resolve(wrong) : undefined }

  it('logs in and asks', async () => {
    const broker = await brokerWith(mechanism, server)
    const told = new Told()
    const connection = await opened(broker.address, told, withLogin(good))
    expect((await askMetadata(connection)).ok).toBe(true)
    expect(new Set(told.sent)).toEqual(new Set(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'Metadata']))
    connection.destroy()
  })

  it('wrong password or token: auth', async () => {
    const broker = await brokerWith(mechanism, server)
    expect((await refusal(broker, bad)).reason).toBe('auth')
    expect(broker.count('Metadata')).toBe(0)
  })

  it('not offered: auth, and says what is', async () => {
    const broker = await brokerWith('GSSAPI', server)
    const failure = await refusal(broker, good)
    expect(failure).toEqual({ reason: 'auth', detail: `the broker offers GSSAPI, not ${mechanism}` })
  })

  it.each(['SaslHandshake', 'SaslAuthenticate'] as const)('silence at %s: hung, by the deadline', async (api) => {
    const broker = await brokerWith(mechanism, server)
    broker.behaviours = { [api]: silent }
    const { result, ms } = await timed(refusal(broker, good, 400))
    expect(result).toMatchObject({ reason: 'hung' })
    expect(result.detail).toContain('no answer to')
    expect(ms).toBeGreaterThan(300)
  })

  it.each([
    ['closed', close, 'closed'],
    ['reset', reset, 'closed'],
    ['an HTTP server', http, 'protocol'],
    ['2 MiB before the login', announces(2 << 20), 'protocol'],
    ['garbage', says('\0\0\0\x06\0\0\0\x03\0\0'), 'protocol'],
  ] as const)('%s in the middle', async (_, behaviour, reason) => {
    const broker = await brokerWith(mechanism, server)
    broker.behaviours = { SaslAuthenticate: behaviour }
    expect((await refusal(broker, good)).reason).toBe(reason)
  })

  it('takes answers that trickle in', async () => {
    const broker = await brokerWith(mechanism, server)
    broker.behaviours = { every: trickle }
    const connection = await opened(broker.address, new Told(), withLogin(good))
    connection.destroy()
  })
})

describe('SCRAM', () => {
  const options: SaslOptions = { mechanism: 'SCRAM-SHA-256', ...user }
  const twist = (change: Partial<Parameters<typeof scramServer>[0]>) => () =>
    scramServer({ hash: 'sha256', ...user, ...change })

  const many = '2147483647'
  it.each([
    ['2^31', (first: string) => first.replace('i=4096', 'i=2147483648')],
    ['a billion', (first: string) => first.replace('i=4096', 'i=1000000000')],
    ['a million and one', (first: string) => first.replace('i=4096', 'i=1000001')],
    ['the second of two', (first: string) => `${first},i=${many}`],
    ['a number after a blank', (first: string) => first.replace('i=4096', `i= ${many}`)],
    ['a number with a sign', (first: string) => first.replace('i=4096', `i=+${many}`)],
  ])('%s hash rounds are refused before any is done', async (_, first) => {
    const broker = await brokerWith('SCRAM-SHA-256', twist({ first }))
    const { result, ms } = await timed(refusal(broker, options, 60_000))
    expect(result.reason).toBe('auth')
    expect(result.detail).toContain('iterations')
    expect(ms).toBeLessThan(10_000)
  })

  it.each([
    ['too few rounds', { first: (right: string) => right.replace('i=4096', 'i=1') }],
    ['no rounds', { first: (right: string) => right.replace(',i=4096', '') }],
    ["another client's nonce", { first: (right: string) => right.replace('r=', 'r=x') }],
    ['no sense', { first: () => 'what?' }],
    ['nothing', { first: () => '' }],
    ['a signature that proves nothing', { last: () => 'v=AAAA' }],
    ['no signature', { last: () => 'r=x' }],
    ['an error', { last: () => 'e=other-error' }],
  ])('a server that sends %s is not logged in to', async (_, change) => {
    const broker = await brokerWith('SCRAM-SHA-256', twist(change))
    expect((await refusal(broker, options)).reason).toBe('auth')
  })

  it('user names with = and , are escaped', async () => {
    const broker = await brokerWith('SCRAM-SHA-256', twist({ username: 'a=3Db=2Cc' }))
    const connection = await opened(broker.address, new Told(), withLogin({ ...options, username: 'a=b,c' }))
    connection.destroy()
  })
})

describe('OAUTHBEARER', () => {
  const bearer = (token: () => Promise<string>): SaslOptions => ({
    mechanism: 'OAUTHBEARER',
    username: undefined,
    password: undefined,
    token,
  })

  it('a rejected token is an auth failure with the words of the broker', async () => {
    const broker = await brokerWith('OAUTHBEARER', () => bearerServer('good'))
    const failure = await refusal(broker, bearer(() => Promise.resolve('bad'))) // prettier-ignore
    expect(failure.reason).toBe('auth')
    expect(failure.detail).toContain('invalid_token')
  })

  it('no token: auth, and says why', async () => {
    const broker = await brokerWith('OAUTHBEARER', () => bearerServer('good'))
    const none = bearer(() => Promise.reject(new Error('the token endpoint answered with status 401')))
    const failure = await refusal(broker, none)
    expect(failure.reason).toBe('auth')
    expect(failure.detail).toContain('the token endpoint answered with status 401')
  })

  it('a slow token endpoint costs no more than the deadline, and is not taken for a hung broker', async () => {
    const broker = await brokerWith('OAUTHBEARER', () => bearerServer('good'))
    let give: (token: string) => void = () => undefined
    const slow = bearer(() => new Promise((resolve) => (give = resolve)))
    const settled = timed(refusal(broker, slow, 200))
    const { result, ms } = await settled
    give('good')
    expect(result.reason).toBe('auth')
    expect(result.detail).toContain('token')
    expect(ms).toBeGreaterThan(150)
    expect(ms).toBeLessThan(4_000)
  })
})
