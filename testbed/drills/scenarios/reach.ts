import { elapsed, healthy, leadsNothing } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { allWell, BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, upAgain, WITHOUT_1 } from './common.ts'

export const CUT: Scenario = {
  name: 'CUT',
  title: 'node 1 cut off the network: nothing answers, nothing refuses',
  plan: 'namespaces',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'cut', on: ['node1'] },
    { until: leadsNothing('1'), deadlineS: 60 },
    { stage: 'node 1 cut off, Kafka has failed over', kafkaTools: WITHOUT_1, kafkaFamilies: FAMILIES_WITHOUT_1 },
    { until: elapsed('cut node1', 30), deadlineS: 35 },
    { act: 'heal', on: ['node1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'cut node1 -> kafka_ha_broker_up 0, its partitions unavailable',
      since: { act: 'cut node1' },
      withinS: 5,
      shows: { 'kafka_ha_broker_up{broker="1"}': 0, kafka_ha_unavailable_partitions: '> 0' },
    },
    upAgain('heal node1', 1),
    allWell('heal node1'),
  ],
  holds: [
    {
      name: 'it stays down',
      since: { act: 'cut node1' },
      afterS: 5,
      until: 'heal node1',
      shows: { 'kafka_ha_broker_up{broker="1"}': 0 },
    },
  ],
}

export const LATE: Scenario = {
  name: 'LATE',
  title: 'the exporter is there before the cluster',
  plan: 'loopback',
  set: 'wide',
  steps: [
    { act: 'kill', on: ['node1', 'node2', 'node3'], as: 'kill everything' },
    { exporter: 'start' },
    { seconds: 5, why: 'a few looks at nothing' },
    {
      stage: 'nothing there yet',
      kafkaFamilies: {
        kafka_ha_cluster_reachable: 0,
        kafka_ha_controller_up: 0,
        kafka_brokers: 'absent',
        kafka_ha_partitions: 'absent',
        kafka_topic_partition_leader: 'absent',
        kafka_ha_broker_up: 'absent',
      },
    },
    { act: 'start', on: ['zk1', 'zk2', 'zk3'], as: 'start ensemble' },
    { act: 'start', on: ['kafka1', 'kafka2', 'kafka3'], as: 'start brokers' },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'the cluster is healthy -> all of it is shown',
      since: { act: 'start brokers', edge: 'end', truth: healthy },
      withinS: 3,
      shows: { kafka_brokers: 3, kafka_ha_cluster_reachable: 1, kafka_ha_unavailable_partitions: 0 },
    },
    ...([1, 2, 3] as const).map((id) => upAgain('start brokers', id)),
  ],
}
