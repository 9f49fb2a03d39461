import type { Bound } from '../bound.ts'
import { topicGone, topicSeen } from '../conditions.ts'
import type { Condition } from '../moment.ts'
import type { Scenario, Step } from '../scenario.ts'
import { addPartitions, deleteTopic } from '../topics.ts'
import { BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

const TOPIC = 'born-while-watched'
/** The calm pace of the topology, and a look. */
const WITHIN_S = 6

function seen(change: string, truth: Condition, partitions: number | 'absent'): Bound {
  return {
    name: `${change} -> kafka_topic_partitions ${partitions}`,
    since: { act: change, truth },
    withinS: WITHIN_S,
    shows: {
      [`kafka_topic_partitions{topic="${TOPIC}"}`]: partitions,
      [`kafka_topic_partition_leader{topic="${TOPIC}",partition="0"}`]: partitions === 'absent' ? 'absent' : 'present',
    },
  }
}

function made(change: string, partitions: number, run: Extract<Step, { change: string }>['run']): readonly Step[] {
  return [
    { change, run },
    { until: topicSeen(TOPIC, partitions), deadlineS: 30 },
    { stage: change, kafkaFamilies: { [`kafka_topic_partitions{topic="${TOPIC}"}`]: partitions } },
  ]
}

function deleted(change: string): readonly Step[] {
  return [
    { change, run: (cluster) => deleteTopic(cluster, TOPIC) },
    { until: topicGone(TOPIC), deadlineS: 30 },
    { stage: change, kafkaFamilies: { [`kafka_topic_partitions{topic="${TOPIC}"}`]: 'absent' } },
  ]
}

export const CHANGES: Scenario = {
  name: 'CHANGES',
  title: 'a topic created, extended, deleted and created again while it is watched',
  plan: 'loopback',
  set: 'wide',
  leaderWithinS: WITHIN_S,
  steps: [
    STARTS_HEALTHY,
    ...made('create topic', 2, async (cluster) => {
      await cluster.createTopic({ name: TOPIC, partitions: 2, replicationFactor: 2 })
      await cluster.produce(TOPIC, 0, 5)
    }),
    ...made('add partitions', 5, (cluster) => addPartitions(cluster, TOPIC, 5)),
    ...deleted('delete topic'),
    ...made('create it again', 1, (cluster) => cluster.createTopic({ name: TOPIC, replicaAssignment: '3:1' })),
    ...deleted('delete it again'),
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    seen('create topic', topicSeen(TOPIC, 2), 2),
    seen('add partitions', topicSeen(TOPIC, 5), 5),
    seen('delete topic', topicGone(TOPIC), 'absent'),
    seen('create it again', topicSeen(TOPIC, 1), 1),
    seen('delete it again', topicGone(TOPIC), 'absent'),
  ],
}
