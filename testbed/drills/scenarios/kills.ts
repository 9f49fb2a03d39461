import { elapsed, leadsNothing, named } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { partitionsBy, type Truth } from '../truth.ts'
import {
  allWell,
  BACK_TO_HEALTHY,
  FAMILIES_WITHOUT_1,
  FAMILIES_WITHOUT_1_AND_2,
  STARTS_HEALTHY,
  upAgain,
  WITHOUT_1,
  WITHOUT_1_AND_2,
} from './common.ts'
import { brokerKilled, brokerStarts } from './log-claims.ts'

const ledByTheDead = (truth: Truth): number => partitionsBy(truth, 'stopped')

export const C: Scenario = {
  name: 'C',
  title: 'broker 1, then broker 2 killed (-9): Kafka notices only when the session expires',
  plan: 'loopback',
  set: 'core',
  controllers: 'separate',
  steps: [
    STARTS_HEALTHY,
    { act: 'kill', on: ['kafka1'] },
    { until: leadsNothing('1'), deadlineS: 60 },
    { stage: 'broker 1 dead, Kafka has failed over', kafkaTools: WITHOUT_1, kafkaFamilies: FAMILIES_WITHOUT_1 },
    { act: 'kill', on: ['kafka2'] },
    { until: named('test-topic/2', -1), deadlineS: 60 },
    { until: leadsNothing('2'), deadlineS: 30 },
    { stage: 'brokers 1 and 2 dead', kafkaTools: WITHOUT_1_AND_2, kafkaFamilies: FAMILIES_WITHOUT_1_AND_2 },
    { act: 'start', on: ['kafka1', 'kafka2'], as: 'start both' },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'kill kafka1 -> kafka_ha_broker_up 0, refused',
      since: { act: 'kill kafka1' },
      withinS: 1,
      shows: {
        'kafka_ha_broker_up{broker="1"}': 0,
        'kafka_ha_broker_down_reason{broker="1",reason="refused"}': 1,
      },
    },
    {
      name: 'kill kafka1 -> kafka_ha_unreachable_leader_partitions, while Kafka names no new leader',
      since: { act: 'kill kafka1' },
      withinS: 1,
      shows: {
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
        kafka_ha_leaderless_partitions: 0,
        kafka_ha_unavailable_partitions: '> 0',
        'kafka_topic_partition_leader{topic="test-topic",partition="2"}': 1,
        'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 'absent',
      },
    },
    {
      name: 'Kafka has failed over -> nothing unavailable',
      since: { act: 'kill kafka1', truth: leadsNothing('1') },
      withinS: 1,
      shows: { kafka_ha_unavailable_partitions: 0, 'kafka_ha_broker_registered{broker="1"}': 0 },
    },
    {
      name: 'kill kafka2 -> kafka_ha_broker_up 0, its partitions unavailable',
      since: { act: 'kill kafka2' },
      withinS: 1,
      shows: {
        'kafka_ha_broker_up{broker="2"}': 0,
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
        kafka_ha_unavailable_partitions: '> 0',
      },
    },
    {
      name: 'Kafka names no leader for test-topic/2 -> leader -1, 1 leaderless',
      since: { act: 'kill kafka2', truth: named('test-topic/2', -1) },
      withinS: 1,
      shows: {
        'kafka_topic_partition_leader{topic="test-topic",partition="2"}': -1,
        kafka_ha_leaderless_partitions: 1,
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
      },
    },
    upAgain('start both', 1),
    upAgain('start both', 2),
    allWell('start both'),
  ],
  logs: [
    ...brokerKilled('kill kafka1', 'kill kafka2'),
    ...brokerKilled('kill kafka2', 'start both'),
    ...brokerStarts('start both'),
  ],
}

const ALL = ['kafka1', 'kafka2', 'kafka3'] as const
const everyPartition = (truth: Truth): number => truth.named.size

export const TOTAL: Scenario = {
  name: 'TOTAL',
  title: 'all three brokers killed, for two minutes',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'kill', on: ALL, as: 'kill all' },
    // 20 s: past the 15 s after which Kafka's last words are too old to be shown.
    { seconds: 20, why: 'past the maximum age' },
    {
      stage: 'nobody left, and the last words too old',
      kafkaFamilies: {
        kafka_ha_cluster_reachable: 0,
        kafka_ha_unavailable_partitions: everyPartition,
        kafka_topic_partition_leader: 'absent',
        kafka_topic_partition_current_offset: 'absent',
        kafka_brokers: 'absent',
        'kafka_ha_broker_up{broker="1"}': 0,
        kafka_ha_controller_up: 0,
      },
    },
    { seconds: 100, why: 'an outage that lasts' },
    { act: 'start', on: ALL, as: 'start all' },
    // Settings are asked for every 15 s, and a broker that starts lets the question wait.
    { until: elapsed('start all', 30), deadlineS: 40 },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'kill all -> unreachable, every partition unavailable',
      since: { act: 'kill all' },
      withinS: 1,
      shows: {
        kafka_ha_cluster_reachable: 0,
        kafka_ha_unreachable_leader_partitions: everyPartition,
        kafka_ha_unavailable_partitions: everyPartition,
        kafka_ha_controller_up: 0,
      },
    },
    ...([1, 2, 3] as const).map((id) => upAgain('start all', id)),
    allWell('start all'),
  ],
  logs: brokerStarts('start all'),
  holds: [
    {
      name: 'every partition stays unavailable for as long as nobody answers',
      since: { act: 'kill all' },
      afterS: 1,
      until: 'start all',
      shows: {
        kafka_ha_cluster_reachable: 0,
        kafka_ha_unavailable_partitions: everyPartition,
        kafka_ha_controller_up: 0,
      },
    },
    {
      name: 'no partition is described from words older than their maximum age',
      since: { act: 'kill all' },
      afterS: 16,
      until: 'start all',
      shows: { kafka_topic_partition_leader: 'absent', kafka_ha_under_replicated_partitions: 'absent' },
    },
  ],
}
