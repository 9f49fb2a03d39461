import type { Rule, Wording } from '../rule.ts'
import { ids } from '../rule-fields.ts'

const ofPartition = '[Partition '
const ofBroker = '[Broker id='

function isr(text: string): readonly number[] | undefined {
  const found = /\bISR \[(?<isr>[\d, ]{0,500})\]/.exec(text)?.groups?.['isr']
  return found === undefined ? undefined : ids(found)
}

const leads: Wording = {
  begins: 'Leader ',
  prefix: ofBroker,
  pattern: /^Leader (?<partition>\S{1,260})(?: with topic id \S{1,40})? starts at leader epoch (?<epoch>-?\d{1,19}) /,
  refine: ({ body }) => {
    const inSync = isr(body)
    return inSync === undefined ? {} : { isr: inSync }
  },
}

const follows: Wording = {
  begins: 'Follower ',
  prefix: ofBroker,
  pattern: /^Follower (?<partition>\S{1,260})(?: with topic id \S{1,40})? starts at leader epoch (?<epoch>-?\d{1,19}) /,
}

/** Partitions, as their leaders and followers tell. */
export const partitionRules: readonly Rule[] = [
  {
    event: 'kafka_isr_shrink',
    component: 'kafka',
    class: 'replication',
    severity: 'minor',
    meaning: 'The leader takes replicas that do not keep up out of the in-sync set.',
    wordings: [
      {
        begins: 'Shrinking ISR from ',
        prefix: ofPartition,
        pattern: /^Shrinking ISR from (?<isrBefore>[\d,]{1,500}) to (?<isr>[\d,]{1,500})/,
      },
    ],
    examples: [
      {
        version: '2.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Shrinking ISR from 2,3 to 2 (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2], isrBefore: [2, 3] },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Shrinking ISR from 2,3 to 2. Leader: (highWatermark: 10, endOffset: 12). Out of sync replicas: (brokerId: 3, endOffset: 10). (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2], isrBefore: [2, 3] },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Shrinking ISR from 2,3,1 to 2,1. Leader: (highWatermark: 10, endOffset: 12). Out of sync replicas: (brokerId: 3, endOffset: 10, lastCaughtUpTimeMs: 1732294268879). (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2, 1], isrBefore: [2, 3, 1] },
      },
    ],
  },
  {
    event: 'kafka_isr_expand',
    component: 'kafka',
    class: 'replication',
    severity: 'info',
    meaning: 'The leader takes a replica that has caught up into the in-sync set (Kafka 2.7 and before say so).',
    wordings: [
      {
        begins: 'Expanding ISR from ',
        prefix: ofPartition,
        pattern: /^Expanding ISR from (?<isrBefore>[\d,]{1,500}) to (?<isr>[\d,]{1,500})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:44,139] INFO [Partition test-topic-2 broker=2] Expanding ISR from 2 to 2,1 (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-2', isr: [2, 1], isrBefore: [2] },
      },
    ],
  },
  {
    event: 'kafka_isr_under_min',
    component: 'kafka',
    class: 'replication',
    severity: 'critical',
    meaning:
      'The in-sync set became smaller than min.insync.replicas: producers with acks=all are refused (Kafka 3.5 and later say so).',
    wordings: [
      {
        begins: 'ISR updated to ',
        prefix: ofPartition,
        pattern: /^ISR updated to (?<isr>[\d,]{1,500}) \(under-min-isr\) /,
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] ISR updated to 2 (under-min-isr) and version updated to 7 (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2] },
      },
    ],
  },
  {
    event: 'kafka_isr_updated',
    component: 'kafka',
    class: 'replication',
    severity: 'info',
    meaning: 'The change of the in-sync set was accepted.',
    wordings: [
      {
        begins: 'ISR updated to ',
        prefix: ofPartition,
        pattern: /^ISR updated to \[?(?<isr>[\d,]{1,500})\]? {1,2}and (?:zkVersion|version) updated to/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:44,156] INFO [Partition test-topic-2 broker=2] ISR updated to [2,1] and zkVersion updated to [2] (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-2', isr: [2, 1] },
      },
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] ISR updated to 2,3 and version updated to [4] (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2, 3] },
      },
      {
        version: '3.4.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] ISR updated to 2,3 and version updated to 4 (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', isr: [2, 3] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:36:40,696] INFO [Partition test-topic-2 broker=2] ISR updated to 2,1  and version updated to 4 (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-2', isr: [2, 1] },
      },
    ],
  },
  {
    event: 'kafka_isr_zk_conflict',
    component: 'kafka',
    class: 'replication',
    severity: 'major',
    meaning:
      'A leader knows an old state of its partition: repeated, it is a leader that the controller has given up (Kafka 2.7 and before).',
    wordings: [
      {
        begins: 'Cached zkVersion ',
        prefix: ofPartition,
        pattern: /^Cached zkVersion \[?\d{1,10}\]? not equal to that in zookeeper/,
      },
    ],
    examples: [
      {
        version: '2.3.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Cached zkVersion [4] not equal to that in zookeeper, skip updating ISR (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0' },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Cached zkVersion 4 not equal to that in zookeeper, skip updating ISR (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0' },
      },
    ],
  },
  {
    event: 'kafka_isr_rejected',
    component: 'kafka',
    class: 'replication',
    severity: 'minor',
    meaning: 'The controller refused a change of the in-sync set.',
    wordings: [
      {
        begins: 'Failed to update ISR to ',
        prefix: ofPartition,
        pattern: /^Failed to update ISR to .{1,1500}? due to unexpected (?<reason>\w{1,200})/,
      },
      {
        begins: 'Failed to alter partition to ',
        prefix: ofPartition,
        pattern:
          /^Failed to alter partition to .{1,1500}? since the controller rejected the request with (?<reason>\w{1,200})/,
      },
    ],
    examples: [
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] WARN [Partition test-topic-0 broker=2] Failed to update ISR to PendingShrinkIsr(isr=Set(2, 3), outOfSyncReplicaIds=Set(3)) due to unexpected UNKNOWN_SERVER_ERROR. Retrying. (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', reason: 'UNKNOWN_SERVER_ERROR' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=2] Failed to alter partition to PendingShrinkIsr(newLeaderAndIsr=LeaderAndIsr(leader=2, leaderEpoch=4, partitionEpoch=9)) since the controller rejected the request with INELIGIBLE_REPLICA. Partition state has been reset to the latest committed state CommittedPartitionState(isr=Set(2, 3)). (kafka.cluster.Partition)',
        fields: { self: 2, partition: 'test-topic-0', reason: 'INELIGIBLE_REPLICA' },
      },
    ],
  },
  {
    event: 'kafka_leader_starts',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker leads a partition from now on.',
    wordings: [
      leads,
      {
        begins: '',
        prefix: ofPartition,
        pattern: /^\S{1,260} starts at [Ll]eader [Ee]poch (?<epoch>-?\d{1,19}) from offset/,
      },
    ],
    examples: [
      {
        version: '2.3.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=3] test-topic-0 starts at Leader Epoch 1 from offset 7. Previous Leader Epoch was: 0 (kafka.cluster.Partition)',
        fields: { self: 3, partition: 'test-topic-0', epoch: 1 },
      },
      {
        version: '2.5.1',
        line: '[2024-02-23 07:47:50,149] INFO [Partition test-topic-0 broker=3] test-topic-0 starts at leader epoch 1 from offset 7 with high watermark 7. Previous leader epoch was 0. (kafka.cluster.Partition)',
        fields: { self: 3, partition: 'test-topic-0', epoch: 1 },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,317] INFO [Broker id=1] Leader test-topic-2 starts at leader epoch 0 from offset 0 with high watermark 0 ISR [1,2] addingReplicas [] removingReplicas []. Previous leader epoch was -1. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-2', isr: [1, 2] },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:12,176] INFO [Broker id=1] Leader test-topic-2 with topic id Some(AFb1Cz4UTkeD_s6rbZsu0g) starts at leader epoch 0 from offset 0 with partition epoch 0, high watermark 0, ISR [1,2], adding replicas [] and removing replicas [] . Previous leader None and previous leader epoch was -1. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-2', isr: [1, 2] },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,786] INFO [Broker id=1] Leader test-topic-2 with topic id Some(D0JTuyjWSIK4t5Vr6S4dBQ) starts at leader epoch 0 from offset 0 with partition epoch 0, high watermark 0, ISR [1,2], adding replicas [] and removing replicas [] . Previous leader None and previous leader epoch was -1. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-2', isr: [1, 2] },
      },
    ],
  },
  {
    event: 'kafka_partition_leaderless',
    component: 'kafka',
    class: 'failover',
    severity: 'critical',
    meaning: 'A partition has no leader: nobody can read or write it.',
    wordings: [
      {
        ...follows,
        pattern:
          /^Follower (?<partition>\S{1,260})(?: with topic id \S{1,40})? starts at leader epoch (?<epoch>-?\d{1,19}) .{1,500}?Current leader is (?<leader>-1)\./,
      },
      {
        begins: 'Received LeaderAndIsrRequest ',
        prefix: ofBroker,
        pattern:
          /^Received LeaderAndIsrRequest with correlation id \d{1,12} from controller \d{1,10} epoch \d{1,12} for partition (?<partition>\S{1,260}) .{0,100}cannot become follower since the new leader (?<leader>-1) is unavailable/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:24:04,251] ERROR [Broker id=1] Received LeaderAndIsrRequest with correlation id 1 from controller 3 epoch 1 for partition test-topic-2 (last update controller epoch 1) but cannot become follower since the new leader -1 is unavailable. (state.change.logger)',
        fields: { self: 1, leader: -1, partition: 'test-topic-2' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:36:39,493] ERROR [Broker id=2] Received LeaderAndIsrRequest with correlation id 1 from controller 3 epoch 2 for partition test-topic-2 (last update controller epoch 2) but cannot become follower since the new leader -1 is unavailable. (state.change.logger)',
        fields: { self: 2, leader: -1, partition: 'test-topic-2' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:48:07,165] INFO [Broker id=1] Follower test-topic-2 starts at leader epoch 2 from offset 7 with partition epoch 2 and high watermark 7. Current leader is -1. Previous leader Some(-1) and previous leader epoch was 2. (state.change.logger)',
        fields: { self: 1, epoch: 2, leader: -1, partition: 'test-topic-2' },
      },
    ],
  },
  {
    event: 'kafka_follower_starts',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker follows a partition in a new epoch of its leader.',
    wordings: [
      {
        ...follows,
        refine: ({ body }) => {
          const leader = /Current leader is (\d{1,10})\./.exec(body)?.[1]
          return leader === undefined ? {} : { leader: Number(leader) }
        },
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,333] INFO [Broker id=1] Follower test-topic-1 starts at leader epoch 0 from offset 0 with high watermark 0. Previous leader epoch was -1. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-1' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:12,385] INFO [Broker id=1] Follower test-topic-1 starts at leader epoch 0 from offset 0 with partition epoch 0 and high watermark 0. Current leader is 3. Previous leader Some(3) and previous leader epoch was 0. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-1', leader: 3 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,835] INFO [Broker id=1] Follower test-topic-1 starts at leader epoch 0 from offset 0 with partition epoch 0 and high watermark 0. Current leader is 3. Previous leader Some(3) and previous leader epoch was 0. (state.change.logger)',
        fields: { self: 1, epoch: 0, partition: 'test-topic-1', leader: 3 },
      },
    ],
  },
  {
    event: 'kafka_lais_batch',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'The controller told this broker what it leads and follows.',
    wordings: [
      {
        begins: 'Handling LeaderAndIsr request ',
        prefix: ofBroker,
        pattern:
          /^Handling LeaderAndIsr request correlationId \d{1,12} from controller (?<peer>\d{1,10}) for (?<partitions>\d{1,10}) partitions/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,152] INFO [Broker id=1] Handling LeaderAndIsr request correlationId 2 from controller 1 for 2 partitions (state.change.logger)',
        fields: { self: 1, peer: 1, partitions: 2 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:11,937] INFO [Broker id=1] Handling LeaderAndIsr request correlationId 1 from controller 2 for 2 partitions (state.change.logger)',
        fields: { self: 1, peer: 2, partitions: 2 },
      },
    ],
  },
  {
    event: 'kafka_lais_done',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker has done what the controller told it.',
    wordings: [
      {
        begins: 'Finished LeaderAndIsr request ',
        prefix: ofBroker,
        pattern:
          /^Finished LeaderAndIsr request in (?<durationMs>\d{1,12})ms correlationId \d{1,12} from controller (?<peer>\d{1,10}) for (?<partitions>\d{1,10}) partitions/,
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:12,487] INFO [Broker id=1] Finished LeaderAndIsr request in 549ms correlationId 1 from controller 2 for 2 partitions (state.change.logger)',
        fields: { self: 1, peer: 2, partitions: 2, durationMs: 549 },
      },
    ],
  },
  {
    event: 'kraft_local_leaders',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'KRaft: this broker becomes leader of so many partitions.',
    wordings: [
      {
        begins: 'Transitioning ',
        prefix: ofBroker,
        pattern: /^Transitioning (?<partitions>\d{1,10}) partition\(s\) to local leaders/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,681] INFO [Broker id=1] Transitioning 1 partition(s) to local leaders. (state.change.logger)',
        fields: { self: 1, partitions: 1 },
      },
    ],
  },
  {
    event: 'kraft_local_followers',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'KRaft: this broker becomes follower of so many partitions.',
    wordings: [
      {
        begins: 'Transitioning ',
        prefix: ofBroker,
        pattern: /^Transitioning (?<partitions>\d{1,10}) partition\(s\) to local followers/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,796] INFO [Broker id=1] Transitioning 1 partition(s) to local followers. (state.change.logger)',
        fields: { self: 1, partitions: 1 },
      },
    ],
  },
  {
    event: 'kraft_shutdown_fetchers',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'KRaft: this broker stops fetching because it is shutting down in order.',
    wordings: [
      {
        begins: 'Stopped fetchers as part of controlled shutdown ',
        prefix: ofBroker,
        pattern: /^Stopped fetchers as part of controlled shutdown for (?<partitions>\d{1,10}) partitions/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,359] INFO [Broker id=1] Stopped fetchers as part of controlled shutdown for 2 partitions (state.change.logger)',
        fields: { self: 1, partitions: 2 },
      },
    ],
  },
]
