/** KRaft's quorum where it is placed otherwise: beside the brokers, or out of the exporter's sight; and who may lead without loss. */
import { elapsed, healthy, named, topicGone, topicSeen, unregistered } from '../conditions.ts'
import { quorumLost, serving } from '../coordinators/conditions.ts'
import type { Condition } from '../moment.ts'
import type { Scenario } from '../scenario.ts'
import { deleteTopic } from '../topics.ts'
import { allWell, BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'
import { controllerElected, stoppedCleanly } from './log-claims.ts'
import { backWithin, ENDS, lostWithin, NO_QUORUM, QUORUM_OF_2, STARTS } from './kraft.ts'
import { dataPlaneStays, DATA_PLANE, NO_MARGIN } from './quorum-claims.ts'

export const KRAFT_SEPARATE: Scenario = {
  name: 'KRAFT-SEPARATE',
  title: 'two controllers beside the brokers killed (-9): Kafka serves on, and nothing fails over',
  plan: 'loopback',
  set: 'wide',
  mode: 'kraft',
  controllers: 'separate',
  steps: [
    ...STARTS,
    { act: 'kill', on: ['controller$controller'], as: 'kill the active one' },
    { until: serving(2), deadlineS: 30 },
    {
      stage: 'a new controller',
      kafkaTools: STARTS_HEALTHY.kafkaTools ?? {},
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: QUORUM_OF_2,
    },
    { act: 'kill', on: ['controller$other'], as: 'kill one more' },
    { until: quorumLost, deadlineS: 20 },
    { until: elapsed('kill one more', 15), deadlineS: 20 },
    {
      stage: 'no quorum, all served',
      kafkaTools: 'none',
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: { ...NO_QUORUM, ...NO_MARGIN },
    },
    { act: 'start', on: ['controller$controller', 'controller$other'], as: 'start both' },
    ...ENDS,
  ],
  bounds: [lostWithin('kill one more'), backWithin('start both'), allWell('start both')],
  holds: [dataPlaneStays('kill the active one', 'start both')],
  logs: [
    ...controllerElected('kill the active one', 'kill one more', 15),
    { since: 'kill one more', until: 'start both', never: ['kraft_controller_active', 'kraft_broker_fenced'] },
    { since: 'start both', shows: { kraft_controller_active: 40 } },
  ],
}

const AVAILABLE = 'kafka_ha_quorum_available{kind="kraft"}'

/** A broker may wait as long for a new leader. */
const nothingSaid: Condition = {
  name: 'without an answer nothing is said of the quorum yet',
  holds: ({ metrics }) => metrics?.all('kafka_ha_quorum_available').length === 0,
}

export const KRAFT_BROKER_ONLY: Scenario = {
  name: 'KRAFT-BROKER-ONLY',
  title: 'the same, and the exporter knows the brokers only: they wait for an answer, and so does it, for 30 s',
  plan: 'loopback',
  set: 'wide',
  mode: 'kraft',
  controllers: 'separate',
  exporterKnows: 'brokers',
  steps: [
    ...STARTS,
    { act: 'kill', on: ['controller$controller', 'controller$other'], as: 'kill two' },
    { until: quorumLost, deadlineS: 20 },
    { until: elapsed('kill two', 25), deadlineS: 30 },
    { claim: nothingSaid },
    { until: elapsed('kill two', 38), deadlineS: 45 },
    {
      stage: 'no quorum, all served',
      kafkaTools: 'none',
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: { [AVAILABLE]: 0, kafka_ha_controller_up: 0 },
    },
    { act: 'start', on: ['controller$controller', 'controller$other'], as: 'start both' },
    ...ENDS,
  ],
  bounds: [
    {
      name: 'kill two: no answer for 30 s -> kafka_ha_quorum_available 0',
      since: { act: 'kill two' },
      withinS: 36,
      shows: { [AVAILABLE]: 0, kafka_ha_controller_up: 0 },
    },
    allWell('start both'),
  ],
  holds: [dataPlaneStays('kill two', 'start both')],
}

const ELIGIBLE = 'eligible'
const AWAITS_2_AND_3 = {
  // test-topic/0 with it, whose last in sync was broker 3.
  kafka_ha_leaderless_partitions: 2,
  'kafka_ha_broker_awaited_partitions{broker="2"}': 1,
  'kafka_ha_broker_awaited_partitions{broker="3"}': 2,
  'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
} as const

export const KRAFT_ELR: Scenario = {
  name: 'KRAFT-ELR',
  title: 'both replicas of a partition stopped one after the other: either may lead it again without loss',
  plan: 'loopback',
  set: 'wide',
  mode: 'kraft',
  // The quorum has to outlive two brokers.
  controllers: 'separate',
  steps: [
    ...STARTS,
    {
      change: 'create eligible',
      run: (cluster) =>
        cluster.createTopic({ name: ELIGIBLE, replicaAssignment: '3:2', config: { 'min.insync.replicas': '2' } }),
    },
    { until: topicSeen(ELIGIBLE, 1), deadlineS: 20 },
    { act: 'stop', on: ['kafka2'] },
    { until: unregistered(2), deadlineS: 30 },
    { act: 'stop', on: ['kafka3'] },
    { until: named(`${ELIGIBLE}/0`, -1), deadlineS: 40 },
    { until: unregistered(2, 3), deadlineS: 40 },
    { stage: 'leaderless, the ISR empty', kafkaTools: 'none', kafkaFamilies: { ...AWAITS_2_AND_3 } },
    { act: 'start', on: ['kafka2'] },
    { until: named(`${ELIGIBLE}/0`, 2), deadlineS: 30 },
    {
      stage: 'broker 2 leads it again, though it was in no ISR',
      kafkaTools: 'none',
      kafkaFamilies: {
        'kafka_topic_partition_leader{topic="eligible",partition="0"}': 2,
        'kafka_ha_leader_changes_total{reason="unclean"}': 0,
      },
    },
    { act: 'start', on: ['kafka3'] },
    { until: healthy, deadlineS: 60 },
    { change: 'delete eligible', run: (cluster) => deleteTopic(cluster, ELIGIBLE) },
    { until: topicGone(ELIGIBLE), deadlineS: 20 },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'stop kafka3: Kafka names no leader -> both eligible ones are awaited',
      since: { act: 'stop kafka3', truth: named(`${ELIGIBLE}/0`, -1) },
      withinS: 3,
      shows: {
        'kafka_ha_broker_awaited_partitions{broker="2"}': '> 0',
        'kafka_ha_broker_awaited_partitions{broker="3"}': '> 0',
      },
    },
  ],
  logs: stoppedCleanly('stop kafka2', 'stop kafka3'),
}
