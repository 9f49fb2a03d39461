import { parseExposition, type Series } from '../drills/exposition.ts'

/** Series by their text, `kafka_ha_broker_up{broker="1"}`. */
export type Picture = ReadonlyMap<string, number>

/** What tells the story of an outage, in the order in which one wants to read it. */
const STORY = [
  'kafka_ha_cluster_reachable',
  'kafka_ha_broker_up',
  'kafka_ha_broker_down_reason',
  'kafka_ha_broker_fenced',
  'kafka_brokers',
  'kafka_ha_controller_up',
  'kafka_ha_controller_id',
  'kafka_ha_controller_views',
  'kafka_ha_leaderless_partitions',
  'kafka_ha_unreachable_leader_partitions',
  'kafka_ha_unavailable_partitions',
  'kafka_ha_unreachable_isr_partitions',
  'kafka_ha_under_replicated_partitions',
  'kafka_ha_broker_failure_margin',
  'kafka_ha_broker_loss_leaderless_partitions',
  'kafka_ha_broker_awaited_partitions',
  'kafka_ha_leader_changes_total',
  'kafka_ha_quorum_available',
  'kafka_ha_quorum_serving_voters',
  'kafka_ha_quorum_failure_margin',
  'kafka_ha_quorum_leader_id',
  'kafka_ha_quorum_elections_total',
  'kafka_ha_zookeeper_server_state',
  'kafka_ha_broker_session',
  'kafka_ha_broker_session_closed_total',
  'kafka_ha_broker_session_expired_total',
  'kafka_ha_failover_in_progress',
  'kafka_topic_partition_leader',
  'kafka_topic_partition_in_sync_replica',
]

export function readPicture(exposition: string): Picture {
  const series = [...parseExposition(exposition).series.values()].filter(isWatched)
  const rank = ({ family }: Series): number => STORY.indexOf(family)
  return new Map(series.sort((a, b) => rank(a) - rank(b)).map((one) => [textOf(one), one.value]))
}

/** `kafka_ha_broker_up{broker="1"} 1 -> 0`, one line per series that differs; absent is a value like any other. */
export function changesBetween(before: Picture, after: Picture): string[] {
  // Of what has gone the old order is all there is, so the keys are put in the story's order once more.
  const keys = [...new Set([...after.keys(), ...before.keys()])]
  const rank = (key: string): number => STORY.indexOf(key.split('{')[0] ?? '')
  return keys
    .filter((key) => before.get(key) !== after.get(key) && !isNoState(key, before.get(key), after.get(key)))
    .sort((a, b) => rank(a) - rank(b))
    .map((key) => `${key} ${before.get(key) ?? 'absent'} -> ${after.get(key) ?? 'absent'}`)
}

/** What is there from the start in each of many states, and 1 in one of them. */
const STATES = ['kafka_ha_zookeeper_server_state', 'kafka_ha_broker_down_reason']

function isNoState(key: string, before: number | undefined, after: number | undefined): boolean {
  return STATES.includes(key.split('{')[0] ?? '') && (before ?? 0) === 0 && (after ?? 0) === 0
}

/** Internal topics have dozens of partitions and would drown the rest. */
function isWatched({ family, labels }: Series): boolean {
  return STORY.includes(family) && labels['topic']?.startsWith('__') !== true
}

function textOf({ name, labels }: Series): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}
