import type { Bound } from '../bound.ts'
import { answering, healthy, silent } from '../conditions.ts'
import type { Stage, Step } from '../scenario.ts'

/** test-topic 3, three-replicas 3, __consumer_offsets 4. */
export const ALL_PARTITIONS = 10

const ALL_UP = {
  'kafka_ha_broker_up{broker="1"}': 1,
  'kafka_ha_broker_up{broker="2"}': 1,
  'kafka_ha_broker_up{broker="3"}': 1,
}

/** Nothing is wrong anywhere. */
const ALL_WELL = {
  kafka_brokers: 3,
  kafka_ha_cluster_reachable: 1,
  kafka_ha_topics: 3,
  kafka_ha_partitions: ALL_PARTITIONS,
  kafka_ha_leaderless_partitions: 0,
  kafka_ha_unreachable_leader_partitions: 0,
  kafka_ha_unavailable_partitions: 0,
  kafka_ha_under_replicated_partitions: 0,
  kafka_ha_under_min_isr_partitions: 0,
  kafka_ha_at_min_isr_partitions: 0,
  kafka_ha_single_isr_partitions: 0,
  kafka_ha_unreachable_isr_partitions: 0,
  kafka_ha_reassigning_partitions: 0,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 1,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 1,
  'kafka_ha_broker_loss_leaderless_partitions{broker="1"}': 0,
  'kafka_ha_broker_loss_unwritable_partitions{broker="1"}': 0,
  kafka_ha_offline_replicas: 0,
  kafka_ha_partition_unhealthy_since_timestamp_seconds: 'absent',
  kafka_ha_broker_down_reason: 'absent',
  kafka_ha_controller_up: 1,
  ...ALL_UP,
} as const

/** The user's healthy cluster, with his offsets. */
export const STARTS_HEALTHY: Stage = {
  stage: 'healthy',
  kafkaTools: {
    'test-topic/0': { leader: 2, isr: [2, 3], offset: 1 },
    'test-topic/1': { leader: 3, isr: [3, 1], offset: 6 },
    'test-topic/2': { leader: 1, isr: [1, 2], offset: 3 },
  },
  kafkaFamilies: { ...ALL_WELL, kafka_ha_not_preferred_leader_partitions: 0, process_resident_memory_bytes: '> 0' },
}

/** Scenario R, the end of every other one. Who leads is left open: nobody has asked for a preferred election. */
export const BACK_TO_HEALTHY: readonly Step[] = [
  { until: healthy, deadlineS: 120 },
  {
    stage: 'back to healthy',
    kafkaTools: {
      'test-topic/0': { isr: [2, 3], offset: 1 },
      'test-topic/1': { isr: [3, 1], offset: 6 },
      'test-topic/2': { isr: [1, 2], offset: 3 },
    },
    kafkaFamilies: ALL_WELL,
  },
]

/** The state after broker 1, in the user's listing. */
export const WITHOUT_1 = {
  'test-topic/0': { leader: 2, isr: [2, 3], offset: 1 },
  'test-topic/1': { leader: 3, isr: [3], offset: 6 },
  'test-topic/2': { leader: 2, isr: [2], offset: 3 },
} as const

/** Every partition with a replica on broker 1 is under-replicated, all are served. */
export const FAMILIES_WITHOUT_1 = {
  kafka_brokers: 2,
  kafka_ha_leaderless_partitions: 0,
  kafka_ha_unreachable_leader_partitions: 0,
  kafka_ha_unavailable_partitions: 0,
  kafka_ha_under_replicated_partitions: 9,
  'kafka_ha_broker_up{broker="1"}': 0,
  'kafka_ha_broker_up{broker="2"}': 1,
  'kafka_ha_broker_registered{broker="1"}': 0,
  'kafka_ha_broker_leaders{broker="1"}': 0,
  // test-topic/1 hangs on broker 3, test-topic/2 on broker 2; min.insync.replicas is 1.
  kafka_ha_single_isr_partitions: 2,
  kafka_ha_at_min_isr_partitions: 2,
  kafka_ha_under_min_isr_partitions: 0,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 0,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="redundant"}': 0,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 0,
  'kafka_ha_broker_loss_leaderless_partitions{broker="1"}': 0,
  'kafka_ha_broker_loss_leaderless_partitions{broker="2"}': 1,
  'kafka_ha_broker_loss_unwritable_partitions{broker="3"}': 1,
  'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
} as const

/** Brokers 1 and 2 gone: the user's `Leader: none, Isr: 2`. */
export const WITHOUT_1_AND_2 = {
  'test-topic/0': { leader: 3, isr: [3], offset: 1 },
  'test-topic/1': { leader: 3, isr: [3], offset: 6 },
  'test-topic/2': { leader: -1, isr: [2], offset: 'none' },
} as const

export const FAMILIES_WITHOUT_1_AND_2 = {
  kafka_brokers: 1,
  kafka_ha_cluster_reachable: 1,
  kafka_ha_leaderless_partitions: 1,
  kafka_ha_unreachable_leader_partitions: 0,
  kafka_ha_unavailable_partitions: 1,
  kafka_ha_under_replicated_partitions: ALL_PARTITIONS,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': -1,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': -1,
  'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
  'kafka_ha_broker_awaited_partitions{broker="2"}': 1,
  // Nine partitions are left to broker 3 alone; the tenth is lost already.
  'kafka_ha_broker_loss_leaderless_partitions{broker="3"}': 9,
  'kafka_ha_broker_loss_unwritable_partitions{broker="3"}': 9,
  'kafka_ha_broker_loss_leaderless_partitions{broker="2"}': 0,
  'kafka_topic_partition_leader{topic="test-topic",partition="2"}': -1,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="0"}': 1,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="1"}': 6,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 'absent',
  'kafka_topic_partition_oldest_offset{topic="test-topic",partition="2"}': 'absent',
  'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="test-topic",partition="2",state="leaderless"}':
    'present',
} as const

export function upAgain(act: string, broker: number): Bound {
  return {
    name: `broker ${broker} answers -> kafka_ha_broker_up 1`,
    since: { act, truth: answering(broker) },
    withinS: 1.5,
    shows: { [`kafka_ha_broker_up{broker="${broker}"}`]: 1 },
  }
}

export function downAfterSilence(act: string, broker: number): Bound {
  return {
    name: `${act}: broker ${broker} stops answering -> kafka_ha_broker_up 0`,
    since: { act, truth: silent(broker) },
    withinS: 1,
    shows: { [`kafka_ha_broker_up{broker="${broker}"}`]: 0 },
  }
}

/** Measured from the moment truth itself was healthy again. */
export function allWell(act: string): Bound {
  return {
    name: `${act}: Kafka is healthy again -> nothing unavailable or under-replicated`,
    since: { act, edge: 'end', truth: healthy },
    withinS: 2,
    shows: {
      kafka_ha_unavailable_partitions: 0,
      kafka_ha_under_replicated_partitions: 0,
      kafka_ha_broker_down_reason: 'absent',
      ...ALL_UP,
    },
  }
}
