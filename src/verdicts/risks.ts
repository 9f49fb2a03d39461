import type { Configs } from '../model/configs.ts'
import { listLength, listOf } from '../model/int-lists.ts'
import type { Partitions, Topic } from '../model/topology.ts'
import type { Racks } from './racks.ts'

/** A setting that makes the next failure worse than it need be. */
export interface Risk {
  readonly scope: 'broker' | 'topic' | 'cluster'
  /** The broker's id or the topic's name; empty for the cluster. */
  readonly name: string
  readonly risk: string
}

/** The cluster's and the brokers' first, then the topics' by name. What is not readable is no risk, nor is it none. */
export function judgeRisks(known: Racks, partitions: Partitions, configs: Configs | undefined): readonly Risk[] {
  const racks = new Map(
    [...known].flatMap(([id, rack]): [number, string][] => (rack === undefined ? [] : [[id, rack]])),
  )
  const severalRacks = new Set(racks.values()).size > 1
  return [
    ...clusterRisks(known.size, racks),
    ...[...(configs?.brokers ?? [])]
      .sort(([a], [b]) => a - b)
      .flatMap(([id, { values }]) => named('broker', String(id), brokerRisks(values))),
    ...partitions.layout.topics.flatMap((topic) => {
      const config = configs?.topics.get(topic.name)
      const own = config?.uncleanElection === true ? ['unclean_election_enabled'] : []
      const found = [
        ...replicaRisks(topic, partitions, severalRacks ? racks : undefined, config?.minInsyncReplicas),
        ...own,
      ]
      return named('topic', topic.name, found)
    }),
  ]
}

function named(scope: Risk['scope'], name: string, risks: readonly string[]): readonly Risk[] {
  return risks.map((risk) => ({ scope, name, risk }))
}

/** Racks are a statement only where every broker has one. */
function clusterRisks(brokers: number, racks: ReadonlyMap<number, string>): readonly Risk[] {
  if (brokers < 2) return []
  if (racks.size === brokers && new Set(racks.values()).size === 1) return named('cluster', '', ['single_rack'])
  return racks.size > 0 && racks.size < brokers ? named('cluster', '', ['rack_missing']) : []
}

/** What a broker would make of topics to come. */
const brokerRules: readonly (readonly [string, string, string])[] = [
  ['default_rf_one', 'default.replication.factor', '1'],
  ['offsets_topic_rf_one', 'offsets.topic.replication.factor', '1'],
  ['transaction_log_rf_one', 'transaction.state.log.replication.factor', '1'],
  ['transaction_log_min_isr_one', 'transaction.state.log.min.isr', '1'],
  ['unclean_election_enabled', 'unclean.leader.election.enable', 'true'],
  ['controlled_shutdown_disabled', 'controlled.shutdown.enable', 'false'],
]

function brokerRisks(values: ReadonlyMap<string, string>): readonly string[] {
  return brokerRules.flatMap(([risk, key, value]) => (values.get(key) === value ? [risk] : []))
}

function replicaRisks(
  { internal, first, count }: Topic,
  { replicas }: Partitions,
  /** undefined: there are not several. */
  racks: ReadonlyMap<number, string> | undefined,
  minIsr: number | undefined,
): readonly string[] {
  let fewest = Infinity
  let inOneRack = false
  for (let row = first; row < first + count; row++) {
    fewest = Math.min(fewest, listLength(replicas, row))
    if (racks !== undefined && !inOneRack) inOneRack = shareRack(listOf(replicas, row), racks)
  }
  return [
    ...(fewest === 1 ? [internal ? 'internal_topic_rf_one' : 'rf_one'] : []),
    ...(fewest > 1 && minIsr !== undefined && minIsr >= fewest ? ['min_isr_equals_rf'] : []),
    ...(inOneRack ? ['single_rack'] : []),
  ]
}

function shareRack(ids: Int32Array, racks: ReadonlyMap<number, string>): boolean {
  const rack = racks.get(ids[0] ?? -1)
  return ids.length > 1 && rack !== undefined && ids.every((id) => racks.get(id) === rack)
}
