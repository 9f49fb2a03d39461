import { caughtUp, named, silent, unregistered } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import {
  allWell,
  BACK_TO_HEALTHY,
  downAfterSilence,
  FAMILIES_WITHOUT_1,
  FAMILIES_WITHOUT_1_AND_2,
  STARTS_HEALTHY,
  upAgain,
  WITHOUT_1,
  WITHOUT_1_AND_2,
} from './common.ts'
import { brokerStarts, stoppedCleanly } from './log-claims.ts'

export const A: Scenario = {
  name: 'A',
  title: 'broker 1 stopped cleanly, then started again',
  plan: 'loopback',
  set: 'core',
  controllers: 'separate',
  steps: [
    STARTS_HEALTHY,
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    {
      stage: 'broker 1 stopped',
      kafkaTools: WITHOUT_1,
      kafkaFamilies: { ...FAMILIES_WITHOUT_1, 'kafka_ha_broker_down_reason{broker="1",reason="refused"}': 1 },
    },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [downAfterSilence('stop kafka1', 1), upAgain('start kafka1', 1), allWell('start kafka1')],
  logs: [...stoppedCleanly('stop kafka1', 'start kafka1'), ...brokerStarts('start kafka1')],
}

const AWAITS_2 = {
  'kafka_ha_broker_awaited_partitions{broker="2"}': 1,
  'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
} as const

export const B: Scenario = {
  name: 'B',
  title: 'brokers 1 and 2 stopped cleanly: one partition is left without a leader, and only broker 2 has it',
  plan: 'loopback',
  set: 'core',
  controllers: 'separate',
  steps: [
    STARTS_HEALTHY,
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { stage: 'broker 1 stopped', kafkaTools: WITHOUT_1, kafkaFamilies: FAMILIES_WITHOUT_1 },
    // Controlled shutdown cannot move partition 2 anywhere and retries: 15 to 20 s.
    { act: 'stop', on: ['kafka2'] },
    { until: unregistered(1, 2), deadlineS: 30 },
    { stage: 'brokers 1 and 2 stopped', kafkaTools: WITHOUT_1_AND_2, kafkaFamilies: FAMILIES_WITHOUT_1_AND_2 },
    { act: 'start', on: ['kafka1'] },
    { until: caughtUp, deadlineS: 60 },
    {
      stage: 'broker 1 is back, and does not bring test-topic/2',
      kafkaTools: {
        'test-topic/0': { leader: 3, isr: [3], offset: 1 },
        'test-topic/1': { isr: [3, 1], offset: 6 },
        'test-topic/2': { leader: -1, isr: [2], offset: 'none' },
      },
      kafkaFamilies: {
        kafka_brokers: 2,
        kafka_ha_leaderless_partitions: 1,
        ...AWAITS_2,
        'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': -1,
      },
    },
    { act: 'start', on: ['kafka2'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    downAfterSilence('stop kafka1', 1),
    downAfterSilence('stop kafka2', 2),
    {
      name: 'broker 2 stops answering -> test-topic/2 unavailable, before Kafka says so',
      since: { act: 'stop kafka2', truth: silent(2) },
      withinS: 1,
      shows: {
        kafka_ha_unavailable_partitions: 1,
        'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 'absent',
      },
    },
    {
      name: 'Kafka names no leader for test-topic/2 -> leader -1, 1 leaderless',
      since: { act: 'stop kafka2', truth: named('test-topic/2', -1) },
      withinS: 1,
      shows: {
        'kafka_topic_partition_leader{topic="test-topic",partition="2"}': -1,
        'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 'absent',
        kafka_ha_leaderless_partitions: 1,
        kafka_ha_unavailable_partitions: 1,
      },
    },
    {
      name: 'Kafka names no leader for test-topic/2 -> broker 2 is the one it waits for',
      since: { act: 'stop kafka2', truth: named('test-topic/2', -1) },
      withinS: 1,
      shows: AWAITS_2,
    },
    upAgain('start kafka1', 1),
    upAgain('start kafka2', 2),
    {
      name: 'test-topic/2 has a leader again -> nothing is awaited',
      since: { act: 'start kafka2', truth: named('test-topic/2', 2) },
      withinS: 1,
      shows: { 'kafka_ha_broker_awaited_partitions{broker="2"}': 0, kafka_ha_leaderless_partitions: 0 },
    },
    allWell('start kafka2'),
  ],
  holds: [
    {
      name: 'broker 2 stays awaited, whatever broker 1 does',
      since: { act: 'start kafka1' },
      afterS: 0,
      until: 'start kafka2',
      shows: AWAITS_2,
    },
  ],
  // The controlled shutdown of broker 2 ends when it gives up.
  logs: [
    ...stoppedCleanly('stop kafka1', 'stop kafka2'),
    ...stoppedCleanly('stop kafka2', 'start kafka1', 40),
    ...brokerStarts('start kafka1'),
    ...brokerStarts('start kafka2'),
  ],
}
