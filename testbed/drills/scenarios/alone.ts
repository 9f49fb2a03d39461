/** Scenario I: node 3 is alone, and so is node 1; an exporter on each side tells what it sees. */
import { elapsed } from '../conditions.ts'
import { quorumLost } from '../coordinators/conditions.ts'
import type { Scenario } from '../scenario.ts'
import { allWell } from './common.ts'
import { ensembleBack, ensembleLost, followerGone } from './log-claims.ts'
import {
  backWith3,
  NO_QUORUM,
  quorumBack,
  quorumLostWithin,
  QUORUM_OF_3,
  servers,
  STARTS_WITH_3,
  WORDS_OF_KAFKA,
} from './quorum-claims.ts'

/** Seen from where node 3 is. */
const NODE_3_ALONE = {
  'kafka_ha_broker_up{broker="1"}': 0,
  'kafka_ha_broker_up{broker="2"}': 0,
  'kafka_ha_broker_up{broker="3"}': 1,
  ...servers({ 1: 'unreachable', 2: 'unreachable' }),
  // Partitions 0 and 2 of the user's topic are led from there; of node 3's everything is told as ever.
  'kafka_topic_partition_current_offset{topic="test-topic",partition="0"}': 'absent',
  'kafka_topic_partition_current_offset{topic="test-topic",partition="1"}': 6,
  'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 'absent',
} as const

/** Seen from inside node 1, whose own servers are all that it reaches. */
const NODE_1_ALONE = {
  kafka_ha_cluster_reachable: 1,
  'kafka_ha_broker_up{broker="1"}': 1,
  'kafka_ha_broker_up{broker="2"}': 0,
  'kafka_ha_broker_up{broker="3"}': 0,
  ...servers({ 2: 'unreachable', 3: 'unreachable' }),
  'kafka_topic_partition_current_offset{topic="test-topic",partition="0"}': 'absent',
  'kafka_topic_partition_current_offset{topic="test-topic",partition="1"}': 'absent',
  'kafka_topic_partition_current_offset{topic="test-topic",partition="2"}': 3,
} as const

/** Its own server misses the others after syncLimit. */
const NODE_1_WITHOUT_QUORUM = {
  'kafka_ha_quorum_available{kind="zookeeper"}': 0,
  kafka_ha_controller_up: 0,
} as const

/** A leader looks once a tick whether enough follow it, so that it gives up as much as syncLimit and a tick after the cut. */
const NODE_1_GAVE_UP = servers({ 1: 'not_serving' })

export const I: Scenario = {
  name: 'I',
  title: 'nodes 1 and 2 cut off: node 3 is alone, and two exporters tell what each side sees',
  plan: 'namespaces',
  set: 'wide',
  steps: [
    { exporterIn: 1 },
    { seconds: 2, why: 'its first looks' },
    { ...STARTS_WITH_3, sides: { 1: { ...QUORUM_OF_3, kafka_brokers: 3, kafka_ha_unavailable_partitions: 0 } } },
    { act: 'cut', on: ['node1', 'node2'], as: 'cut two' },
    { until: quorumLost, deadlineS: 30 },
    { until: elapsed('cut two', 15), deadlineS: 20 },
    {
      stage: 'node 3 alone',
      // They would wait for brokers that are cut off, and for ZooKeeper.
      kafkaTools: 'none',
      kafkaFamilies: { ...NODE_3_ALONE, kafka_brokers: 3, kafka_ha_leaderless_partitions: 0 },
      coordinatorFamilies: { ...NO_QUORUM, ...servers({ 3: 'not_serving' }) },
      sides: { 1: { ...NODE_1_ALONE, ...NODE_1_WITHOUT_QUORUM, ...NODE_1_GAVE_UP } },
    },
    { until: elapsed('cut two', 25), deadlineS: 30 },
    { act: 'heal', on: ['node1', 'node2'], as: 'heal two' },
    ...backWith3(),
    {
      stage: 'both sides tell the same again',
      sides: { 1: { ...QUORUM_OF_3, kafka_brokers: 3, kafka_ha_unavailable_partitions: 0 } },
    },
  ],
  bounds: [
    {
      name: 'cut two -> what hangs on them is absent or unreachable',
      since: { act: 'cut two' },
      withinS: 5,
      shows: NODE_3_ALONE,
    },
    quorumLostWithin('cut two', 8),
    {
      name: 'cut two, inside node 1 -> what hangs on nodes 2 and 3 is absent or unreachable',
      since: { act: 'cut two' },
      withinS: 5,
      shows: NODE_1_ALONE,
      side: 1,
    },
    {
      name: 'cut two, inside node 1 -> no quorum, no controller',
      since: { act: 'cut two' },
      withinS: 8,
      shows: NODE_1_WITHOUT_QUORUM,
      side: 1,
    },
    {
      name: 'cut two, inside node 1 -> its server does not serve any more',
      since: { act: 'cut two' },
      withinS: 12,
      shows: NODE_1_GAVE_UP,
      side: 1,
    },
    quorumBack('heal two'),
    allWell('heal two'),
  ],
  holds: [
    {
      name: 'cut two: nothing else changes, Kafka names the leaders and ISRs that it named',
      since: { act: 'cut two' },
      afterS: 0,
      until: 'heal two',
      shows: {},
      keeps: WORDS_OF_KAFKA,
    },
    { name: 'it stays so', since: { act: 'cut two' }, afterS: 8, until: 'heal two', shows: NODE_3_ALONE },
    {
      name: 'inside node 1 it stays so',
      since: { act: 'cut two' },
      afterS: 8,
      until: 'heal two',
      shows: { ...NODE_1_ALONE, ...NODE_1_WITHOUT_QUORUM },
      side: 1,
    },
    {
      name: 'inside node 1 its server does not serve',
      since: { act: 'cut two' },
      afterS: 12,
      until: 'heal two',
      shows: NODE_1_GAVE_UP,
      side: 1,
    },
  ],
  logs: [
    ...followerGone('cut two', 'heal two', 12),
    ...ensembleLost('cut two', 'heal two', 12),
    { since: 'cut two', until: 'heal two', shows: { zk_cnxn_not_running: 20 } },
    ...ensembleBack('heal two'),
  ],
}
