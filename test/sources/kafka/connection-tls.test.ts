import { readFileSync } from 'node:fs'
import type tls from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { Connection, type ConnectionOptions } from '../../../src/sources/kafka/connection.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { askMetadata, opened, patient, plain, Told } from '../../support/connections.ts'
import { close } from '../../support/fake-behaviours.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { makeTlsMaterial } from '../../web/tls-material.ts'

const startBroker = brokersOfEachTest()
const material = makeTlsMaterial()
afterAll(() => material.remove())

const pem = (path: string): string => readFileSync(path, 'utf8')
const ofServer = material.issue('server')
const ofClient = material.issue('client')
const ofStranger = material.issue('stranger', 'otherCa')
const pair = ({ cert, key }: typeof ofServer) => ({ cert: pem(cert), key: pem(key) })
const ca = pem(material.ca)

function secured(options: tls.ConnectionOptions): ConnectionOptions {
  return { ...plain, tls: options }
}

describe('a TLS broker', () => {
  it('is spoken to when its certificate is signed by the given authority', async () => {
    const broker = await startBroker({ tls: pair(ofServer), metadata: { controllerId: 4 } })
    const connection = await opened(broker.address, new Told(), secured({ ca }))
    expect(valueOf(await askMetadata(connection)).controllerId).toBe(4)
    connection.destroy()
    await broker.abandoned()
  })

  it('is found by name too, and asked for by that name', async () => {
    const names: string[] = []
    const { cert, key } = pair(ofServer)
    const noticing = {
      cert,
      key,
      SNICallback(name: string, done: (error: null) => void) {
        names.push(name)
        done(null)
      },
    }
    const broker = await startBroker({ tls: noticing })
    const connection = await opened({ ...broker.address, host: 'localhost' }, new Told(), secured({ ca }))
    expect(names).toEqual(['localhost'])
    connection.destroy()
  })

  it('is asked for by the server name where one is given', async () => {
    const broker = await startBroker({ tls: pair(ofServer) })
    const good = await Connection.open(broker.address, secured({ ca, servername: 'localhost' }), {}, patient)
    valueOf(good).destroy()
    const bad = await Connection.open(broker.address, secured({ ca, servername: 'kafka.example' }), {}, patient)
    expect(failureOf(bad).reason).toBe('tls')
    expect(failureOf(bad).detail).toContain('kafka.example')
  })

  const refusals: readonly (readonly [string, tls.ConnectionOptions, string])[] = [
    ['nobody known', {}, 'unable to'],
    ['another authority', { ca: pem(material.otherCa) }, 'unable to'],
  ]
  it.each(refusals)('signed by %s is not believed', async (_, options, detail) => {
    const broker = await startBroker({ tls: pair(ofServer) })
    const failure = failureOf(await Connection.open(broker.address, secured(options), {}, patient))
    expect(failure.reason).toBe('tls')
    expect(failure.detail).toContain(detail)
    expect(broker.asked).toEqual([])
    await broker.abandoned()
  })

  it('signed by anybody is believed when verification is off', async () => {
    const broker = await startBroker({ tls: pair(ofStranger) })
    const connection = await opened(broker.address, new Told(), secured({ rejectUnauthorized: false }))
    expect((await askMetadata(connection)).ok).toBe(true)
    connection.destroy()
  })

  const mutual = { ...pair(ofServer), ca, requestCert: true, rejectUnauthorized: true }
  it('that wants a client certificate gets it', async () => {
    const broker = await startBroker({ tls: mutual })
    const connection = await opened(broker.address, new Told(), secured({ ca, ...pair(ofClient) }))
    expect((await askMetadata(connection)).ok).toBe(true)
    connection.destroy()
  })

  it('that wants a client certificate and gets none: tls', async () => {
    const broker = await startBroker({ tls: mutual })
    const failure = failureOf(await Connection.open(broker.address, secured({ ca }), {}, patient))
    expect(failure.reason).toBe('tls')
  })

  it("that wants a client certificate and gets a stranger's hangs up, and the failure says why that may be", async () => {
    // Java sends an alert (tls); node's server only closes.
    const broker = await startBroker({ tls: mutual })
    const client = secured({ ca, ...pair(ofStranger) })
    const failure = failureOf(await Connection.open(broker.address, client, {}, patient))
    expect(failure.reason).toMatch(/^(tls|closed)$/)
    expect(failure.detail).toContain('certificate')
  })

  it('that closes in the middle is closed, not a TLS problem', async () => {
    const broker = await startBroker({ tls: pair(ofServer) })
    const connection = await opened(broker.address, new Told(), secured({ ca }))
    broker.behaviours = { Metadata: close }
    expect(failureOf(await askMetadata(connection)).reason).toBe('closed')
  })

  it('that is killed is noticed on an idle connection', async () => {
    const broker = await startBroker({ tls: pair(ofServer) })
    const told = new Told()
    const connection = await opened(broker.address, told, secured({ ca }))
    broker.kill()
    await waitUntil('closed', () => connection.closed, patient, 2)
    expect(told.closed.map(({ reason }) => reason)).toEqual(['closed'])
    expect(failureOf(await Connection.open(broker.address, secured({ ca }), {}, patient)).reason).toBe('refused')
  })
})

describe('the wrong kind of listener', () => {
  it('TLS client, plain broker', async () => {
    const broker = await startBroker()
    // Kafka takes the ClientHello for a request of an impossible size and hangs up.
    const failure = failureOf(await Connection.open(broker.address, secured({ ca }), {}, patient))
    expect(failure.reason).toBe('tls')
    await broker.abandoned()
  })

  it('TLS client, a server that answers in plain text', async () => {
    const broker = await startBroker()
    broker.connected = (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    expect(failureOf(await Connection.open(broker.address, secured({ ca }), {}, patient)).reason).toBe('tls')
  })

  it('plain client, TLS broker', async () => {
    const broker = await startBroker({ tls: pair(ofServer) })
    const failure = failureOf(await Connection.open(broker.address, plain, {}, patient))
    expect(failure.reason).toMatch(/^(protocol|closed)$/)
    expect(failure.detail).toContain('wants TLS')
  })
})
