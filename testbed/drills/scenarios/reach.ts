import { healthy } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { BACK_TO_HEALTHY, upAgain } from './common.ts'

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
