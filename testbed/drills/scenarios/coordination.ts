/** Kafka's metadata lies: without a coordinator, and on both sides of a split. */
import { elapsed, leadsNothing, majorityController } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { partitionsBy, type Truth } from '../truth.ts'
import { allWell, BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

const ledByTheDead = (truth: Truth): number => partitionsBy(truth, 'stopped')
const ENSEMBLE = ['zk1', 'zk2', 'zk3'] as const

export const FACT2: Scenario = {
  name: 'FACT2',
  title: 'every ZooKeeper server killed, then the controller: the metadata freezes healthy',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { find: 'controller' },
    { act: 'kill', on: ENSEMBLE, as: 'kill ensemble' },
    { seconds: 3, why: 'Kafka serves on without a quorum' },
    {
      stage: 'no quorum, all served',
      // kafka-topics reads topic configs as well, which brokers fetch from ZooKeeper.
      kafkaTools: 'none',
      kafkaFamilies: { kafka_ha_unavailable_partitions: 0, kafka_ha_under_replicated_partitions: 0, kafka_brokers: 3 },
    },
    { act: 'kill', on: ['kafka$controller'], as: 'kill controller' },
    { until: elapsed('kill controller', 5), deadlineS: 10 },
    {
      stage: 'the metadata has frozen',
      // kafka-topics asks the controller for reassignments, and the controller is dead.
      kafkaTools: 'none',
      kafkaFamilies: {
        kafka_brokers: 3,
        'kafka_ha_broker_registered{broker="$controller"}': 1,
        'kafka_ha_broker_up{broker="$controller"}': 0,
        kafka_ha_leaderless_partitions: 0,
        kafka_ha_under_replicated_partitions: 0,
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
        kafka_ha_unavailable_partitions: '> 0',
        kafka_ha_controller_up: 0,
      },
    },
    { until: elapsed('kill controller', 25), deadlineS: 30 },
    { act: 'start', on: ENSEMBLE, as: 'start ensemble' },
    { until: leadsNothing('$controller'), deadlineS: 90 },
    { stage: 'the ensemble is back, Kafka has failed over', kafkaFamilies: { kafka_ha_unavailable_partitions: 0 } },
    { act: 'start', on: ['kafka$controller'], as: 'start controller' },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'kill controller -> kafka_ha_broker_up 0, its partitions unavailable',
      since: { act: 'kill controller' },
      withinS: 1,
      shows: {
        'kafka_ha_broker_up{broker="$controller"}': 0,
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
        kafka_ha_controller_up: 0,
      },
    },
    allWell('start controller'),
  ],
  holds: [
    {
      name: 'unavailable for as long as Kafka cannot notice, though it names a leader and a full ISR',
      since: { act: 'kill controller' },
      afterS: 1,
      until: 'start ensemble',
      shows: {
        kafka_ha_leaderless_partitions: 0,
        kafka_ha_unreachable_leader_partitions: ledByTheDead,
        kafka_ha_unavailable_partitions: '> 0',
        kafka_ha_controller_up: 0,
      },
    },
  ],
}

const DISAGREE = {
  'kafka_ha_source_disagreements{kind="leader"}': '> 0',
  'kafka_ha_source_disagreements{kind="controller"}': '> 0',
} as const

export const ZOMBIE: Scenario = {
  name: 'ZOMBIE',
  title: 'the controller cut off from the other nodes, not from the observer: it goes on calling itself leader',
  plan: 'namespaces',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { seconds: 62, why: 'no change for a minute: the exporter looks at calm pace when the election comes' },
    { find: 'controller' },
    { split: 'node$controller' },
    { until: majorityController, deadlineS: 60 },
    { until: leadsNothing('$controller'), deadlineS: 60 },
    { seconds: 2, why: 'a disagreement counts when it outlasts an interval' },
    {
      stage: 'two controllers, two leaders',
      // The tools may ask the zombie.
      kafkaTools: 'none',
      kafkaFamilies: { ...DISAGREE, 'kafka_ha_controller_views{controller="$controller"}': 1 },
    },
    { until: elapsed('split', 40), deadlineS: 45 },
    { rejoin: true },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'the majority has failed over -> disagreements on leaders and controller',
      since: { act: 'split', truth: leadsNothing('$controller') },
      withinS: 5,
      shows: DISAGREE,
    },
    allWell('rejoin'),
  ],
}
