import type { IntLists } from './int-lists.ts'

/** A broker as the cluster metadata lists it. */
export interface BrokerNode {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack: string | undefined
}

export interface Topic {
  readonly name: string
  readonly internal: boolean
  /** Its partitions are the rows first .. first + count of every column. */
  readonly first: number
  readonly count: number
}

/**
 * Which partition each row of the columns is: topics by name, partitions by number. Two looks at an unchanged cluster
 * share one Layout object, so whatever was computed from it (label text) can be kept.
 */
export interface Layout {
  readonly topics: readonly Topic[]
  /** Row -> index into `topics`. */
  readonly topicOf: Int32Array
  /** Row -> partition number. */
  readonly partition: Int32Array
}

/** What a Metadata reply says of all partitions, in columns. */
export interface Partitions {
  readonly layout: Layout
  /** Leader's broker id, -1 when Kafka names none. */
  readonly leader: Int32Array
  /** Leader epoch, -1 where the reply has none (Metadata before v7). */
  readonly leaderEpoch: Int32Array
  readonly replicas: IntLists
  readonly isr: IntLists
  readonly offline: IntLists
}

/** One broker's answer to one Metadata request. */
export interface ClusterMetadata {
  readonly clusterId: string | undefined
  /** ZooKeeper mode: the controller's id, -1 when none. KRaft: some live broker (of no use). */
  readonly controllerId: number
  /** By id. */
  readonly brokers: readonly BrokerNode[]
  readonly partitions: Partitions
  /** Topics that are there, as far as is known, and that this exporter's user may not see: they are in no column. */
  readonly refusedTopics: readonly string[]
}

/** What Kafka says: one answer, or several merged where they differ. */
export interface Topology extends ClusterMetadata {
  /** Addresses whose answers it is made of, the principal one first. */
  readonly askedOf: readonly string[]
  /** Partitions on which the merged answers name different leaders. 0 for a single answer. */
  readonly leaderDisagreements: number
  /** Topics that not every merged answer lists. */
  readonly topicDisagreements: number
}

export function sameLayout(a: Layout, b: Layout): boolean {
  if (a === b) return true
  if (a.topics.length !== b.topics.length || a.partition.length !== b.partition.length) return false
  for (let t = 0; t < a.topics.length; t++) {
    const left = a.topics[t]
    const right = b.topics[t]
    if (left?.name !== right?.name || left?.count !== right?.count || left?.internal !== right?.internal) return false
  }
  for (let row = 0; row < a.partition.length; row++) if (a.partition[row] !== b.partition[row]) return false
  return true
}

/** Row of `from` for each row of `to`, -1 where `from` does not know the partition. */
export function mapRows(from: Layout, to: Layout): Int32Array {
  const rows = new Int32Array(to.partition.length)
  if (sameLayout(from, to)) {
    for (let row = 0; row < rows.length; row++) rows[row] = row
    return rows
  }
  const topics = topicsByName(from)
  for (const topic of to.topics) {
    const known = topics.get(topic.name)
    for (let i = 0; i < topic.count; i++) {
      const row = topic.first + i
      rows[row] = known === undefined ? -1 : findRow(from, known, to.partition[row] ?? -1)
    }
  }
  return rows
}

/** The same layout is searched with every look; indexing it once is enough. */
const indexed = new WeakMap<Layout, ReadonlyMap<string, Topic>>()

export function topicsByName(layout: Layout): ReadonlyMap<string, Topic> {
  const known = indexed.get(layout)
  if (known !== undefined) return known
  const byName = new Map(layout.topics.map((topic) => [topic.name, topic]))
  indexed.set(layout, byName)
  return byName
}

/** Row of a partition, -1 when the topic has none of that number. */
export function findRow(layout: Layout, topic: Topic, partition: number): number {
  // Partitions are numbered from 0 without gaps, so the first guess almost always hits.
  const guess = topic.first + partition
  if (partition >= 0 && partition < topic.count && layout.partition[guess] === partition) return guess
  let low = topic.first
  let high = topic.first + topic.count - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const number = layout.partition[middle] ?? 0
    if (number === partition) return middle
    if (number < partition) low = middle + 1
    else high = middle - 1
  }
  return -1
}
