import { onTestFinished, describe, expect, it } from 'vitest'
import { FakeCluster, type FakeClusterOptions } from '../../bench/fake-cluster/cluster.ts'
import { run, type Command } from '../../bench/fake-cluster/commands.ts'
import { startFakeCluster } from '../../bench/fake-cluster/start.ts'
import { listOf } from '../../src/model/int-lists.ts'
import { success } from '../../src/model/result.ts'
import type { ClusterMetadata } from '../../src/model/topology.ts'
import type { Connection } from '../../src/sources/kafka/connection.ts'
import { latest, listOffsetsCall } from '../../src/sources/kafka/list-offsets.ts'
import { metadataCall } from '../../src/sources/kafka/metadata.ts'
import { opened, patient } from '../support/connections.ts'
import { failureOf, valueOf } from '../support/results.ts'
import { topicsOf } from '../support/told-offsets.ts'

const shape: FakeClusterOptions = { brokers: 3, partitions: 10, topicPartitions: 4, replicas: 3, versions: '3.9', mode: 'zookeeper', order: 'stable', port: 0 } // prettier-ignore

async function started(options: Partial<FakeClusterOptions> = {}): Promise<FakeCluster> {
  const cluster = await FakeCluster.start({ ...shape, ...options })
  onTestFinished(() => {
    for (const { listener } of cluster.brokers) listener.kill()
  })
  return cluster
}

function tell(cluster: FakeCluster, command: Command): Promise<Readonly<Record<string, unknown>>> {
  return run(cluster, JSON.stringify(command))
}

async function connected(cluster: FakeCluster, broker: number): Promise<Connection> {
  const connection = await opened({ host: '127.0.0.1', port: cluster.brokers[broker - 1]?.listener.port ?? 0 })
  onTestFinished(() => connection.destroy())
  return connection
}

async function metadata(connection: Connection, deadlineMs = patient): Promise<ClusterMetadata> {
  const call = metadataCall(connection.versions, 'all')
  if (call === undefined) throw new Error('no common version')
  return valueOf(await connection.request(call, deadlineMs))
}

async function leadersSeenBy(cluster: FakeCluster, broker: number): Promise<readonly number[]> {
  return [...(await metadata(await connected(cluster, broker))).partitions.leader]
}

