import { describe, expect, it } from 'vitest'
import { Connection } from '../../../src/sources/kafka/connection.ts'
import { apiVersionsCall } from '../../../src/sources/kafka/api-versions.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { askMetadata, opened, patient, plain, Told } from '../../support/connections.ts'
import { answer, type Behaviour } from '../../support/fake-broker.ts'
import { announces, close, Held, http, reset, says, silent, tlsAlert, trickle, twice, wrongId } from '../../support/fake-behaviours.ts' // prettier-ignore
import { frameOf } from '../../support/replies.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const startBroker = brokersOfEachTest()

describe('answers', () => {
  it('learns the versions, asks and decodes', async () => {
    const broker = await startBroker({ metadata: { controllerId: 7 }, versions: { 3: [0, 8], 99: [1, 2] } })
    const told = new Told()
    const connection = await opened(broker.address, told)
    expect(connection.versions.get(99)).toEqual({ min: 1, max: 2 })
    expect(valueOf(await askMetadata(connection)).controllerId).toBe(7)
    expect(broker.asked.map(({ api, version, clientId }) => [api, version, clientId])).toEqual([
      ['ApiVersions', 0, 'test'],
      ['Metadata', 8, 'test'],
    ])
    expect(told.sent).toEqual(['ApiVersions', 'Metadata'])
    expect(connection.usable).toBe(true)
    connection.destroy()
  })

  it('finds each request its own reply, in whatever order they come', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    const held = new Held()
    broker.behaviours = { Metadata: held.behaviour }
    const replies = [7, 8, 9].map((controllerId) => {
      broker.metadata = { ...broker.metadata, controllerId }
      return askMetadata(connection)
    })
    await waitUntil('three requests', () => held.count === 3, patient, 2)
    held.releaseBackwards()
    const ids = broker.asked.slice(1).map(({ correlationId }) => correlationId)
    expect(new Set(ids).size).toBe(3)
    for (const reply of await Promise.all(replies)) expect(reply.ok).toBe(true)
    connection.destroy()
  })

  it('puts together a reply that trickles in', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: trickle }
    const connection = await opened(broker.address)
    expect((await askMetadata(connection)).ok).toBe(true)
    connection.destroy()
  })
})

describe('what is not an answer', () => {
  const table: readonly (readonly [string, Behaviour, string, string])[] = [
    ['another correlation id', wrongId, 'protocol', 'which was not asked'],
    ['an HTTP server', http, 'protocol', 'an HTTP server answered'],
    ['a TLS listener', tlsAlert, 'tls', 'this listener wants TLS'],
    ['a frame of 0 bytes', announces(0), 'protocol', 'frame of 0 bytes'],
    ['a frame of -1 bytes', announces(-1), 'protocol', 'frame of -1 bytes'],
    ['a frame of 2 GiB', announces(2 ** 31 - 1), 'protocol', 'frame of 2147483647 bytes'],
    ['an empty reply', ({ socket, correlationId }) => void socket.write(frameOf(correlationId, Buffer.alloc(0))), 'protocol', 'reply'], // prettier-ignore
    ['a close', close, 'closed', 'closed at the first request: wants SASL?'],
    ['a reset', reset, 'closed', 'ECONNRESET'],
  ]
  it.each(table)('%s ends the connection', async (_, behaviour, reason, detail) => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.behaviours = { Metadata: behaviour }
    const failure = failureOf(await askMetadata(connection))
    expect(failure.reason).toBe(reason)
    expect(failure.detail).toContain(detail)
    expect(told.closed).toEqual([failure])
    expect([connection.usable, connection.closed]).toEqual([false, true])
    await broker.abandoned()
    expect(failureOf(await askMetadata(connection))).toEqual(failure)
  })

  it.each([
    ['an HTTP server', http],
    ['a close', close],
    ['a reset', reset],
    ['a 2 MiB frame', announces(2 << 20)],
  ] as const)(
    // prettier-ignore
    '%s in the handshake fails the handshake',
    async (_, behaviour) => {
      const broker = await startBroker()
      broker.behaviours = { ApiVersions: behaviour }
      const told = new Told()
      const failure = failureOf(await Connection.open(broker.address, plain, told.events, patient))
      expect(failure.reason).toBe(behaviour === close || behaviour === reset ? 'closed' : 'protocol')
      expect(told.closed).toEqual([failure])
      await broker.abandoned()
    },
  )

  it('a frame of 2 MiB is welcome once the broker has said who it is', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    const rack = 'r'.repeat(30_000)
    broker.metadata = {
      ...broker.metadata,
      brokers: Array.from({ length: 80 }, (_, id) => ({ id, host: 'h', port: 1, rack })),
    }
    expect(valueOf(await askMetadata(connection)).brokers).toHaveLength(80)
    connection.destroy()
  })

  it('a second copy of a reply ends the connection, after the first was taken', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.behaviours = { Metadata: twice }
    expect((await askMetadata(connection)).ok).toBe(true)
    await waitUntil('closed', () => connection.closed, patient, 2)
    expect(told.closed.map(({ reason }) => reason)).toEqual(['protocol'])
  })

  it('bytes that nobody asked for end an idle connection', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    for (const socket of broker.open) socket.write(frameOf(0, Buffer.from('hello')))
    await waitUntil('closed', () => connection.closed, patient, 2)
    expect(told.closed[0]?.detail).toContain('which was not asked')
  })

  it('tagged fields in a reply header are refused, not misread', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    broker.behaviours = {
      Metadata: ({ socket, correlationId }) =>
        void socket.write(frameOf(correlationId, Buffer.from('01000000', 'hex'), false)),
    }
    expect(failureOf(await askMetadata(connection)).detail).toBe('tagged fields in a reply header')
    expect(connection.closed).toBe(true)
  })

  it('garbage of any kind is a failure, never an exception', async () => {
    for (const bytes of ['\0\0\0\x08garbage!', '\xff'.repeat(64), '\0\0\0\x04\0\0\0\x02', 'x']) {
      const broker = await startBroker()
      const connection = await opened(broker.address)
      broker.behaviours = {
        Metadata: (asked) => {
          says(Buffer.from(bytes, 'latin1'))(asked)
          close(asked)
        },
      }
      expect(['protocol', 'closed']).toContain(failureOf(await askMetadata(connection)).reason)
    }
  })
})

