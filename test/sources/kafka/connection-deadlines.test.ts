import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Connection } from '../../../src/sources/kafka/connection.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { askMetadata, opened, patient, plain, timed, Told } from '../../support/connections.ts'
import { Held, silent, trickle } from '../../support/fake-behaviours.ts'
import { FullBacklog } from '../../support/full-backlog.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const startBroker = brokersOfEachTest()
const deadlineMs = 150
/** A timer may fire a millisecond early; a loaded machine may run it seconds late. */
const least = deadlineMs - 10
const most = 5_000

function expectWithin(ms: number): void {
  expect(ms).toBeGreaterThanOrEqual(least)
  expect(ms).toBeLessThan(most)
}

describe('the deadline', () => {
  it('of a request: hung, and not usable any more', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.behaviours = { Metadata: silent }
    const { result, ms } = await timed(askMetadata(connection, deadlineMs))
    expectWithin(ms)
    expect(failureOf(result)).toEqual({ reason: 'hung', detail: `no answer to Metadata within ${deadlineMs} ms` })
    expect([connection.usable, connection.closed]).toEqual([false, false])
    expect(told.closed).toEqual([])
    connection.destroy()
  })

  it('of a handshake: hung, and the connection is closed', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: silent }
    const { result, ms } = await timed(Connection.open(broker.address, plain, {}, deadlineMs))
    expectWithin(ms)
    expect(failureOf(result).reason).toBe('hung')
    expect(failureOf(result).detail).toMatch(/^no answer to ApiVersions within \d+ ms$/)
    await broker.abandoned()
  })

  it('of a handshake step by step: the connection is left to whoever listens on', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: silent }
    const connection = valueOf(await Connection.connect(broker.address, plain, {}, patient))
    const { result, ms } = await timed(connection.handshake(deadlineMs))
    expectWithin(ms)
    expect(failureOf(result).reason).toBe('hung')
    expect([connection.usable, connection.closed, broker.open.size]).toEqual([false, false, 1])
    connection.destroy()
  })

  it('ends an answer that trickles in too slowly', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    const host = 'h'.repeat(30_000)
    broker.metadata = { ...broker.metadata, brokers: Array.from({ length: 30 }, (_, id) => ({ id, host, port: 1 })) }
    broker.behaviours = { Metadata: trickle }
    const { result, ms } = await timed(askMetadata(connection, deadlineMs))
    expectWithin(ms)
    expect(failureOf(result).reason).toBe('hung')
    connection.destroy()
  })

  it('that is over before it began fails too', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: silent }
    const connection = valueOf(await Connection.connect(broker.address, plain, {}, patient))
    expect(failureOf(await connection.handshake(-5)).reason).toBe('hung')
    connection.destroy()
  })

  it('of one request leaves the others theirs', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    const held = new Held()
    broker.behaviours = { Metadata: held.behaviour }
    const other = askMetadata(connection, patient)
    expect(failureOf(await askMetadata(connection, deadlineMs)).reason).toBe('hung')
    held.release()
    expect((await other).ok).toBe(true)
    connection.destroy()
  })
})

describe('a late answer', () => {
  it('tells that the broker lives, and does not make the connection usable', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    const held = new Held()
    broker.behaviours = { Metadata: held.behaviour }
    expect(failureOf(await askMetadata(connection, deadlineMs)).reason).toBe('hung')
    expect(told.late).toBe(0)
    held.release()
    await waitUntil('late', () => told.late === 1, patient, 2)
    expect([connection.usable, connection.closed]).toEqual([false, false])
    expect(told.closed).toEqual([])
    connection.destroy()
  })

  it('is not told of after destroy', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    const held = new Held()
    broker.behaviours = { Metadata: held.behaviour }
    await askMetadata(connection, deadlineMs)
    connection.destroy()
    held.release()
    await broker.abandoned()
    expect([told.late, told.closed]).toEqual([0, []])
  })
})

describe('the deadline of a connect', () => {
  const full = new FullBacklog()
  beforeAll(async () => {
    await full.start()
    await full.fill()
  })
  afterAll(() => full.end())

  it.each([
    ['plain', plain],
    ['TLS', { ...plain, tls: {} }],
  ])('%s: timeout while SYNs are dropped', async (_, options) => {
    const { result, ms } = await timed(Connection.connect(full.address, options, {}, deadlineMs))
    expectWithin(ms)
    expect(failureOf(result)).toEqual({ reason: 'timeout', detail: `no connection within ${deadlineMs} ms` })
  })

  it('TLS: hung when the socket stands and the handshake does not come', async () => {
    const mute = net.createServer(() => undefined)
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as net.AddressInfo
    const closed = new Promise((resolve) => mute.once('connection', (socket) => socket.resume().once('close', resolve)))
    const target = { host: '127.0.0.1', port }
    const { result, ms } = await timed(Connection.connect(target, { ...plain, tls: {} }, {}, deadlineMs))
    expectWithin(ms)
    expect(failureOf(result)).toEqual({ reason: 'hung', detail: `no TLS handshake within ${deadlineMs} ms` })
    await closed
    mute.close()
  })
})
