import { Kafka, logLevel, type Admin } from 'kafkajs'
import type { Cluster } from '../../testbed/types.ts'
import { withDeadline } from '../../testbed/wait.ts'

const batch = 100
const deadlineMs = 60_000
/** Every ordered pair of three brokers: leaders and replicas are spread evenly. */
const pairs: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 3],
  [3, 1],
  [2, 1],
  [3, 2],
  [1, 3],
]

/** The replicas of a partition, counted through all topics; the first is the preferred leader. */
export function replicasOf(index: number): readonly [number, number] {
  return pairs[index % pairs.length] ?? [1, 2]
}

/** How many of the first `partitions` have no replica left without these brokers. */
export function lostWith(killed: readonly number[], partitions: number): number {
  const all = Array.from({ length: partitions }, (_, index) => replicasOf(index))
  return all.filter((replicas) => replicas.every((id) => killed.includes(id))).length
}

/** Topics with two replicas a partition. Resolves when Kafka took them; the brokers may still be electing. */
export async function createTopics(cluster: Cluster, topics: number, partitions: number): Promise<void> {
  const kafka = new Kafka({
    clientId: 'bench',
    brokers: [...cluster.bootstrap],
    logLevel: logLevel.NOTHING,
    requestTimeout: deadlineMs,
  })
  const admin = kafka.admin()
  try {
    await withDeadline('admin: connect', admin.connect(), deadlineMs)
    for (let from = 0; from < topics; from += batch) {
      await createBatch(admin, from, Math.min(batch, topics - from), partitions)
    }
  } finally {
    await admin.disconnect()
  }
}

async function createBatch(admin: Admin, from: number, count: number, partitions: number): Promise<void> {
  const topics = Array.from({ length: count }, (_, i) => ({
    topic: `bench-${from + i}`,
    replicaAssignment: Array.from({ length: partitions }, (_, partition) => ({
      partition,
      replicas: [...replicasOf((from + i) * partitions + partition)],
    })),
  }))
  const created = admin.createTopics({ topics, waitForLeaders: false, timeout: deadlineMs })
  await withDeadline(`topics ${from} to ${from + count - 1}`, created, deadlineMs)
}
