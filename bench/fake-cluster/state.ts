import type { FakeNode, FakePartition, FakeTopic } from '../../test/support/replies.ts'

/** A partition that commands may change; lists are replaced, never changed in place. */
export interface PartitionState extends FakePartition {
  leader: number
  replicas: readonly number[]
  isr: readonly number[]
  offline: readonly number[]
  epoch: number
  /** Error code in Metadata replies. */
  error: number
  /** Error code in its leader's ListOffsets replies. */
  offsetError: number
  /** Replicas to come and to go while it is being reassigned. */
  adding: readonly number[]
  removing: readonly number[]
}

export interface TopicState extends FakeTopic {
  readonly name: string
  readonly partitions: readonly PartitionState[]
  minIsr: number
  uncleanElection: boolean
  /** The `ClusterState.clock` of its last change: what was encoded before is out of date. */
  changedAt: number
}

export interface Shape {
  readonly brokers: number
  readonly partitions: number
  readonly topicPartitions: number
  readonly replicas: number
}

/** What some brokers believe of the cluster: one state for all, and one more for each broker that was frozen. */
export class ClusterState {
  readonly clusterId = 'fake-cluster-0000000000'
  controllerId = 1
  brokers: readonly FakeNode[] = []
  /** Added to every log end. */
  advanced = 0
  /** Counts the changes of brokers, controller, partitions and offsets. */
  clock = 1
  readonly topics: readonly TopicState[]
  readonly byName: ReadonlyMap<string, TopicState>

  constructor(topics: readonly TopicState[]) {
    this.topics = topics
    this.byName = new Map(topics.map((topic) => [topic.name, topic]))
  }

  /** What a broker goes on believing that hears no more of the others. */
  copy(): ClusterState {
    const topics = this.topics.map((topic) => ({ ...topic, partitions: topic.partitions.map((one) => ({ ...one })) }))
    const copy = new ClusterState(topics)
    copy.controllerId = this.controllerId
    copy.brokers = this.brokers
    copy.advanced = this.advanced
    copy.clock = this.clock
    return copy
  }
}

/** Replicas go round the brokers, as Kafka's own assignment does; every leader is the preferred one. */
export function healthyTopics({ brokers, partitions, topicPartitions, replicas }: Shape): readonly TopicState[] {
  const lists = Array.from({ length: brokers }, (_, first) =>
    Array.from({ length: Math.min(replicas, brokers) }, (_, i) => ((first + i) % brokers) + 1),
  )
  return Array.from({ length: Math.ceil(partitions / topicPartitions) }, (_, t) => {
    const count = Math.min(topicPartitions, partitions - t * topicPartitions)
    return {
      name: `team-${t % 17}.events-${String(t).padStart(6, '0')}`,
      minIsr: Math.min(2, replicas),
      uncleanElection: false,
      changedAt: 1,
      partitions: hashOrder(count).map((partition) => healthyPartition(partition, lists[(t + partition) % brokers])),
    }
  })
}

function healthyPartition(partition: number, replicas: readonly number[] = []): PartitionState {
  const leader = replicas[0] ?? -1
  const nothing: readonly number[] = []
  return { partition, leader, replicas, isr: replicas, offline: nothing, epoch: 0, error: 0, offsetError: 0, adding: nothing, removing: nothing } // prettier-ignore
}

/** 0 .. count - 1 in an order that looks like that of a hash map, the same every time. */
export function hashOrder(count: number): readonly number[] {
  const hash = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => hash(a) - hash(b))
}
