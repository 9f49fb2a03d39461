/** Without ZooKeeper a broker that is asked for a topic's configs waits for it, one of its eight handlers each time. */
import { elapsed, fewRequests, neverSilent, unregistered } from '../conditions.ts'
import { handlersFree } from '../handlers.ts'
import type { Scenario, Step } from '../scenario.ts'
import { writesQuick } from '../writing.ts'
import { BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, WITHOUT_1 } from './common.ts'

const ENSEMBLE = ['zk1', 'zk2', 'zk3'] as const
const DESCRIBE = { source: 'configs', api: 'DescribeConfigs' } as const

/**
 * One in all, not one on each broker: of eight exporters, one beside each broker of a large cluster, each would take one
 * handler of every broker, and that is all a broker has.
 */
const FREE: Step = { examine: 'request handlers that wait for ZooKeeper', run: (cluster) => handlersFree(cluster, 1) }

export const NOZK_CONFIGS: Scenario = {
  name: 'NOZK-CONFIGS',
  title: 'no ZooKeeper for 95 s while every topic is unhealthy: asking for configs must not use up the brokers',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { stage: 'every topic is unhealthy', kafkaTools: WITHOUT_1, kafkaFamilies: FAMILIES_WITHOUT_1 },
    // Led by broker 2 and by broker 3.
    { writes: ['three-replicas/1', 'three-replicas/2'] },
    { act: 'kill', on: ENSEMBLE, as: 'kill ensemble' },
    { until: elapsed('kill ensemble', 95), deadlineS: 100 },
    { claim: writesQuick('kill ensemble', 100) },
    { claim: neverSilent('kill ensemble') },
    // One for topics, and one to each broker about itself where their time has come.
    { claim: fewRequests('kill ensemble', DESCRIBE, 4) },
    FREE,
    { writes: 'end' },
    {
      stage: 'served, and what was known of configs is still shown',
      kafkaTools: 'none',
      kafkaFamilies: {
        kafka_ha_unavailable_partitions: 0,
        'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 1,
        kafka_ha_single_isr_partitions: 2,
        kafka_ha_at_min_isr_partitions: 2,
      },
    },
    { act: 'start', on: ENSEMBLE, as: 'start ensemble' },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [],
}

/** As many as a broker has request handlers (num.io.threads): one beside each broker of a cluster of eight. */
const EXPORTERS = 8

export const NOZK_MANY: Scenario = {
  name: 'NOZK-MANY',
  title: 'no ZooKeeper for 45 s with eight exporters watching: together they must not use up a broker either',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { furtherExporters: EXPORTERS - 1 },
    { seconds: 8, why: 'each has had its first looks' },
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { writes: ['three-replicas/1', 'three-replicas/2'] },
    { act: 'kill', on: ENSEMBLE, as: 'kill ensemble' },
    { until: elapsed('kill ensemble', 45), deadlineS: 50 },
    { claim: writesQuick('kill ensemble', 100) },
    { claim: neverSilent('kill ensemble') },
    {
      examine: 'request handlers that wait for ZooKeeper',
      run: (cluster) => handlersFree(cluster, EXPORTERS),
    },
    { act: 'start', on: ENSEMBLE, as: 'start ensemble' },
    { writes: 'end' },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [],
}

export const NOZK_LATE: Scenario = {
  name: 'NOZK-LATE',
  title: 'an exporter that starts without a ZooKeeper: what needs configs is absent, until they can be read',
  plan: 'loopback',
  set: 'wide',
  steps: [
    { act: 'kill', on: ENSEMBLE, as: 'kill ensemble' },
    { seconds: 2, why: 'the brokers have lost their sessions, and serve' },
    { exporter: 'start' },
    { until: elapsed('start exporter', 25), deadlineS: 40 },
    {
      stage: 'nothing is known of min.insync.replicas',
      kafkaTools: 'none',
      kafkaFamilies: {
        kafka_ha_partitions: 10,
        kafka_ha_topic_min_insync_replicas: 'absent',
        kafka_ha_under_min_isr_partitions: 'absent',
        kafka_ha_at_min_isr_partitions: 'absent',
        kafka_ha_single_isr_partitions: 0,
        'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 'present',
        'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 'absent',
        kafka_ha_broker_loss_unwritable_partitions: 'absent',
      },
    },
    { claim: neverSilent('start exporter') },
    FREE,
    { act: 'start', on: ENSEMBLE, as: 'start ensemble' },
    { until: elapsed('start ensemble', 20), deadlineS: 30 },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'ZooKeeper serves again -> min.insync.replicas are known',
      since: { act: 'start ensemble', edge: 'end' },
      withinS: 16,
      shows: {
        'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 1,
        kafka_ha_under_min_isr_partitions: 0,
        'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 1,
      },
    },
  ],
}
