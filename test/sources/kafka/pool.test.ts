import { afterEach, describe, expect, it } from 'vitest'
import type { Result } from '../../../src/model/result.ts'
import type { ClusterMetadata } from '../../../src/model/topology.ts'
import { metadataCall } from '../../../src/sources/kafka/metadata.ts'
import { Pool } from '../../../src/sources/kafka/pool.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { openHandles, patient, plain, timed } from '../../support/connections.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { close, Held, http, reset, silent } from '../../support/fake-behaviours.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const startBroker = brokersOfEachTest()
const pools: Pool[] = []
afterEach(() => {
  for (const pool of pools.splice(0)) pool.keep([])
})

function newPool(sent: string[] = []): Pool {
  const pool = new Pool(plain, (api) => void sent.push(api))
  pools.push(pool)
  return pool
}

function ask(pool: Pool, { address }: FakeBroker, deadlineMs = patient): Promise<Result<ClusterMetadata>> {
  return pool.ask(address, (versions) => metadataCall(versions, 'all'), deadlineMs)
}

describe('Pool', () => {
  it('opens one connection for all who ask at the same time, and goes on using it', async () => {
    const broker = await startBroker()
    const sent: string[] = []
    const pool = newPool(sent)
    for (const reply of await Promise.all([ask(pool, broker), ask(pool, broker)])) valueOf(reply)
    valueOf(await ask(pool, broker))
    expect(broker.accepted).toBe(1)
    expect(sent).toEqual(['ApiVersions', 'Metadata', 'Metadata', 'Metadata'])
  })

  it('has one connection for each address', async () => {
    const [a, b] = await Promise.all([startBroker(), startBroker()])
    const pool = newPool()
    await Promise.all([ask(pool, a), ask(pool, b), ask(pool, a)])
    expect([a.accepted, b.accepted]).toEqual([1, 1])
  })

  it.each([
    ['closed', close],
    ['reset', reset],
    ['garbage', http],
  ] as const)('%s: fails once and opens another', async (_, behaviour) => {
    const broker = await startBroker()
    const pool = newPool()
    valueOf(await ask(pool, broker))
    broker.behaviours = { Metadata: behaviour }
    expect(failureOf(await ask(pool, broker)).reason).not.toBe('hung')
    broker.behaviours = {}
    valueOf(await ask(pool, broker))
    expect(broker.accepted).toBe(2)
  })

  it('does not use a connection that was closed while idle', async () => {
    const broker = await startBroker()
    const pool = newPool()
    valueOf(await ask(pool, broker))
    broker.dropAll()
    await broker.abandoned()
    // The close may still be on its way to the pool: at most one question falls into the gap.
    await waitUntil('an answer', async () => (await ask(pool, broker)).ok, patient, 2)
    expect(broker.accepted).toBe(2)
  })

  it('does not use a connection that timed out, and closes it', async () => {
    const broker = await startBroker()
    const pool = newPool()
    valueOf(await ask(pool, broker))
    broker.behaviours = { Metadata: silent }
    const { result, ms } = await timed(ask(pool, broker, 150))
    expect(failureOf(result).reason).toBe('hung')
    expect(ms).toBeGreaterThanOrEqual(145)
    expect(ms).toBeLessThan(5_000)
    broker.behaviours = {}
    valueOf(await ask(pool, broker))
    expect(broker.accepted).toBe(2)
    await waitUntil('the silent one is closed', () => broker.open.size === 1, patient, 2)
  })

  it('connects within the deadline of the question', async () => {
    const broker = await startBroker()
    broker.behaviours = { ApiVersions: silent }
    const { result, ms } = await timed(ask(newPool(), broker, 150))
    expect(failureOf(result).reason).toBe('hung')
    expect(ms).toBeGreaterThanOrEqual(145)
    expect(ms).toBeLessThan(5_000)
    await broker.abandoned()
  })

  it('keeps every deadline, of whoever waits for the connection of another too', async () => {
    const broker = await startBroker()
    broker.behaviours = { ApiVersions: silent }
    const pool = newPool()
    const first = ask(pool, broker, 3_000)
    const { result, ms } = await timed(ask(pool, broker, 150))
    expect(failureOf(result).reason).toBe('hung')
    expect(ms).toBeLessThan(2_500)
    pool.keep([])
    broker.dropAll()
    await first
  })

  it('ends a connection that fell silent, once nobody waits on it any more', async () => {
    const broker = await startBroker()
    const pool = newPool()
    valueOf(await ask(pool, broker))
    broker.behaviours = { Metadata: silent }
    const patientOne = ask(pool, broker, 600)
    expect(failureOf(await ask(pool, broker, 100)).reason).toBe('hung')
    expect(broker.open.size).toBe(1)
    expect(failureOf(await patientOne).reason).toBe('hung')
    await broker.abandoned()
  })

  it('asks again after a refusal', async () => {
    const broker = await startBroker()
    broker.kill()
    const pool = newPool()
    expect(failureOf(await ask(pool, broker)).reason).toBe('refused')
    await broker.listen()
    valueOf(await ask(pool, broker))
  })

  it('says so when there is no common version, and keeps the connection', async () => {
    const broker = await startBroker({ versions: { 3: [13, 15] } })
    const pool = newPool()
    expect(failureOf(await ask(pool, broker)).detail).toContain('share no version')
    expect(failureOf(await ask(pool, broker)).reason).toBe('protocol')
    expect(broker.accepted).toBe(1)
  })
})

describe('Pool.keep', () => {
  it('ends the connections to every other address', async () => {
    const [a, b] = await Promise.all([startBroker(), startBroker()])
    const pool = newPool()
    await Promise.all([ask(pool, a), ask(pool, b)])
    pool.keep([a.address])
    await b.abandoned()
    expect(a.open.size).toBe(1)
    valueOf(await ask(pool, a))
    valueOf(await ask(pool, b))
    expect([a.accepted, b.accepted]).toEqual([1, 2])
  })

  it('ends one that is being opened, and whoever waits for it gets a failure', async () => {
    const broker = await startBroker()
    const held = new Held()
    broker.behaviours = { ApiVersions: held.behaviour }
    const pool = newPool()
    const asking = ask(pool, broker)
    await waitUntil('asked', () => held.count === 1, patient, 2)
    pool.keep([])
    held.release()
    expect(failureOf(await asking).reason).toBe('closed')
    await broker.abandoned()
  })

  it('fails what is pending', async () => {
    const broker = await startBroker()
    const pool = newPool()
    broker.behaviours = { Metadata: silent }
    const asking = ask(pool, broker)
    await broker.sees('Metadata', 1)
    pool.keep([])
    expect(failureOf(await asking).reason).toBe('closed')
    await broker.abandoned()
  })

  it('is not the end, close is: nothing is opened after it', async () => {
    const broker = await startBroker()
    const pool = newPool()
    valueOf(await ask(pool, broker))
    pool.close()
    await broker.abandoned()
    expect(failureOf(await ask(pool, broker)).reason).toBe('closed')
    expect(broker.accepted).toBe(1)
  })

  it('leaves nothing behind', async () => {
    const broker = await startBroker()
    const before = openHandles()
    const pool = newPool()
    await ask(pool, broker)
    pool.keep([])
    await broker.abandoned()
    await waitUntil('everything released', () => openHandles() <= before, patient, 2)
  })
})
