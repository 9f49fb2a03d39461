/** What coordinators and sessions must be shown as, in plain numbers. Three ZooKeeper servers. */
import type { Bound, Hold, Shown } from '../bound.ts'
import { quorumLost, serving, sessionsSettled } from '../coordinators/conditions.ts'
import type { Stage, Step } from '../scenario.ts'
import { BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

type Claims = Record<string, Shown[string]>

export const QUORUM_OF_3: Shown = {
  'kafka_ha_quorum_configured_voters{kind="zookeeper"}': 3,
  'kafka_ha_quorum_majority{kind="zookeeper"}': 2,
  'kafka_ha_quorum_serving_voters{kind="zookeeper"}': 3,
  'kafka_ha_quorum_failure_margin{kind="zookeeper"}': 1,
  'kafka_ha_quorum_available{kind="zookeeper"}': 1,
  kafka_ha_controller_up: 1,
}

/** The next failure ends it. Whether a broker can act as controller is another matter: it may be the one that died. */
export const TWO_VOTERS: Shown = {
  'kafka_ha_quorum_configured_voters{kind="zookeeper"}': 3,
  'kafka_ha_quorum_majority{kind="zookeeper"}': 2,
  'kafka_ha_quorum_serving_voters{kind="zookeeper"}': 2,
  'kafka_ha_quorum_failure_margin{kind="zookeeper"}': 0,
  'kafka_ha_quorum_available{kind="zookeeper"}': 1,
}

export const QUORUM_OF_2: Shown = { ...TWO_VOTERS, kafka_ha_controller_up: 1 }

/** Nothing fails over any more, and Kafka's own verdicts know it. */
export const NO_QUORUM: Shown = {
  'kafka_ha_quorum_configured_voters{kind="zookeeper"}': 3,
  'kafka_ha_quorum_majority{kind="zookeeper"}': 2,
  'kafka_ha_quorum_failure_margin{kind="zookeeper"}': '< 0',
  'kafka_ha_quorum_available{kind="zookeeper"}': 0,
  'kafka_ha_quorum_leader_id{kind="zookeeper"}': -1,
  kafka_ha_broker_session_expiry_timestamp_seconds: 'absent',
  kafka_ha_controller_up: 0,
}

/** Every replica is there, and yet the next failure of a broker costs what it leads. */
export const NO_MARGIN: Shown = {
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 0,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 0,
}

/** `$zk1` is the address of that node's server. */
export function servers(states: Readonly<Record<number, string>>): Shown {
  return Object.fromEntries(
    Object.entries(states).map(([id, state]) => {
      return [`kafka_ha_zookeeper_server_state{server="$zk${id}",state="${state}"}`, 1] as const
    }),
  )
}

/** Ends of sessions since the exporter began. */
export function ends(broker: number, counts: { closed: number; expired: number }): Shown {
  const claims: Claims = {}
  for (const how of ['closed', 'expired'] as const) {
    claims[`kafka_ha_broker_session_${how}_total{broker="${broker}"}`] = counts[how]
  }
  return claims
}

export const NONE_ENDED = { closed: 0, expired: 0 }

/** Kafka's data plane, of which no quorum takes anything away. The offsets are the user's. */
export const DATA_PLANE: Shown = {
  kafka_brokers: 3,
  kafka_ha_cluster_reachable: 1,
  kafka_ha_partitions: 10,
  kafka_ha_leaderless_partitions: 0,
  kafka_ha_unreachable_leader_partitions: 0,
  kafka_ha_unavailable_partitions: 0,
  kafka_ha_under_replicated_partitions: 0,
  kafka_ha_under_min_isr_partitions: 0,
  kafka_ha_unreachable_isr_partitions: 0,
  'kafka_ha_broker_up{broker="1"}': 1,
  'kafka_ha_broker_up{broker="2"}': 1,
  'kafka_ha_broker_up{broker="3"}': 1,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="0"}': 1,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="1"}': 6,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 3,
}

/** What Kafka's brokers say of brokers and partitions. */
export const WORDS_OF_KAFKA =
  /^kafka_(brokers|broker_info|topic_partitions|topic_partition_(leader|replicas|in_sync|under)\w*|ha_(topics|partitions|leaderless_\w+|broker_(registered|leaders|replicas|in_sync_replicas)))$/
/** And the offsets, of topics that nobody writes to. */
const PARTITION_FAMILIES = new RegExp(`${WORDS_OF_KAFKA.source}|^kafka_topic_partition_(current|oldest)_offset$`)

export function quorumLostWithin(act: string, withinS: number): Bound {
  return {
    name: `${act} -> kafka_ha_quorum_available 0, no controller`,
    since: { act },
    withinS,
    shows: { 'kafka_ha_quorum_available{kind="zookeeper"}': 0, kafka_ha_controller_up: 0 },
  }
}

/** From the moment they say so themselves. */
export function quorumLostTold(act: string): Bound {
  return {
    ...quorumLostWithin(act, 2),
    since: { act, truth: quorumLost },
    name: `${act}: no server serves any more -> kafka_ha_quorum_available 0`,
  }
}

export function quorumBack(act: string, quorumOf3 = QUORUM_OF_3): Bound {
  return {
    name: `${act}: three voters serve again -> quorum and margin are back`,
    since: { act, edge: 'end', truth: serving(3) },
    withinS: 6,
    shows: quorumOf3,
  }
}

/** While the quorum is lost everything that Kafka's brokers say is shown as ever. */
export function dataPlaneStays(act: string, until: string): Hold {
  return {
    name: `${act}: Kafka's data plane is shown complete, and as before`,
    since: { act },
    afterS: 0,
    until,
    shows: DATA_PLANE,
    keeps: PARTITION_FAMILIES,
  }
}

export const STARTS_WITH_3: Stage = { ...STARTS_HEALTHY, coordinatorFamilies: QUORUM_OF_3 }

/** Scenario R with its coordinators. `more`: what must have been counted by then. */
export function backWith3(more: Shown = {}): readonly Step[] {
  return [
    { until: serving(3), deadlineS: 60 },
    { until: sessionsSettled, deadlineS: 60 },
    ...BACK_TO_HEALTHY.map((step): Step => {
      return 'stage' in step ? { ...step, coordinatorFamilies: { ...QUORUM_OF_3, ...more } } : step
    }),
  ]
}
