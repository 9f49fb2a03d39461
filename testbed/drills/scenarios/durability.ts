/** What the data hangs on: min.insync.replicas, replicas that move, and who leads after which election. */
import { electPreferredLeaders, fill, reassign, setTopicConfig, verifyReassignment } from '../alter.ts'
import type { Bound } from '../bound.ts'
import {
  caughtUp,
  elapsed,
  healthy,
  leadsNothing,
  named,
  movedTo,
  replicasGrow,
  topicGone,
  topicSeen,
  unregistered,
} from '../conditions.ts'
import type { Scenario, Step } from '../scenario.ts'
import { deleteTopic } from '../topics.ts'
import { ALL_PARTITIONS, allWell, BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, WITHOUT_1 } from './common.ts'

/** An unhealthy topic's configs are read every 15 s. */
const CONFIGS_S = 16

const TWO = {
  kafka_ha_under_min_isr_partitions: 2,
  'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 2,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': -1,
  // Replication factor 2 and min ISR 2 tolerate no loss even in health.
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="redundant"}': 1,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 0,
  'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="test-topic",partition="1",state="under_min_isr"}':
    'present',
  'kafka_ha_config_risk{scope="topic",name="test-topic",risk="min_isr_equals_rf"}': 1,
} as const

const ONE = {
  kafka_ha_under_min_isr_partitions: 0,
  'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 1,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 0,
  'kafka_ha_config_risk{scope="topic",name="test-topic",risk="min_isr_equals_rf"}': 'absent',
} as const

function minIsr(value: string | undefined): Extract<Step, { change: string }>['run'] {
  return (cluster) => setTopicConfig(cluster, 'test-topic', 'min.insync.replicas', value)
}

function configShown(act: string, shows: Bound['shows']): Bound {
  return { name: `${act} -> shown`, since: { act, edge: 'end' }, withinS: CONFIGS_S, shows }
}

export const MINISR: Scenario = {
  name: 'MINISR',
  title: 'min.insync.replicas changed while a broker is away: acks=all writes are refused',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { change: 'min ISR 2', run: minIsr('2') },
    { until: elapsed('min ISR 2', CONFIGS_S + 2), deadlineS: 30 },
    { stage: 'two partitions below their min ISR', kafkaTools: WITHOUT_1, kafkaFamilies: TWO },
    { change: 'min ISR back', run: minIsr(undefined) },
    { until: elapsed('min ISR back', CONFIGS_S + 2), deadlineS: 30 },
    { stage: 'at their min ISR', kafkaTools: WITHOUT_1, kafkaFamilies: { ...FAMILIES_WITHOUT_1, ...ONE } },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [configShown('min ISR 2', TWO), configShown('min ISR back', ONE), allWell('start kafka1')],
}

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

const ELECTED = 'elected'
const counted = (reason: string): string => `kafka_ha_leader_changes_total{reason="${reason}"}`

export const ELECTIONS: Scenario = {
  name: 'ELECTIONS',
  title: 'a failover, a preferred election and an unclean one: each counted under its reason',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    {
      change: 'create topic',
      run: async (cluster) => {
        await cluster.createTopic({ name: ELECTED, replicaAssignment: '1:2' })
        await cluster.produce(ELECTED, 0, 3)
      },
    },
    { until: topicSeen(ELECTED, 1), deadlineS: 30 },
    { stage: 'with a topic to lose records of', kafkaFamilies: { [counted('failover')]: 0 } },
    { act: 'kill', on: ['kafka1'] },
    { until: leadsNothing('1'), deadlineS: 60 },
    {
      stage: 'failed over',
      // test-topic/2, three-replicas/0, elected/0 and what broker 1 led of __consumer_offsets.
      kafkaFamilies: { [counted('failover')]: '> 0', [counted('preferred')]: 0, [counted('other')]: 0 },
    },
    { act: 'start', on: ['kafka1'] },
    { until: healthy, deadlineS: 60 },
    { change: 'preferred election', run: electPreferredLeaders },
    { until: named('elected/0', 1), deadlineS: 30 },
    {
      stage: 'preferred leaders',
      kafkaFamilies: {
        kafka_ha_not_preferred_leader_partitions: 0,
        [counted('preferred')]: '> 0',
        [counted('other')]: 0,
        [counted('unclean')]: 0,
      },
    },
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { change: 'write to broker 2 alone', run: (cluster) => cluster.produce(ELECTED, 0, 2) },
    { act: 'kill', on: ['kafka2'] },
    { until: named('elected/0', -1), deadlineS: 60 },
    { act: 'start', on: ['kafka1'], as: 'start the stale one' },
    { until: caughtUp, deadlineS: 60 },
    {
      stage: 'only a stale replica is there',
      kafkaTools: { 'elected/0': { leader: -1, isr: [2], offset: 'none' } },
      kafkaFamilies: {
        'kafka_ha_broker_awaited_partitions{broker="2"}': 2,
        'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
        [counted('unclean')]: 0,
      },
    },
    // The controller elects as soon as it is allowed to.
    {
      change: 'allow unclean',
      run: (cluster) => setTopicConfig(cluster, ELECTED, 'unclean.leader.election.enable', 'true'),
    },
    { until: named('elected/0', 1), deadlineS: 30 },
    {
      stage: 'two records are lost',
      kafkaTools: { 'elected/0': { leader: 1, isr: [1], offset: 3 } },
      kafkaFamilies: {
        [counted('unclean')]: 1,
        [counted('other')]: 0,
        'kafka_ha_broker_awaited_partitions{broker="2"}': 1,
      },
    },
    { act: 'start', on: ['kafka2'] },
    { until: healthy, deadlineS: 90 },
    { change: 'delete topic', run: (cluster) => deleteTopic(cluster, ELECTED) },
    { until: topicGone(ELECTED), deadlineS: 30 },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    {
      name: 'Kafka elects the stale replica -> counted as unclean',
      since: { act: 'allow unclean', truth: named('elected/0', 1) },
      withinS: 2,
      shows: { [counted('unclean')]: 1 },
    },
    allWell('start kafka2'),
  ],
}
