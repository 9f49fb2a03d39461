/** What a busy and healthy cluster does all day, fast: topics come and go, are written and read, groups form and part. */
import { type ITopicMetadata, Kafka, logLevel, Partitioners } from 'kafkajs'
import type { Cluster } from '../../testbed/types.ts'
import { waitUntil, withDeadline } from '../../testbed/wait.ts'

const topicsAtATime = 40
const partitions = 12
const records = 2_000
const groups = 4
const deadlineMs = 60_000

function isLed({ topics }: { topics: readonly ITopicMetadata[] }): boolean {
  return topics.every(({ partitions: its }) => its.length === partitions && its.every(({ leader }) => leader !== -1))
}

export class Load {
  readonly #kafka: Kafka
  #wave = 0

  constructor({ bootstrap }: Cluster) {
    this.#kafka = new Kafka({
      clientId: 'bench',
      brokers: [...bootstrap],
      logLevel: logLevel.NOTHING,
      requestTimeout: deadlineMs,
    })
  }

  /** One round: topics made, written, read by some groups, and deleted. */
  async wave(): Promise<void> {
    const wave = this.#wave++
    const topics = Array.from({ length: topicsAtATime }, (_, number) => `wave-${wave}-${number}`)
    await this.#administer(async (admin) => {
      await admin.createTopics({
        topics: topics.map((topic) => ({ topic, numPartitions: partitions, replicationFactor: 3 })),
        timeout: deadlineMs,
        waitForLeaders: false,
      })
      // Without ZooKeeper a broker may not have heard yet of what the controller has made: kafkajs takes that for a failure, and is asked again.
      const known = (): Promise<boolean> => admin.fetchTopicMetadata({ topics: [...topics] }).then(isLed)
      await waitUntil(`${topicsAtATime} topics with leaders`, known, deadlineMs)
    })
    await this.#write(topics)
    const chosen = topics.slice(0, groups)
    await Promise.all(chosen.map((topic, number) => this.#read(topic, `group-${wave}-${number}`)))
    await this.#administer(async (admin) => {
      await admin.deleteGroups(chosen.map((_, number) => `group-${wave}-${number}`))
      await admin.deleteTopics({ topics, timeout: deadlineMs })
    })
  }

  async #administer(work: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>): Promise<void> {
    const admin = this.#kafka.admin()
    await withDeadline('admin: connect', admin.connect(), deadlineMs)
    try {
      await withDeadline('admin', work(admin), deadlineMs)
    } finally {
      await admin.disconnect()
    }
  }

  async #write(topics: readonly string[]): Promise<void> {
    const producer = this.#kafka.producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    })
    await withDeadline('producer: connect', producer.connect(), deadlineMs)
    const each = Math.ceil(records / topics.length)
    const topicMessages = topics.map((topic) => ({
      topic,
      messages: Array.from({ length: each }, (_, number) => ({ key: `${number}`, value: `record ${number}` })),
    }))
    try {
      await withDeadline('producer', producer.sendBatch({ acks: -1, topicMessages }), deadlineMs)
    } finally {
      await producer.disconnect()
    }
  }

  /** Until it has seen something, then it leaves the group. */
  async #read(topic: string, groupId: string): Promise<void> {
    const consumer = this.#kafka.consumer({ groupId })
    await withDeadline('consumer: connect', consumer.connect(), deadlineMs)
    try {
      await consumer.subscribe({ topics: [topic], fromBeginning: true })
      const seen = new Promise<void>((resolve, reject) => {
        const eachMessage = (): Promise<void> => {
          resolve()
          return Promise.resolve()
        }
        consumer.run({ eachMessage }).catch(reject)
      })
      await withDeadline(`a record of ${topic}`, seen, deadlineMs)
    } finally {
      await consumer.disconnect()
    }
  }
}
