import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { Connection } from '../../../src/sources/kafka/connection.ts'
import { networkFailure } from '../../../src/sources/kafka/network-failure.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { askMetadata, opened, openHandles, patient, plain, Told } from '../../support/connections.ts'
import { http, reset, silent, wrongId } from '../../support/fake-behaviours.ts'
import { failureOf } from '../../support/results.ts'

const startBroker = brokersOfEachTest()
const secured = { ...plain, tls: {} }

async function closedPort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe.each([
  ['plain', plain],
  ['TLS', secured],
])('%s', (_, options) => {
  it('a closed port is refused', async () => {
    const target = { host: '127.0.0.1', port: await closedPort() }
    const failure = failureOf(await Connection.open(target, options, {}, patient))
    expect(failure).toEqual({ reason: 'refused', detail: `connect ECONNREFUSED 127.0.0.1:${target.port}` })
  })

  it('a host name whose addresses all refuse is refused', async () => {
    const target = { host: 'localhost', port: await closedPort() }
    expect(failureOf(await Connection.open(target, options, {}, patient)).reason).toBe('refused')
  })

  it.each([0, -1, 65_536, 2 ** 31 - 1, Number.NaN])('port %d is no address', async (port) => {
    const failure = failureOf(await Connection.open({ host: '127.0.0.1', port }, options, {}, patient))
    expect(failure).toEqual({ reason: 'no_route', detail: `impossible address "127.0.0.1:${port}"` })
  })

  // The brackets belong to the text of an address only; the rest are texts that no resolver takes.
  const hosts = [
    '',
    ' ',
    '.',
    '[::1]',
    'a\0b',
    '::1%nowhere',
    '1.2.3.4.5',
    'x'.repeat(300),
    'ü'.repeat(70),
    '\u{1f600}',
  ]
  it.each(hosts)('host %j fails and does not throw', async (host) => {
    expect(failureOf(await Connection.open({ host, port: 9 }, options, {}, 2_000)).reason).toMatch(
      /^(no_route|refused|timeout)$/,
    )
  })
})

describe('every network error has a reason', () => {
  const withCode = (code: string | undefined): Error => Object.assign(new Error('m'), { code })
  const table: readonly (readonly [unknown, string, string])[] = [
    [withCode('ECONNREFUSED'), 'refused', 'm'],
    [withCode('ECONNRESET'), 'closed', 'm'],
    [withCode('EPIPE'), 'closed', 'm'],
    [withCode('ETIMEDOUT'), 'timeout', 'm'],
    [withCode('EHOSTUNREACH'), 'no_route', 'm'],
    [withCode('ENOTFOUND'), 'no_route', 'm'],
    [withCode('EPROTO'), 'tls', 'm'],
    [withCode('CERT_HAS_EXPIRED'), 'tls', 'm'],
    [withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls', 'm'],
    [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls', 'm'],
    [withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'tls', 'm'],
    [withCode('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'tls', 'm'],
    [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls', 'm'],
    [withCode('ERR_SSL_WRONG_VERSION_NUMBER'), 'tls', 'm'],
    [withCode('HOSTNAME_MISMATCH'), 'tls', 'm'],
    [withCode('INVALID_CA'), 'tls', 'm'],
    [withCode('INVALID_PURPOSE'), 'tls', 'm'],
    [withCode('PATH_LENGTH_EXCEEDED'), 'tls', 'm'],
    [new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')], ''), 'refused', 'ECONNREFUSED'],
    [new AggregateError([], ''), 'no_route', 'unknown network error'],
    [withCode(undefined), 'no_route', 'm'],
    ['text', 'no_route', 'unknown network error'],
    [undefined, 'no_route', 'unknown network error'],
    [null, 'no_route', 'unknown network error'],
  ]
  it.each(table)('%j: %s', (error, reason, detail) => {
    expect(networkFailure(error).failure).toEqual({ reason, detail })
  })
})

it('leaves no timer and no socket behind, however a connection ends', async () => {
  const broker = await startBroker()
  const before = openHandles()
  for (const behaviour of [undefined, silent, reset, wrongId, http]) {
    broker.behaviours = {}
    const connection = await opened(broker.address, new Told())
    broker.behaviours = behaviour === undefined ? {} : { Metadata: behaviour }
    const asked = askMetadata(connection, behaviour === silent ? 20 : patient)
    await asked
    connection.destroy()
  }
  const target = { host: '127.0.0.1', port: await closedPort() }
  await Promise.all([1, 2, 3].map(() => Connection.open(target, plain, {}, patient)))
  await broker.abandoned()
  await waitUntil('everything released', () => openHandles() <= before, patient, 2)
})
