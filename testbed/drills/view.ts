/** What one broker says of the cluster, in a shape that can be compared. */

export interface RawMetadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  readonly clusterId: string | null
  readonly controllerId: number
  readonly topicMetadata: readonly {
    readonly topic: string
    readonly isInternal?: boolean
    readonly partitionMetadata: readonly {
      readonly partitionId: number
      readonly leader: number
      readonly leaderEpoch?: number
      readonly replicas: readonly number[]
      readonly isr: readonly number[]
      readonly offlineReplicas?: readonly number[]
    }[]
  }[]
}

export interface PartitionView {
  readonly topic: string
  readonly partition: number
  /** -1: none. */
  readonly leader: number
  /** Of two different words the one with the higher epoch is the newer. */
  readonly epoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offline: readonly number[]
  /** Of a leaderless partition from Kafka 4 on: who may lead it without loss. */
  readonly eligible?: readonly number[]
}

export interface BrokerView {
  /** id -> host:port of every broker in the metadata. */
  readonly registered: ReadonlyMap<number, string>
  readonly clusterId: string
  /** Undefined with KRaft, where it is just any broker. */
  readonly controller: number | undefined
  readonly topics: ReadonlySet<string>
  /** `topic/partition` -> what is said of it. */
  readonly partitions: ReadonlyMap<string, PartitionView>
  /** Equal texts = the same words on everything but the controller. */
  readonly text: string
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`
}

/** The ISR is a set: its order says nothing, the order of the replicas does. */
export function sameSet(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}

function sorted(ids: readonly number[]): readonly number[] {
  return [...ids].sort((a, b) => a - b)
}

function byTopicAndPartition(a: PartitionView, b: PartitionView): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition
}

export function viewOf(raw: RawMetadata): BrokerView {
  const brokers = [...raw.brokers].sort((a, b) => a.nodeId - b.nodeId)
  const registered = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]))
  const partitions = raw.topicMetadata
    .flatMap(({ topic, partitionMetadata }) =>
      partitionMetadata.map((said) => ({
        topic,
        partition: said.partitionId,
        leader: said.leader,
        epoch: said.leaderEpoch ?? -1,
        replicas: said.replicas,
        isr: sorted(said.isr),
        offline: sorted(said.offlineReplicas ?? []),
      })),
    )
    .sort(byTopicAndPartition)
  const topics = raw.topicMetadata.filter((topic) => topic.partitionMetadata.length > 0).map(({ topic }) => topic)
  return {
    registered,
    clusterId: raw.clusterId ?? '',
    controller: raw.controllerId,
    topics: new Set(topics.sort()),
    partitions: new Map(partitions.map((said) => [partitionKey(said.topic, said.partition), said])),
    text: textOf(registered, partitions),
  }
}

function textOf(registered: BrokerView['registered'], partitions: readonly PartitionView[]): string {
  return JSON.stringify([[...registered], partitions.map((said) => ({ ...said, epoch: undefined }))])
}

export function withoutController(view: BrokerView): BrokerView {
  return { ...view, controller: undefined }
}

/** `eligible`: `topic/partition` -> ids. Of partitions with a leader they are of no interest here. */
export function withEligible(view: BrokerView, eligible: ReadonlyMap<string, readonly number[]>): BrokerView {
  const partitions = new Map(
    [...view.partitions].map(([key, said]) => {
      const ids = said.leader === -1 ? eligible.get(key) : undefined
      return [key, ids === undefined ? said : { ...said, eligible: sorted(ids) }]
    }),
  )
  return { ...view, partitions, text: textOf(view.registered, [...partitions.values()]) }
}
