import { intLists } from '../../src/model/int-lists.ts'
import type { BrokerView, TargetState } from '../../src/model/liveness.ts'
import type { ClusterMetadata, Layout, Topic, Topology } from '../../src/model/topology.ts'
import { emptyView, type Observed, type View } from '../../src/model/view.ts'
import { single } from '../../src/sources/kafka/merge.ts'

/** Partition numbers by topic, as given: names have to be in order. */
export function layoutOf(partitions: Readonly<Record<string, readonly number[]>>): Layout {
  const topics: Topic[] = []
  const topicOf: number[] = []
  for (const [name, numbers] of Object.entries(partitions)) {
    topics.push({ name, internal: false, first: topicOf.length, count: numbers.length })
    topicOf.push(...numbers.map(() => topics.length - 1))
  }
  return { topics, topicOf: Int32Array.from(topicOf), partition: Int32Array.from(Object.values(partitions).flat()) }
}

export interface PartitionFacts {
  readonly leader: number
  readonly epoch?: number
  readonly replicas?: readonly number[]
  readonly isr?: readonly number[]
}

/** Partitions are numbered from 0 in each topic. */
export function metadataOf(
  topics: Readonly<Record<string, readonly PartitionFacts[]>>,
  rest: Partial<Omit<ClusterMetadata, 'partitions'>> = {},
): ClusterMetadata {
  const numbers = Object.entries(topics).map(([name, list]) => [name, list.map((_, i) => i)] as const)
  const all = Object.values(topics).flat()
  const replicasOf = ({ leader, replicas = leader < 0 ? [] : [leader] }: PartitionFacts): readonly number[] => replicas
  return {
    clusterId: 'abc',
    controllerId: 1,
    brokers: [],
    refusedTopics: [],
    ...rest,
    partitions: {
      layout: layoutOf(Object.fromEntries(numbers)),
      leader: Int32Array.from(all, ({ leader }) => leader),
      leaderEpoch: Int32Array.from(all, ({ epoch = 0 }) => epoch),
      replicas: intLists(all.map(replicasOf)),
      isr: intLists(all.map((one) => one.isr ?? replicasOf(one))),
      offline: intLists(all.map(() => [])),
    },
  }
}

export function topologyOf(...args: Parameters<typeof metadataOf>): Topology {
  return single({ from: 'a:1', metadata: metadataOf(...args) })
}

export function upWith(view: Partial<BrokerView> = {}, returnedAt?: number): TargetState {
  const told = { clusterId: 'abc', controllerId: 1, brokerIds: [1, 2, 3], kraft: false, ...view }
  return { up: true, view: told, returnedAt }
}

export const refused: TargetState = { up: false, failure: { reason: 'refused', detail: '' } }

export function seen<T>(value: T, mono = 0): Observed<T> {
  return { value, at: { mono, wall: mono } }
}

export function viewOf(facts: Partial<View>): View {
  return { ...emptyView, ...facts }
}
