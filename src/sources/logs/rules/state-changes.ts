import type { EventFields } from '../../../model/log-event.ts'
import type { Rule } from '../rule.ts'
import { countOf, ids } from '../rule-fields.ts'

const byController = '[Controller id='

/** What the controller of ZooKeeper mode does to partitions. */
export const stateChangeRules: readonly Rule[] = [
  {
    event: 'kafka_partition_new',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A new partition has its first leader.',
    wordings: [
      {
        begins: 'Changed partition ',
        prefix: byController,
        pattern:
          /^Changed partition (?<partition>\S{1,260}) from NewPartition to OnlinePartition with state LeaderAndIsr\(leader=(?<leader>-?\d{1,10}), leaderEpoch=(?<epoch>\d{1,12}), /,
        refine: ({ body }) => inSync(body),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,128] INFO [Controller id=1 epoch=1] Changed partition test-topic-0 from NewPartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=0, isr=List(2, 3), zkVersion=0) (state.change.logger)',
        fields: { self: 1, epoch: 0, leader: 2, partition: 'test-topic-0', isr: [2, 3] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:11,924] INFO [Controller id=2 epoch=1] Changed partition test-topic-0 from NewPartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=0, isrWithBrokerEpoch=List(BrokerState(brokerId=2, brokerEpoch=-1), BrokerState(brokerId=3, brokerEpoch=-1)), leaderRecoveryState=RECOVERED, partitionEpoch=0) (state.change.logger)',
        fields: { self: 2, epoch: 0, leader: 2, partition: 'test-topic-0', isr: [2, 3] },
      },
    ],
  },
  {
    event: 'kafka_partition_online',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A partition has a (new) leader; one that was not in sync before is an unclean election.',
    wordings: [
      {
        begins: 'Changed partition ',
        prefix: byController,
        pattern:
          /^Changed partition (?<partition>\S{1,260}) from (?<state>OfflinePartition|OnlinePartition) to OnlinePartition with state LeaderAndIsr\(leader=(?<leader>-?\d{1,10}), leaderEpoch=(?<epoch>\d{1,12}), /,
        refine: ({ body }) => inSync(body),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:24:04,085] INFO [Controller id=3 epoch=1] Changed partition test-topic-2 from OfflinePartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=3, isr=List(2), zkVersion=3) (state.change.logger)',
        fields: { self: 3, epoch: 3, leader: 2, partition: 'test-topic-2', state: 'OfflinePartition', isr: [2] },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,340] INFO [Controller id=1 epoch=1] Changed partition test-topic-2 from OnlinePartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=1, isr=List(2), zkVersion=1) (state.change.logger)',
        fields: { self: 1, epoch: 1, leader: 2, partition: 'test-topic-2', state: 'OnlinePartition', isr: [2] },
      },
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3 epoch=4] Changed partition test-topic-0 from OfflinePartition to OnlinePartition with state LeaderAndIsr(leader=3, leaderEpoch=5, isr=List(3), leaderRecoveryState=RECOVERED, zkVersion=9) (state.change.logger)',
        fields: { self: 3, epoch: 5, leader: 3, partition: 'test-topic-0', state: 'OfflinePartition', isr: [3] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:36:38,889] INFO [Controller id=3 epoch=2] Changed partition test-topic-2 from OfflinePartition to OnlinePartition with state LeaderAndIsr(leader=2, leaderEpoch=3, isrWithBrokerEpoch=List(BrokerState(brokerId=2, brokerEpoch=-1)), leaderRecoveryState=RECOVERED, partitionEpoch=3) (state.change.logger)',
        fields: { self: 3, epoch: 3, leader: 2, partition: 'test-topic-2', state: 'OfflinePartition', isr: [2] },
      },
    ],
  },
  {
    event: 'kafka_partition_offline',
    component: 'controller',
    class: 'failover',
    severity: 'critical',
    meaning: 'A partition lost its leader (at level TRACE only).',
    wordings: [
      {
        begins: 'Changed partition ',
        prefix: byController,
        pattern: /^Changed partition (?<partition>\S{1,260}) state from OnlinePartition to OfflinePartition/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] TRACE [Controller id=3 epoch=4] Changed partition test-topic-2 state from OnlinePartition to OfflinePartition (state.change.logger)',
        fields: { self: 3, partition: 'test-topic-2' },
      },
    ],
  },
  {
    event: 'kafka_partition_abandoned',
    component: 'controller',
    class: 'failover',
    severity: 'minor',
    meaning:
      'A replica went offline and its partition has no leader now: the last in-sync one died, or the topic is being deleted.',
    wordings: [
      {
        begins: 'Partition ',
        prefix: byController,
        pattern:
          /^Partition (?<partition>\S{1,260}) state changed to \(Leader:(?<leader>-1),ISR:(?<isr>[\d,]{0,500}),Leader.{1,300}? after removing replica (?<peer>\d{1,10}) from the ISR/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:51,075] INFO [Controller id=3 epoch=1] Partition test-topic-2 state changed to (Leader:-1,ISR:2,LeaderEpoch:2,ControllerEpoch:1) after removing replica 2 from the ISR as part of transition to OfflineReplica (state.change.logger)',
        fields: { self: 3, peer: 2, leader: -1, partition: 'test-topic-2', isr: [2] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:40,301] INFO [Controller id=3 epoch=2] Partition test-topic-2 state changed to (Leader:-1,ISR:2,LeaderRecoveryState:RECOVERED,LeaderEpoch:2,ZkVersion:2,ControllerEpoch:2) after removing replica 2 from the ISR as part of transition to OfflineReplica (state.change.logger)',
        fields: { self: 3, peer: 2, leader: -1, partition: 'test-topic-2', isr: [2] },
      },
    ],
  },
  {
    event: 'kafka_replica_removed_from_isr',
    component: 'controller',
    class: 'replication',
    severity: 'minor',
    meaning: 'A replica went offline and the controller took it out of the in-sync set.',
    wordings: [
      {
        begins: 'Partition ',
        prefix: byController,
        pattern:
          /^Partition (?<partition>\S{1,260}) state changed to \(Leader:(?<leader>\d{1,10}),ISR:(?<isr>[\d,]{0,500}),Leader.{1,300}? after removing replica (?<peer>\d{1,10}) from the ISR/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,376] INFO [Controller id=1 epoch=1] Partition test-topic-1 state changed to (Leader:3,ISR:3,LeaderEpoch:1,ControllerEpoch:1) after removing replica 1 from the ISR as part of transition to OfflineReplica (state.change.logger)',
        fields: { self: 1, peer: 1, leader: 3, partition: 'test-topic-1', isr: [3] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:18,943] INFO [Controller id=2 epoch=1] Partition test-topic-1 state changed to (Leader:3,ISR:3,LeaderRecoveryState:RECOVERED,LeaderEpoch:1,ZkVersion:1,ControllerEpoch:1) after removing replica 1 from the ISR as part of transition to OfflineReplica (state.change.logger)',
        fields: { self: 2, peer: 1, leader: 3, partition: 'test-topic-1', isr: [3] },
      },
    ],
  },
  {
    event: 'kafka_leader_election_failed',
    component: 'controller',
    class: 'failover',
    severity: 'critical',
    meaning:
      'No replica can lead the partition: it is offline, or (from OnlinePartition) would be if its leader stopped.',
    wordings: [
      {
        begins: 'Controller ',
        prefix: byController,
        pattern:
          /^Controller \d{1,10} epoch (?<epoch>\d{1,12}) failed to change state for partition (?<partition>\S{1,260}) from (?<state>\w{1,40}) to OnlinePartition/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:35,078] ERROR [Controller id=3 epoch=1] Controller 3 epoch 1 failed to change state for partition test-topic-2 from OnlinePartition to OnlinePartition (state.change.logger)',
        continuation:
          'kafka.common.StateChangeFailedException: Failed to elect leader for partition test-topic-2 under strategy ControlledShutdownPartitionLeaderElectionStrategy',
        fields: {
          self: 3,
          epoch: 1,
          partition: 'test-topic-2',
          state: 'OnlinePartition',
          reason:
            'kafka.common.StateChangeFailedException: Failed to elect leader for partition test-topic-2 under strategy ControlledShutdownPartitionLeaderElectionStrategy',
        },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:40,313] ERROR [Controller id=3 epoch=2] Controller 3 epoch 2 failed to change state for partition test-topic-2 from OfflinePartition to OnlinePartition (state.change.logger)',
        continuation:
          'kafka.common.StateChangeFailedException: Failed to elect leader for partition test-topic-2 under strategy OfflinePartitionLeaderElectionStrategy(false)',
        fields: {
          self: 3,
          epoch: 2,
          partition: 'test-topic-2',
          state: 'OfflinePartition',
          reason:
            'kafka.common.StateChangeFailedException: Failed to elect leader for partition test-topic-2 under strategy OfflinePartitionLeaderElectionStrategy(false)',
        },
      },
    ],
  },
  {
    event: 'kafka_preferred_election',
    component: 'controller',
    class: 'controller',
    severity: 'info',
    meaning: 'Leaderships are given back to their preferred replicas.',
    wordings: [
      {
        begins: 'Starting replica leader election (PREFERRED) for partitions ',
        prefix: byController,
        pattern: /^Starting replica leader election \(PREFERRED\) for partitions (?<partition>[^, ]{1,260})/,
        refine: ({ body }) => electionOf(body),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Starting replica leader election (PREFERRED) for partitions test-topic-0,test-topic-1 triggered by AutoTriggered (kafka.controller.KafkaController)',
        fields: { self: 3, partition: 'test-topic-0', partitions: 2, reason: 'AutoTriggered' },
      },
    ],
  },
  {
    event: 'kafka_unclean_election',
    component: 'controller',
    class: 'failover',
    severity: 'critical',
    meaning: 'An election was started that may choose a replica that is not in sync: records can be lost.',
    wordings: [
      {
        begins: 'Starting replica leader election (UNCLEAN) for partitions ',
        prefix: byController,
        pattern: /^Starting replica leader election \(UNCLEAN\) for partitions (?<partition>[^, ]{1,260})/,
        refine: ({ body }) => electionOf(body),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Starting replica leader election (UNCLEAN) for partitions test-topic-2 triggered by AdminClientTriggered (kafka.controller.KafkaController)',
        fields: { self: 3, partition: 'test-topic-2', partitions: 1, reason: 'AdminClientTriggered' },
      },
    ],
  },
  {
    event: 'kafka_preferred_elected',
    component: 'controller',
    class: 'controller',
    severity: 'info',
    meaning: 'A partition is led by its preferred replica again.',
    wordings: [
      {
        begins: 'Partition ',
        prefix: byController,
        pattern:
          /^Partition (?<partition>\S{1,260}) completed preferred replica leader election\. New leader is (?<leader>\d{1,10})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Partition test-topic-0 completed preferred replica leader election. New leader is 2 (kafka.controller.KafkaController)',
        fields: { self: 3, leader: 2, partition: 'test-topic-0' },
      },
    ],
  },
  {
    event: 'kafka_unclean_config',
    component: 'controller',
    class: 'controller',
    severity: 'minor',
    meaning: 'Somebody allowed unclean leader elections; it is no election yet.',
    wordings: [
      {
        begins: 'Unclean leader election has been enabled ',
        prefix: byController,
        pattern: /^Unclean leader election has been enabled (?:by default|for topic (?<name>\S{1,260}))/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Unclean leader election has been enabled by default (kafka.controller.KafkaController)',
        fields: { self: 3 },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Unclean leader election has been enabled for topic test-topic (kafka.controller.KafkaController)',
        fields: { self: 3, name: 'test-topic' },
      },
    ],
  },
]

/** `isr=List(1, 2)`, or from 3.5 on `isrWithBrokerEpoch=List(BrokerState(brokerId=1, brokerEpoch=-1), ...)`. */
function inSync(body: string): EventFields {
  const head = body.slice(0, 4_000)
  const list = /, isr=List\(([\d, ]{0,500})\)/.exec(head)?.[1]
  if (list !== undefined) return { isr: ids(list) }
  const brokers = head.match(/\bbrokerId=\d{1,10}/g)
  return brokers === null ? {} : { isr: brokers.map((broker) => Number(broker.slice(9))) }
}

function electionOf(body: string): EventFields {
  const at = body.indexOf(' triggered by ')
  const list = at < 0 ? body : body.slice(0, at)
  return at < 0
    ? { partitions: countOf(list, ',') + 1 }
    : { partitions: countOf(list, ',') + 1, reason: body.slice(at + 14, at + 60) }
}