describe('the fake cluster', () => {
  it.each(['2.6', '3.9'] as const)('of %s tells the exporter of every broker and partition', async (versions) => {
    const cluster = await started({ versions, partitions: 1_000, topicPartitions: 50 })
    const connection = await connected(cluster, 2)
    expect(metadataCall(connection.versions, 'all')?.version).toBe(versions === '2.6' ? 9 : 12)
    const { brokers, partitions, controllerId } = await metadata(connection)
    expect(brokers.map(({ port }) => port)).toEqual(cluster.brokers.map(({ listener }) => listener.port))
    expect(controllerId).toBe(1)
    expect(partitions.layout.topics).toHaveLength(20)
    expect(partitions.leader).toHaveLength(1_000)
    for (const id of [1, 2, 3]) expect(partitions.leader.filter((one) => one === id).length).toBeGreaterThan(330)

    const rows = Int32Array.from(partitions.leader.keys()).filter((row) => partitions.leader[row] === 2)
    const call = listOffsetsCall(connection.versions, partitions.layout, rows, latest)
    const told = topicsOf(valueOf(await connection.request(call ?? expect.fail('no common version'), patient)))
    expect(told.flatMap(({ errors }) => errors)).toEqual(Array.from(rows, () => 0))
  })

  it('lists topics in one order, in another each time where asked', async () => {
    const first = async (cluster: FakeCluster, broker: number): Promise<string> => {
      const connection = await connected(cluster, broker)
      const call = metadataCall(connection.versions, 'all') ?? expect.fail('no common version')
      const whole = { ...call, decode: (reply: Buffer) => success(reply.toString('hex')) }
      return valueOf(await connection.request(whole, patient))
    }
    const stable = await started({ partitions: 100 })
    expect(await first(stable, 1)).toBe(await first(stable, 1))
    expect(await first(stable, 1)).toBe(await first(stable, 2))
    const changing = await started({ partitions: 100, order: 'changing' })
    expect(await first(changing, 1)).not.toBe(await first(changing, 1))
  })

  it('moves leaders of a share, spread over all and with newer epochs', async () => {
    const cluster = await started()
    expect(await leadersSeenBy(cluster, 1)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1])
    expect(
      await tell(cluster, {
        do: 'partitions',
        where: { share: 0.5 },
        set: { leader: 'next', isr: 'leader', epochs: 1 },
      }),
    ).toEqual({ changed: 5 })
    const { partitions } = await metadata(await connected(cluster, 1))
    expect([...partitions.leaderEpoch].reduce((sum, epoch) => sum + epoch)).toBe(5)
    partitions.leaderEpoch.forEach((epoch, row) => {
      const isr = [...listOf(partitions.isr, row)]
      expect(isr).toEqual(epoch === 1 ? [partitions.leader[row]] : [...listOf(partitions.replicas, row)])
    })
  })

  it('refuses where a broker was killed, and has the others elect', async () => {
    const cluster = await started()
    const connection = await connected(cluster, 1)
    await tell(cluster, { do: 'kill', broker: 1, elect: true })
    const call = metadataCall(connection.versions, 'none') ?? expect.fail('no common version')
    expect(failureOf(await connection.request(call, patient)).reason).toBe('closed')
    const { brokers, controllerId, partitions } = await metadata(await connected(cluster, 2))
    expect([brokers.map(({ id }) => id), controllerId]).toEqual([[2, 3], 2])
    expect(partitions.leader).not.toContain(1)
    expect(partitions.isr.values).not.toContain(1)
    expect(partitions.offline.values).toHaveLength(10)
    await tell(cluster, { do: 'revive', broker: 1 })
    expect((await metadata(await connected(cluster, 1))).brokers.map(({ id }) => id)).toEqual([1, 2, 3])
  })

  it('lets a frozen broker believe what was true', async () => {
    const cluster = await started()
    await tell(cluster, { do: 'freeze', broker: 2 })
    await tell(cluster, { do: 'partitions', set: { leader: 3 } })
    await tell(cluster, { do: 'controller', broker: 3 })
    expect(await leadersSeenBy(cluster, 2)).toContain(1)
    expect(new Set(await leadersSeenBy(cluster, 1))).toEqual(new Set([3]))
    await tell(cluster, { do: 'thaw', broker: 2 })
    expect(new Set(await leadersSeenBy(cluster, 2))).toEqual(new Set([3]))
  })

  it('is silent while it hangs, and answers what was asked meanwhile', async () => {
    const cluster = await started()
    const connection = await connected(cluster, 3)
    await tell(cluster, { do: 'hang', broker: 3 })
    const call = metadataCall(connection.versions, 'none') ?? expect.fail('no common version')
    expect(failureOf(await connection.request(call, 50)).reason).toBe('hung')
    const asked = connection.request(call, patient)
    await tell(cluster, { do: 'release', broker: 3 })
    expect(valueOf(await asked).controllerId).toBe(1)
  })

  it('says what is wrong with a command', async () => {
    const cluster = await started()
    await expect(run(cluster, 'kill 3')).rejects.toThrow('not a line of JSON')
    await expect(run(cluster, '{"do":"kill","broker":9}')).rejects.toThrow('no broker 9')
    await expect(run(cluster, '{"do":"kill","broker":1,"elct":true}')).rejects.toThrow('elct')
  })

  it('is a process that ends with its input', async () => {
    const fake = await startFakeCluster({ brokers: 2, partitions: 6 })
    const [port = 0] = fake.ports
    const connection = await opened({ host: '127.0.0.1', port })
    expect((await metadata(connection)).partitions.leader).toHaveLength(6)
    expect(await fake.tell({ do: 'counts' })).toMatchObject({ counts: { Metadata: 1, ApiVersions: 1 } })
    await expect(fake.tell({ do: 'kill', broker: 7 })).rejects.toThrow('no broker 7')
    await fake.stop()
    expect(() => process.kill(fake.pid, 0)).toThrow('ESRCH')
    connection.destroy()
  })
})
