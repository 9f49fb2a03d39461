import type { EventFields } from '../../../model/log-event.ts'
import type { Rule } from '../rule.ts'
import { ids } from '../rule-fields.ts'

const quorumController = '[QuorumController id='

/** What the active controller of KRaft mode does about brokers and partitions, and who is active. */
export const kraftControllerRules: readonly Rule[] = [
  {
    event: 'kraft_broker_fenced',
    component: 'controller',
    class: 'failover',
    severity: 'major',
    meaning: 'A broker stopped sending heartbeats: it is fenced and leads nothing any more.',
    wordings: [
      {
        begins: 'Fencing broker ',
        pattern: /^Fencing broker (?<peer>\d{1,10})(?: at epoch (?<epoch>\d{1,19}))? because its session has timed out/,
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [QuorumController id=3] Fencing broker 1 because its session has timed out. (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, peer: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:46:57,291] INFO [QuorumController id=3] Fencing broker 1 at epoch 10 because its session has timed out. (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, peer: 1, epoch: 10 },
      },
    ],
  },
  {
    event: 'kraft_broker_unfenced',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A broker has caught up and takes part again.',
    wordings: [
      {
        begins: 'The request from broker ',
        pattern: /^The request from broker (?<peer>\d{1,10}) to unfence has been granted/,
      },
    ],
    examples: [
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] The request from broker 1 to unfence has been granted because it has caught up with the last committed metadata offset 41. (org.apache.kafka.controller.BrokerHeartbeatManager)',
        fields: { self: 3000, peer: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,791] INFO [QuorumController id=1] The request from broker 2 to unfence has been granted because it has caught up with the offset of its register broker record 9. (org.apache.kafka.controller.BrokerHeartbeatManager)',
        fields: { self: 1, peer: 2 },
      },
    ],
  },
  {
    event: 'kraft_broker_registration',
    component: 'controller',
    class: 'failover',
    severity: 'noise',
    meaning: 'A change of a registration, told by every controller and again when it restarts.',
    wordings: [
      {
        begins: 'Replayed ',
        pattern: /^Replayed (?<state>(?:initial )?\w{0,30}Broker\w{0,40}Record)\b.{0,60}? broker (?<peer>\d{1,10})/,
      },
      { begins: 'Fenced broker: ' },
      { begins: 'Unfenced broker: ' },
      { begins: 'Registered new broker: ' },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,830] INFO [QuorumController id=1] Replayed BrokerRegistrationChangeRecord modifying the registration for broker 2: BrokerRegistrationChangeRecord(brokerId=2, brokerEpoch=9, fenced=-1, inControlledShutdown=0, logDirs=[]) (org.apache.kafka.controller.ClusterControlManager)',
        fields: { self: 1, peer: 2, state: 'BrokerRegistrationChangeRecord' },
      },
      {
        version: '4.1.1',
        line: "[2026-11-22 17:45:58,629] INFO [QuorumController id=1] Replayed RegisterBrokerRecord establishing a new incarnation of broker 1: RegisterBrokerRecord(brokerId=1, isMigratingZkBroker=false, incarnationId=2IIfNyNXTY-7BYKEc8Rn5A, brokerEpoch=70, endPoints=[BrokerEndpoint(name='PLAINTEXT', host='10.77.0.1', port=9092, securityProtocol=0)], features=[BrokerFeature(name='group.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='kraft.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='metadata.version', minSupportedVersion=7, maxSupportedVersion=27), BrokerFeature(name='share.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='transaction.version', minSupportedVersion=0, maxSupportedVersion=2), BrokerFeature(name='eligible.leader.replicas.version', minSupportedVersion=0, maxSupportedVersion=1)], rack=null, fenced=true, inControlledShutdown=false, logDirs=[GK_ulz-pVqg1T3Bvda2SHg]) (org.apache.kafka.controller.ClusterControlManager)",
        fields: { self: 1, peer: 1, state: 'RegisterBrokerRecord' },
      },
      {
        version: '4.1.1',
        line: "[2026-11-22 17:45:36,217] INFO [QuorumController id=1] Replayed initial RegisterBrokerRecord for broker 1: RegisterBrokerRecord(brokerId=1, isMigratingZkBroker=false, incarnationId=3--awAloRMGG5rRiBIOBzw, brokerEpoch=8, endPoints=[BrokerEndpoint(name='PLAINTEXT', host='10.77.0.1', port=9092, securityProtocol=0)], features=[BrokerFeature(name='group.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='kraft.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='metadata.version', minSupportedVersion=7, maxSupportedVersion=27), BrokerFeature(name='share.version', minSupportedVersion=0, maxSupportedVersion=1), BrokerFeature(name='transaction.version', minSupportedVersion=0, maxSupportedVersion=2), BrokerFeature(name='eligible.leader.replicas.version', minSupportedVersion=0, maxSupportedVersion=1)], rack=null, fenced=true, inControlledShutdown=false, logDirs=[GK_ulz-pVqg1T3Bvda2SHg]) (org.apache.kafka.controller.ClusterControlManager)",
        fields: { self: 1, peer: 1, state: 'initial RegisterBrokerRecord' },
      },
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] Fenced broker: FenceBrokerRecord(id=1, epoch=10) (org.apache.kafka.controller.ClusterControlManager)',
        fields: { self: 3000 },
      },
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] Unfenced broker: UnfenceBrokerRecord(id=1, epoch=10) (org.apache.kafka.controller.ClusterControlManager)',
        fields: { self: 3000 },
      },
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] Registered new broker: RegisterBrokerRecord(brokerId=1, incarnationId=YCKEOo5dQYqwqPDpyrcjzg, brokerEpoch=10) (org.apache.kafka.controller.ClusterControlManager)',
        fields: { self: 3000 },
      },
    ],
  },
  {
    event: 'kraft_partitions_changed',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'So many partitions change leader or in-sync set, and why.',
    wordings: [
      {
        begins: 'handleBroker',
        pattern:
          /^(?<state>handleBroker(?:Fenced|Unfenced|Unregistered|UncleanShutdown)): changing (?<partitions>\d{1,10}) partition/,
      },
      {
        begins: 'enterControlledShutdown[',
        pattern: /^(?<state>enterControlledShutdown)\[(?<peer>\d{1,10})\]: changing (?<partitions>\d{1,10}) partition/,
      },
      {
        begins: 'offline-dir-assignment: ',
        pattern: /^(?<state>offline-dir-assignment): changing (?<partitions>\d{1,10}) partition/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:48:57,275] INFO [QuorumController id=2] handleBrokerFenced: changing 2 partition(s) (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 2, partitions: 2, state: 'handleBrokerFenced' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:48:07,055] INFO [QuorumController id=3] handleBrokerUnfenced: changing 1 partition(s) (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, partitions: 1, state: 'handleBrokerUnfenced' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:16,176] INFO [QuorumController id=3] handleBrokerUncleanShutdown: changing 1 partition(s) (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, partitions: 1, state: 'handleBrokerUncleanShutdown' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,242] INFO [QuorumController id=1] enterControlledShutdown[1]: changing 2 partition(s) (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 1, peer: 1, partitions: 2, state: 'enterControlledShutdown' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [QuorumController id=3] offline-dir-assignment: changing 2 partition(s) (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, partitions: 2, state: 'offline-dir-assignment' },
      },
    ],
  },
  {
    event: 'kraft_partition_change',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A partition changes leader (at level DEBUG only).',
    wordings: [
      {
        begins: 'partition change for ',
        pattern: /^partition change for (?<partition>\S{1,260}) with topic ID /,
        refine: ({ body }) => changeOf(body),
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] DEBUG [QuorumController id=3] partition change for test-topic-2 with topic ID bcPZhTV0QY-BwTjETEe10g: isr: [1, 2] -> [2], leader: 1 -> 2, leaderEpoch: 1 -> 2, partitionEpoch: 1 -> 2 (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, partition: 'test-topic-2', leader: 2, isrBefore: [1, 2], isr: [2] },
      },
    ],
  },
  {
    event: 'kraft_unclean_election',
    component: 'controller',
    class: 'failover',
    severity: 'critical',
    meaning: 'A replica that was not in sync leads now: records can be lost.',
    wordings: [
      {
        begins: 'UNCLEAN partition change for ',
        pattern: /^UNCLEAN partition change for (?<partition>\S{1,260}) with topic ID /,
        refine: ({ body }) => changeOf(body),
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:16,294] INFO [QuorumController id=1] UNCLEAN partition change for test-topic-2 with topic ID bcPZhTV0QY-BwTjETEe10g: isr: [] -> [2], leader: -1 -> 2, leaderRecoveryState: RECOVERED -> RECOVERING, leaderEpoch: 2 -> 3, lastKnownElr: [2] -> [], partitionEpoch: 3 -> 4 (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 1, partition: 'test-topic-2', leader: 2, isrBefore: [], isr: [2] },
      },
    ],
  },
  {
    event: 'kraft_unclean_election_noise',
    component: 'controller',
    class: 'failover',
    severity: 'noise',
    meaning: 'Says beforehand that a leader is elected uncleanly.',
    wordings: [
      {
        begins: 'Setting new leader for topicId ',
        pattern: /^Setting new leader for topicId \S{1,60}, partition \d{1,10} to \d{1,10} using an unclean election/,
      },
      {
        begins: 'Triggering unclean leader election for offline partition ',
        pattern: /^Triggering unclean leader election for offline partition (?<partition>\S{1,260}?)\.?$/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:16,245] INFO Setting new leader for topicId bcPZhTV0QY-BwTjETEe10g, partition 2 to 2 using an unclean election. Previous partition: PartitionRegistration(replicas=[1, 2], directories=[HlTuZu4Lz5q2tPof6WlccA, _hezpiYecmr90BHxM0mLnQ], isr=[], removingReplicas=[], addingReplicas=[], elr=[], lastKnownElr=[2], leader=-1, leaderRecoveryState=RECOVERED, leaderEpoch=2, partitionEpoch=3), change record: PartitionChangeRecord(partitionId=2, topicId=bcPZhTV0QY-BwTjETEe10g, isr=null, leader=-2, replicas=null, removingReplicas=null, addingReplicas=null, leaderRecoveryState=-1, directories=null, eligibleLeaderReplicas=null, lastKnownElr=null) (org.apache.kafka.controller.PartitionChangeBuilder)',
        fields: {},
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [QuorumController id=3] Triggering unclean leader election for offline partition test-topic-2. (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, partition: 'test-topic-2' },
      },
    ],
  },
  {
    event: 'kraft_elr_election',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A replica of the eligible leader replicas leads now: nothing is lost.',
    wordings: [
      {
        begins: 'Setting new leader for topicId ',
        pattern:
          /^Setting new leader for topicId (?<name>\S{1,60}), partition (?<count>\d{1,10}) to (?<leader>\d{1,10}) using ELR/,
        refine: ({ groups }) => ({ name: `${groups['name'] ?? ''}-${groups['count'] ?? ''}`, count: 1 }),
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:48:07,048] INFO Setting new leader for topicId 7PUM9YgRRbie4ACjuYOkOQ, partition 2 to 2 using ELR. Previous partition: PartitionRegistration(replicas=[1, 2], directories=[axhG72jCRrUR84Owu7WHAw, xPAK5vuf_sYmtu4We-HNsQ], isr=[], removingReplicas=[], addingReplicas=[], elr=[2], lastKnownElr=[2], leader=-1, leaderRecoveryState=RECOVERED, leaderEpoch=2, partitionEpoch=2), change record: PartitionChangeRecord(partitionId=2, topicId=7PUM9YgRRbie4ACjuYOkOQ, isr=null, leader=-2, replicas=null, removingReplicas=null, addingReplicas=null, leaderRecoveryState=-1, directories=null, eligibleLeaderReplicas=null, lastKnownElr=null) (org.apache.kafka.controller.PartitionChangeBuilder)',
        fields: { leader: 2, count: 1, name: '7PUM9YgRRbie4ACjuYOkOQ-2' },
      },
    ],
  },
  {
    event: 'kraft_controlled_shutdown_granted',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A broker asked to stop in order: its leaderships are moved.',
    wordings: [
      {
        begins: 'Unfenced broker ',
        pattern:
          /^Unfenced broker (?<peer>\d{1,10}) has requested and been granted (?:a (?<state>controlled)|an (?<reason>immediate)) shutdown/,
        refine: ({ groups }) => ({ state: groups['state'] ?? groups['reason'] ?? '' }),
      },
      {
        begins: 'Fenced broker ',
        pattern: /^Fenced broker (?<peer>\d{1,10}) has requested and been granted an (?<state>immediate) shutdown/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,238] INFO [QuorumController id=1] Unfenced broker 1 has requested and been granted a controlled shutdown. (org.apache.kafka.controller.BrokerHeartbeatManager)',
        fields: { self: 1, peer: 1, state: 'controlled' },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [QuorumController id=3] Fenced broker 1 has requested and been granted an immediate shutdown. (org.apache.kafka.controller.BrokerHeartbeatManager)',
        fields: { self: 3, peer: 1, state: 'immediate' },
      },
    ],
  },
  {
    event: 'kraft_controlled_shutdown_done',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A broker that asked to stop may go: nothing depends on it any more.',
    wordings: [
      {
        begins: 'The request from broker ',
        pattern: /^The request from broker (?<peer>\d{1,10}) to shut down has been granted/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: "[2026-11-22 17:45:47,364] INFO [QuorumController id=1] The request from broker 1 to shut down has been granted since the lowest active offset 41 is now greater than the broker's controlled shutdown offset 41. (org.apache.kafka.controller.BrokerHeartbeatManager)",
        fields: { self: 1, peer: 1 },
      },
    ],
  },
  {
    event: 'kraft_controller_active',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'This controller became the active one.',
    wordings: [
      {
        begins: 'Becoming ',
        pattern: /^Becoming (?:the )?active (?:controller )?at (?:controller )?epoch (?<epoch>\d{1,12})/,
      },
      {
        begins: 'Becoming ',
        pattern: /^Becoming the active controller at epoch (?<epoch>\d{1,12})/,
      },
    ],
    examples: [
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] Becoming active at controller epoch 4. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] INFO [Controller 3000] Becoming the active controller at epoch 4, committed offset 41 and committed epoch 3. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,174] INFO [QuorumController id=1] Becoming the active controller at epoch 1, next write offset 1. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 1, epoch: 1 },
      },
    ],
  },
  {
    event: 'kraft_controller_renounced',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'This controller is not the active one any more.',
    once: { by: ['self'], withinMs: 5_000 },
    wordings: [
      {
        begins: 'Renouncing the leadership ',
        pattern:
          /^Renouncing the leadership (?:at oldEpoch (?<epoch>\d{1,12})|due to a metadata log event\. We were the leader at epoch (?<epoch2>\d{1,12})(?:, but in the new epoch \d{1,12}, the leader is (?<leader>\d{1,10}))?)/,
        refine: ({ groups }) => (groups['epoch2'] === undefined ? {} : { epoch: Number(groups['epoch2']) }),
      },
      {
        begins: '',
        prefix: quorumController,
        pattern:
          /^\w{1,60}: event failed with NotLeaderException .{1,100}? at epoch (?<epoch>\d{1,12}) .{1,100}?Renouncing leadership/,
      },
    ],
    examples: [
      {
        version: '3.2.3',
        line: '[2024-02-23 07:47:50,149] WARN [Controller 3000] Renouncing the leadership at oldEpoch 4 due to a metadata log event. Reverting to last committed offset 41. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN [QuorumController id=3000] Renouncing the leadership due to a metadata log event. We were the leader at epoch 4, but in the new epoch 5, the leader is 3001. Reverting to last stable offset 41. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 3000, leader: 3001, epoch: 4 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,739] INFO [QuorumController id=1] writeNoOpRecord: event failed with NotLeaderException (treated as NotControllerException) at epoch 1 in 250 microseconds. Renouncing leadership and reverting to the last committed offset 46. Exception message: Append failed because the replica is not the current leader (org.apache.kafka.controller.QuorumController)',
        fields: { self: 1, epoch: 1 },
      },
    ],
  },
  {
    event: 'kraft_controller_epoch',
    component: 'controller',
    class: 'controller',
    severity: 'info',
    meaning: 'A controller hears of a new epoch and of who is active in it.',
    wordings: [
      {
        begins: 'In the new epoch ',
        pattern: /^In the new epoch (?<epoch>\d{1,12}), the leader is (?:(?<leader>\d{1,10})|\((?<state>none)\))/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:35,918] INFO [QuorumController id=1] In the new epoch 1, the leader is (none). (org.apache.kafka.controller.QuorumController)',
        fields: { self: 1, epoch: 1, state: 'none' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,087] INFO [QuorumController id=2] In the new epoch 1, the leader is 1. (org.apache.kafka.controller.QuorumController)',
        fields: { self: 2, epoch: 1, leader: 1 },
      },
    ],
  },
  {
    event: 'kraft_slow_event',
    component: 'controller',
    class: 'controller',
    severity: 'minor',
    meaning: 'A controller took long over one event: it hangs, its disk does, or it has no majority.',
    wordings: [
      {
        begins: 'Exceptionally slow controller event ',
        pattern: /^Exceptionally slow controller event (?<name>[^ ]{1,200}) took (?<durationMs>\d{1,12}) ms/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:47:02,978] ERROR [QuorumController id=3] Exceptionally slow controller event writeNoOpRecord took 3503 ms. (org.apache.kafka.controller.EventPerformanceMonitor)',
        fields: { self: 3, durationMs: 3503, name: 'writeNoOpRecord' },
      },
    ],
  },
]

/** `isr: [1] -> [2], leader: -1 -> 2, ...`; a part that does not change is not told. */
function changeOf(body: string): EventFields {
  const head = body.slice(0, 2_000)
  const leader = /[ ,]leader: -?\d{1,10} -> (-?\d{1,10})/.exec(head)?.[1]
  const isr = / isr: \[([\d, ]{0,500})\] -> \[([\d, ]{0,500})\]/.exec(head)
  return {
    ...(leader === undefined ? {} : { leader: Number(leader) }),
    ...(isr === null ? {} : { isrBefore: ids(isr[1] ?? ''), isr: ids(isr[2] ?? '') }),
  }
}
