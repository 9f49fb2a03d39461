import { electPreferredLeaders, setTopicConfig } from '../alter.ts'
import { caughtUp, elapsed, healthy, leadsNothing, named, topicGone, topicSeen, unregistered } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { deleteTopic } from '../topics.ts'
import { allWell, BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

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
    // An unhealthy topic's configs are read every 15 s.
    { until: elapsed('allow unclean', 16), deadlineS: 20 },
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
