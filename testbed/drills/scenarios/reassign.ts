import { fill, reassign, verifyReassignment } from '../alter.ts'
import { healthy, movedTo, replicasGrow, topicGone, topicSeen } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { deleteTopic } from '../topics.ts'
import { ALL_PARTITIONS, BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

const MOVING = 'moving'
/** One partition is given a third replica, of the other one the leader goes away. */
const TARGET = [
  [1, 2, 3],
  [3, 1],
] as const
const BYTES = 11_000_000
const THROTTLE = 1_000_000

export const REASSIGN: Scenario = {
  name: 'REASSIGN',
  title: 'replicas added and moved, so slowly that it takes 20 s: nothing is under-replicated by that',
  plan: 'loopback',
  set: 'wide',
  // A reassignment closes no socket: the calm pace of the topology.
  leaderWithinS: 6,
  steps: [
    STARTS_HEALTHY,
    {
      change: 'fill topic',
      run: async (cluster) => {
        await cluster.createTopic({ name: MOVING, replicaAssignment: '1:2,2:1' })
        for (const partition of [0, 1]) await fill(cluster, MOVING, partition, BYTES)
      },
    },
    { until: topicSeen(MOVING, 2), deadlineS: 30 },
    { stage: 'before', kafkaFamilies: { kafka_ha_reassigning_partitions: 0 } },
    { change: 'reassign', run: (cluster) => reassign(cluster, MOVING, TARGET, THROTTLE) },
    {
      stage: 'moving',
      kafkaFamilies: {
        kafka_ha_reassigning_partitions: 2,
        kafka_ha_under_replicated_partitions: 0,
        [`kafka_topic_partition_under_replicated_partition{topic="${MOVING}",partition="0"}`]: 1,
      },
    },
    { until: movedTo(MOVING, TARGET), deadlineS: 90 },
    { until: healthy, deadlineS: 30 },
    {
      stage: 'moved',
      kafkaTools: { 'moving/0': { leader: 1, isr: [1, 2, 3] }, 'moving/1': { leader: 3, isr: [1, 3] } },
      kafkaFamilies: { kafka_ha_partitions: ALL_PARTITIONS + 2 },
    },
    { change: 'verify', run: (cluster) => verifyReassignment(cluster, MOVING, TARGET) },
    { change: 'delete topic', run: (cluster) => deleteTopic(cluster, MOVING) },
    { until: topicGone(MOVING), deadlineS: 30 },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'Kafka names new replicas -> kafka_ha_reassigning_partitions 2',
      since: { act: 'reassign', truth: replicasGrow(MOVING, 2) },
      withinS: 6,
      shows: { kafka_ha_reassigning_partitions: 2 },
    },
    {
      name: 'the replicas are as asked -> kafka_ha_reassigning_partitions 0',
      since: { act: 'reassign', truth: movedTo(MOVING, TARGET) },
      withinS: 8,
      shows: { kafka_ha_reassigning_partitions: 0 },
    },
  ],
  holds: [
    {
      name: 'nothing is under-replicated, before, during and after',
      since: { act: 'fill topic', edge: 'end' },
      afterS: 0,
      until: 'delete topic',
      shows: { kafka_ha_under_replicated_partitions: 0 },
    },
    {
      name: 'no election is called unclean',
      since: { act: 'reassign' },
      afterS: 0,
      until: 'delete topic',
      shows: { 'kafka_ha_leader_changes_total{reason="unclean"}': 0 },
    },
  ],
}
