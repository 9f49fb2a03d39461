import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs'
import type { NewTopic } from './types.ts'
import { waitUntil, withDeadline } from './wait.ts'

const DEADLINE_MS = 60_000
const BATCH = 1_000

/** In-process client for what a test does to a cluster. Never a source of truth: that is the tools' part. */
function client(bootstrap: readonly string[]): Kafka {
  return new Kafka({
    clientId: 'testbed',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 20 },
  })
}

async function withAdmin<T>(
  bootstrap: readonly string[],
  what: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = client(bootstrap).admin()
  try {
    await withDeadline(`${what}: connect`, admin.connect(), DEADLINE_MS)
    return await withDeadline(what, work(admin), DEADLINE_MS)
  } finally {
    await admin.disconnect()
  }
}

/** Until every broker is registered and one is the controller. */
export async function waitForBrokers(bootstrap: readonly string[]): Promise<void> {
  await withAdmin(bootstrap, 'all brokers registered', (admin) =>
    waitUntil(
      `${bootstrap.length} registered brokers`,
      async () => {
        const cluster = await admin.describeCluster()
        return cluster.brokers.length === bootstrap.length && cluster.controller !== null
      },
      DEADLINE_MS,
    ),
  )
}

export async function createTopic(bootstrap: readonly string[], topic: NewTopic): Promise<void> {
  const configEntries = Object.entries(topic.config ?? {}).map(([name, value]) => ({ name, value }))
  const shape =
    topic.replicaAssignment === undefined
      ? { numPartitions: topic.partitions ?? 1, replicationFactor: topic.replicationFactor ?? 1 }
      : { replicaAssignment: parseReplicaAssignment(topic.replicaAssignment) }
  await withAdmin(bootstrap, `create topic ${topic.name}`, async (admin) => {
    const made = await admin.createTopics({
      topics: [{ topic: topic.name, configEntries, ...shape }],
      waitForLeaders: false,
    })
    if (!made) throw new Error(`topic ${topic.name} exists already`)
    // With KRaft the broker that is asked may hear of it later than the one that was told to make it.
    await waitUntil(
      `topic ${topic.name} has leaders`,
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] })
        return topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))
      },
      DEADLINE_MS / 2,
    )
  })
}

/** As kafka-topics takes it: `2:3,3:1,1:2` is three partitions with two replicas each. */
export function parseReplicaAssignment(text: string): { partition: number; replicas: number[] }[] {
  return text.split(',').map((replicas, partition) => ({
    partition,
    replicas: replicas.split(':').map((id) => {
      if (!/^\d+$/.test(id))
        throw new Error(`replica assignment ${JSON.stringify(text)}: expected ids such as 2:3,3:1,1:2`)
      return Number(id)
    }),
  }))
}

export async function produce(
  bootstrap: readonly string[],
  topic: string,
  partition: number,
  count: number,
): Promise<void> {
  const producer = client(bootstrap).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  })
  const what = `${count} records to ${topic}-${partition}`
  try {
    await withDeadline(`${what}: connect`, producer.connect(), DEADLINE_MS)
    for (let sent = 0; sent < count; sent += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, count - sent) }, (_, i) => ({
        partition,
        value: `record ${sent + i}`,
      }))
      await withDeadline(
        what,
        onceKnown(() => producer.send({ topic, acks: -1, messages })),
        DEADLINE_MS,
      )
    }
  } finally {
    await producer.disconnect()
  }
}

/** With KRaft a broker may hear of a new topic a moment after the others; it has taken nothing then. */
async function onceKnown<T>(send: () => Promise<T>): Promise<T> {
  const givesUpAt = performance.now() + DEADLINE_MS / 2
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if (!isUnknownTopic(error) || performance.now() > givesUpAt) throw error
      await sleep(200)
    }
  }
}

/** kafkajs wraps a broker's error once it has retried it in vain. */
function isUnknownTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') || isUnknownTopic(error.cause)
}
