import { addressText, type Address } from '../../src/model/address.ts'
import { intLists } from '../../src/model/int-lists.ts'
import type { Configs } from '../../src/model/configs.ts'
import type { BrokerView, Liveness, TargetState } from '../../src/model/liveness.ts'
import type { Offsets } from '../../src/model/offsets.ts'
import { failed, type FailureReason } from '../../src/model/result.ts'
import type { Roster } from '../../src/model/roster.ts'
import type { Layout, Topic, Topology } from '../../src/model/topology.ts'

/** One partition as a test writes it down. ISR = replicas unless given, numbers count up from 0 unless given. */
export interface Said {
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr?: readonly number[]
  readonly offline?: readonly number[]
  readonly epoch?: number
  readonly partition?: number
}

export interface TopologySpec {
  readonly topics?: Readonly<Record<string, readonly Said[]>>
  /** Ids at their usual addresses, or the addresses themselves. */
  readonly brokers?: readonly (number | (Address & { readonly id: number }))[]
  readonly clusterId?: string | undefined
  readonly controllerId?: number
  readonly leaderDisagreements?: number
  readonly topicDisagreements?: number
  readonly refusedTopics?: readonly string[]
}

export const clusterId = 'the-cluster'

export function addressOf(id: number): Address {
  return { host: `kafka${id}`, port: 9092 }
}

export function textOf(id: number): string {
  return addressText(addressOf(id))
}

export function layoutOf(topics: Readonly<Record<string, readonly { readonly partition?: number }[]>>): Layout {
  const found: Topic[] = []
  const topicOf: number[] = []
  const partition: number[] = []
  for (const name of Object.keys(topics).sort()) {
    const said = topics[name] ?? []
    const internal = name.startsWith('__')
    found.push({ name, internal, first: partition.length, count: said.length })
    said.forEach((each, i) => {
      topicOf.push(found.length - 1)
      partition.push(each.partition ?? i)
    })
  }
  return { topics: found, topicOf: Int32Array.from(topicOf), partition: Int32Array.from(partition) }
}

export function topology(spec: TopologySpec = {}): Topology {
  const { topics = {}, brokers = [1, 2, 3], controllerId = 1 } = spec
  const rows = Object.keys(topics)
    .sort()
    .flatMap((name) => topics[name] ?? [])
  return {
    clusterId: 'clusterId' in spec ? spec.clusterId : clusterId,
    controllerId,
    brokers: brokers.map((broker) => ({
      rack: undefined,
      ...(typeof broker === 'number' ? { id: broker, ...addressOf(broker) } : broker),
    })),
    partitions: {
      layout: layoutOf(topics),
      leader: Int32Array.from(rows, ({ leader }) => leader),
      leaderEpoch: Int32Array.from(rows, ({ epoch }) => epoch ?? 0),
      replicas: intLists(rows.map(({ replicas }) => replicas)),
      isr: intLists(rows.map(({ replicas, isr }) => isr ?? replicas)),
      offline: intLists(rows.map(({ offline }) => offline ?? [])),
    },
    askedOf: ['kafka1:9092'],
    leaderDisagreements: spec.leaderDisagreements ?? 0,
    topicDisagreements: spec.topicDisagreements ?? 0,
    refusedTopics: spec.refusedTopics ?? [],
  }
}

export function brokerView(more: Partial<BrokerView> = {}): BrokerView {
  return { clusterId, controllerId: 1, brokerIds: [1, 2, 3], kraft: false, ...more }
}

export function up(more: Partial<BrokerView> = {}, returnedAt?: number): TargetState & { up: true } {
  return { up: true, view: brokerView(more), returnedAt }
}

export function down(reason: FailureReason = 'refused', detail = `${reason}, says the test`): TargetState {
  return { up: false, failure: failed(reason, detail).failure }
}

/** Keys are broker ids, which stand for their usual addresses, or addresses. */
export function liveness(states: Readonly<Record<string, TargetState>>): Liveness {
  const text = (key: string): string => (/^\d+$/.test(key) ? textOf(Number(key)) : key)
  return { targets: new Map(Object.entries(states).map(([key, state]) => [text(key), state])) }
}

/** Brokers at their usual addresses. */
export function rosterOf(...ids: readonly number[]): Roster {
  return new Map(ids.map((id) => [id, { address: addressOf(id), namedAt: 0 }]))
}

/** Each leader's own answer: row r has log end 100 + r and log start r. */
export function offsets({ partitions: { layout, leader } }: Topology, observedAt: number): Offsets {
  const length = layout.partition.length
  const known = (row: number, value: number): number => ((leader[row] ?? -1) < 0 ? Number.NaN : value)
  return {
    layout,
    latest: Float64Array.from({ length }, (_, row) => known(row, 100 + row)),
    earliest: Float64Array.from({ length }, (_, row) => known(row, row)),
    answeredBy: Int32Array.from(leader),
    observedAt: new Float64Array(length).fill(observedAt),
  }
}

/** min.insync.replicas of each topic, and settings of brokers. */
export function configs(
  topics: Readonly<Record<string, number>>,
  more: Partial<Configs> = {},
  brokers: Readonly<Record<number, Readonly<Record<string, string>>>> = {},
): Configs {
  const entry = (minInsyncReplicas: number) => ({ minInsyncReplicas, uncleanElection: false, observedAt: Infinity })
  return {
    topics: new Map(Object.entries(topics).map(([name, value]) => [name, entry(value)])),
    brokers: new Map(
      Object.entries(brokers).map(([id, values]) => [
        Number(id),
        { values: new Map(Object.entries(values)), observedAt: Infinity },
      ]),
    ),
    refusedTopics: new Set(),
    refusedBrokers: new Set(),
    ...more,
  }
}