describe('the end', () => {
  it('settles everything pending at once, and tells of it once', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.behaviours = { Metadata: silent }
    const pending = Array.from({ length: 5 }, () => askMetadata(connection))
    await broker.sees('Metadata', 5)
    broker.resetAll()
    const failures = (await Promise.all(pending)).map((reply) => failureOf(reply).reason)
    expect(failures).toEqual(Array(5).fill('closed'))
    expect(told.closed).toHaveLength(1)
  })

  it('destroy settles everything pending, closes the socket and tells nobody', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.behaviours = { Metadata: silent }
    const pending = [askMetadata(connection), askMetadata(connection)]
    connection.destroy()
    connection.destroy()
    for (const reply of await Promise.all(pending)) {
      expect(failureOf(reply)).toEqual({ reason: 'closed', detail: 'closed by this exporter' })
    }
    expect(failureOf(await connection.request(apiVersionsCall, patient)).reason).toBe('closed')
    await broker.abandoned()
    expect(told.closed).toEqual([])
  })

  it('is noticed on an idle connection', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    broker.dropAll()
    await waitUntil('closed', () => connection.closed, patient, 2)
    expect(told.closed.map(({ reason }) => reason)).toEqual(['closed'])
    expect(connection.usable).toBe(false)
  })

  it('of an established connection is called what it is', async () => {
    const broker = await startBroker()
    const told = new Told()
    const connection = await opened(broker.address, told)
    valueOf(await askMetadata(connection))
    broker.dropAll()
    await waitUntil('closed', () => connection.closed, patient, 2)
    expect(told.closed).toEqual([{ reason: 'closed', detail: 'the broker closed the connection' }])
  })

  it('before any answer hints at the wrong listener', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: close }
    const failure = failureOf(await Connection.open(broker.address, plain, {}, patient))
    expect(failure.detail).toBe('closed before any answer: not a Kafka listener, or one that wants TLS')
  })

  it('comes after the reply that travels with it', async () => {
    const broker = await startBroker()
    const connection = await opened(broker.address)
    broker.behaviours = {
      Metadata: (asked) => {
        answer(asked)
        close(asked)
      },
    }
    expect((await askMetadata(connection)).ok).toBe(true)
    await waitUntil('closed', () => connection.closed, patient, 2)
  })
})
