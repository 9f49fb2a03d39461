/** What a drill does to topics beyond Cluster.createTopic; on a healthy cluster kafkajs's own client will do. */
import { Kafka, logLevel, type Admin } from 'kafkajs'
import type { Cluster } from '../types.ts'
import { withDeadline } from '../wait.ts'

const DEADLINE_MS = 30_000

async function withAdmin(cluster: Cluster, what: string, work: (admin: Admin) => Promise<unknown>): Promise<void> {
  const kafka = new Kafka({ clientId: 'drill', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  try {
    await withDeadline(`${what}: connect`, admin.connect(), DEADLINE_MS)
    await withDeadline(what, work(admin), DEADLINE_MS)
  } finally {
    await admin.disconnect()
  }
}

export function addPartitions(cluster: Cluster, topic: string, count: number): Promise<void> {
  return withAdmin(cluster, `${count} partitions for ${topic}`, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic, count }] }),
  )
}

export function deleteTopic(cluster: Cluster, topic: string): Promise<void> {
  return withAdmin(cluster, `delete ${topic}`, (admin) => admin.deleteTopics({ topics: [topic] }))
}

/** Who asks for a group's coordinator makes Kafka create __consumer_offsets; the answer, which may be a refusal, says nothing. */
export function createOffsetsTopic(cluster: Cluster): Promise<void> {
  return withAdmin(cluster, '__consumer_offsets', (admin) =>
    admin.fetchOffsets({ groupId: 'drill' }).catch(() => undefined),
  )
}
