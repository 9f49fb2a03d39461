import type { EventClass, EventFields, Severity } from '../../../model/log-event.ts'
import type { Example, Rule } from '../rule.ts'

/** Raft: the quorum of KRaft's controllers. */
const elections: readonly Rule[] = [
  {
    event: 'kraft_fetch_timeout',
    component: 'controller',
    class: 'quorum',
    severity: 'major',
    meaning: 'A controller lost the active one and asks for an election.',
    wordings: [
      { begins: 'Become candidate due to fetch timeout' },
      { begins: 'Transitioning to Prospective state due to fetch timeout' },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Become candidate due to fetch timeout (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 3000 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,699] INFO [RaftManager id=2] Transitioning to Prospective state due to fetch timeout (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 2 },
      },
    ],
  },
  {
    event: 'kraft_election_backoff',
    component: 'controller',
    class: 'quorum',
    severity: 'minor',
    meaning: 'An election brought no leader; repeated: there is no majority.',
    wordings: [
      { begins: 'Insufficient remaining votes to become ' },
      {
        begins: 'Election has timed out, backing off for ',
        pattern: /^Election has timed out, backing off for (?<durationMs>\d{1,12})ms/,
      },
      { begins: 'Election timed out before receiving sufficient vote responses to become ' },
      { begins: 'Election was not granted, transitioning to prospective' },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:05,837] INFO [RaftManager id=1] Insufficient remaining votes to become candidate. Current epoch election state is EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=GRANTED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=REJECTED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=REJECTED)}).  (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:47:05,130] INFO [RaftManager id=3] Election timed out before receiving sufficient vote responses to become candidate. Current epoch election state: EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=UNRECORDED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=UNRECORDED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=GRANTED)}) (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 3 },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Election has timed out, backing off for 300ms before becoming a candidate again (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 3000, durationMs: 300 },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Election was not granted, transitioning to prospective (org.apache.kafka.raft.KafkaRaftClient)',
        fields: { self: 3000 },
      },
    ],
  },
  {
    event: 'kraft_leader_no_quorum',
    component: 'controller',
    class: 'quorum',
    severity: 'critical',
    meaning: 'The active controller has lost the majority and resigns.',
    wordings: [
      {
        begins: 'Did not receive fetch request from the majority of the voters ',
        pattern:
          /^Did not receive fetch request from the majority of the voters within (?<durationMs>\d{1,12})ms\. (?<reason>Current fetched voters are .{1,200})/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:47:02,501] INFO [RaftManager id=3] Did not receive fetch request from the majority of the voters within 3000ms. Current fetched voters are [], and voters are [ReplicaKey(id=1, directoryId=<undefined>), ReplicaKey(id=2, directoryId=<undefined>), ReplicaKey(id=3, directoryId=<undefined>)] (org.apache.kafka.raft.LeaderState)',
        fields: {
          self: 3,
          durationMs: 3000,
          reason:
            'Current fetched voters are [], and voters are [ReplicaKey(id=1, directoryId=<undefined>), ReplicaKey(id=2, directoryId=<undefined>), ReplicaKey(id=3, directoryId=<undefined>)]',
        },
      },
    ],
  },
]

/** A state of Raft: `Attempting durable transition` comes before some and says nothing more. */
function transition(
  state: string,
  spelled: string,
  rest: { class: EventClass; severity: Severity; meaning: string; examples: readonly Example[] },
): Rule {
  return {
    event: `kraft_raft_${state}`,
    component: 'controller',
    wordings: [
      {
        begins: `Completed transition to ${spelled}`,
        pattern: new RegExp(`^Completed transition to ${spelled}(?:State)?\\(`),
        refine: ({ body }) => stateOf(body),
      },
    ],
    ...rest,
  }
}

function stateOf(body: string): EventFields {
  const head = body.slice(0, 4_000)
  const own = /\(local(?:Id|ReplicaKey=ReplicaKey\(id|VoterNode=VoterNode\(voterKey=ReplicaKey\(id)=(\d{1,10})/.exec(
    head,
  )?.[1]
  const epoch = /[ (]epoch=(\d{1,12})/.exec(head)?.[1]
  const leader = /[ (]leader(?:Id)?=(?:OptionalInt\[)?(\d{1,10})/.exec(head)?.[1]
  return {
    ...(own === undefined ? {} : { self: Number(own) }),
    ...(epoch === undefined ? {} : { epoch: Number(epoch) }),
    ...(leader === undefined ? {} : { leader: Number(leader) }),
  }
}

const transitions: readonly Rule[] = [
  transition('leader', 'Leader', {
    class: 'quorum',
    severity: 'major',
    meaning: 'This controller leads the quorum.',
    examples: [
      {
        version: '3.5.2',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Completed transition to Leader(localId=3000, epoch=4, epochStartOffset=41, highWatermark=Optional.empty, voterStates={3000=ReplicaState(nodeId=3000)}) from CandidateState(localId=3000, epoch=4, retries=1) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:35,997] INFO [RaftManager id=1] Completed transition to Leader(localVoterNode=VoterNode(voterKey=ReplicaKey(id=1, directoryId=GK_ulz-pVqg1T3Bvda2SHg), listeners=Endpoints(endpoints={ListenerName(CONTROLLER)=10.77.0.1/<unresolved>:9093}), supportedKRaftVersion=SupportedVersionRange[min_version:0, max_version:1]), epoch=1, epochStartOffset=0, highWatermark=Optional.empty, voterStates={1=ReplicaState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), endOffset=Optional.empty, lastFetchTimestamp=-1, lastCaughtUpTimestamp=-1, hasAcknowledgedLeader=true), 2=ReplicaState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), endOffset=Optional.empty, lastFetchTimestamp=-1, lastCaughtUpTimestamp=-1, hasAcknowledgedLeader=false), 3=ReplicaState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), endOffset=Optional.empty, lastFetchTimestamp=-1, lastCaughtUpTimestamp=-1, hasAcknowledgedLeader=false)}) from CandidateState(localId=1, localDirectoryId=GK_ulz-pVqg1T3Bvda2SHg, epoch=1, epochElection=EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=GRANTED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=GRANTED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=UNRECORDED)}), highWatermark=Optional.empty, electionTimeoutMs=1373) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 1 },
      },
    ],
  }),
  transition('follower', 'Follower', {
    class: 'quorum',
    severity: 'info',
    meaning: 'This controller (or broker) follows a leader of the quorum.',
    examples: [
      {
        version: '3.5.2',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Completed transition to FollowerState(fetchTimeoutMs=2000, epoch=4, leaderId=3001, voters=[3000, 3001, 3002], highWatermark=Optional.empty, fetchingSnapshot=Optional.empty) from Unattached(epoch=4, voters=[3000, 3001, 3002], electionTimeoutMs=1245) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 3000, epoch: 4, leader: 3001 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,786] INFO [RaftManager id=1] Completed transition to FollowerState(fetchTimeoutMs=2000, epoch=2, leader=2, leaderEndpoints=Endpoints(endpoints={ListenerName(CONTROLLER)=10.77.0.2/<unresolved>:9093}), votedKey=Optional[ReplicaKey(id=2, directoryId=gEBRATxjZTLgBbQLFOgz7g)], voters=[1, 2, 3], highWatermark=Optional.empty, fetchingSnapshot=Optional.empty) from UnattachedState(epoch=2, leaderId=OptionalInt.empty, votedKey=Optional[ReplicaKey(id=2, directoryId=gEBRATxjZTLgBbQLFOgz7g)], voters=[1, 2, 3], electionTimeoutMs=1660, highWatermark=Optional.empty) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 2, leader: 2 },
      },
    ],
  }),
  transition('candidate', 'Candidate', {
    class: 'quorum',
    severity: 'minor',
    meaning: 'This controller stands for election.',
    examples: [
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager nodeId=3000] Completed transition to Candidate(localId=3000, epoch=4, retries=1, electionTimeoutMs=1500) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:35,910] INFO [RaftManager id=1] Completed transition to CandidateState(localId=1, localDirectoryId=GK_ulz-pVqg1T3Bvda2SHg, epoch=1, epochElection=EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=GRANTED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=UNRECORDED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=UNRECORDED)}), highWatermark=Optional.empty, electionTimeoutMs=1373) from ProspectiveState(epoch=0, leaderId=OptionalInt.empty, votedKey=Optional.empty, epochElection=EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=GRANTED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=GRANTED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=UNRECORDED)}), electionTimeoutMs=1211, highWatermark=Optional.empty) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 1 },
      },
    ],
  }),
  transition('prospective', 'Prospective', {
    class: 'quorum',
    severity: 'minor',
    meaning: 'This controller asks whether it would be elected (Kafka 4.0 and later).',
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:35,832] INFO [RaftManager id=1] Completed transition to ProspectiveState(epoch=0, leaderId=OptionalInt.empty, votedKey=Optional.empty, epochElection=EpochElection(voterStates={1=VoterState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), state=GRANTED), 2=VoterState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), state=UNRECORDED), 3=VoterState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), state=UNRECORDED)}), electionTimeoutMs=1211, highWatermark=Optional.empty) from UnattachedState(epoch=0, leaderId=OptionalInt.empty, votedKey=Optional.empty, voters=[1, 2, 3], electionTimeoutMs=1216, highWatermark=Optional.empty) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 0 },
      },
    ],
  }),
  transition('unattached', 'Unattached', {
    class: 'quorum',
    severity: 'info',
    meaning: 'This controller knows of no leader in the newest epoch.',
    examples: [
      {
        version: '3.5.2',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Completed transition to Unattached(epoch=4, voters=[3000, 3001, 3002], electionTimeoutMs=1245) from null (org.apache.kafka.raft.QuorumState)',
        fields: { self: 3000, epoch: 4 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:34,723] INFO [RaftManager id=1] Completed transition to UnattachedState(epoch=0, leaderId=OptionalInt.empty, votedKey=Optional.empty, voters=[1, 2, 3], electionTimeoutMs=1216, highWatermark=Optional.empty) from null (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 0 },
      },
    ],
  }),
  transition('voted', 'Voted', {
    class: 'quorum',
    severity: 'info',
    meaning: 'This controller gave its vote to another (Kafka 3.8 and before).',
    examples: [
      {
        version: '3.5.2',
        line: '[2024-02-23 07:47:50,149] INFO [RaftManager id=3000] Completed transition to Voted(epoch=4, votedId=3001, voters=[3000, 3001, 3002], electionTimeoutMs=1245) from Unattached(epoch=3, voters=[3000, 3001, 3002], electionTimeoutMs=1245) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 3000, epoch: 4 },
      },
    ],
  }),
  transition('resigned', 'Resigned', {
    class: 'quorum',
    severity: 'minor',
    meaning: 'This controller leads the quorum no more: it stops, or has lost the majority.',
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,688] INFO [RaftManager id=1] Completed transition to ResignedState(localId=1, epoch=1, voters=[1, 2, 3], electionTimeoutMs=1388, unackedVoters=[2, 3], preferredSuccessors=[ReplicaKey(id=2, directoryId=<undefined>), ReplicaKey(id=3, directoryId=<undefined>)]) from Leader(localVoterNode=VoterNode(voterKey=ReplicaKey(id=1, directoryId=GK_ulz-pVqg1T3Bvda2SHg), listeners=Endpoints(endpoints={ListenerName(CONTROLLER)=10.77.0.1/<unresolved>:9093}), supportedKRaftVersion=SupportedVersionRange[min_version:0, max_version:1]), epoch=1, epochStartOffset=0, highWatermark=Optional[LogOffsetMetadata(offset=47, metadata=Optional[(segmentBaseOffset=0,relativePositionInSegment=4429)])], voterStates={1=ReplicaState(replicaKey=ReplicaKey(id=1, directoryId=<undefined>), endOffset=Optional[LogOffsetMetadata(offset=47, metadata=Optional[(segmentBaseOffset=0,relativePositionInSegment=4429)])], lastFetchTimestamp=-1, lastCaughtUpTimestamp=-1, hasAcknowledgedLeader=true), 2=ReplicaState(replicaKey=ReplicaKey(id=2, directoryId=<undefined>), endOffset=Optional[LogOffsetMetadata(offset=47, metadata=Optional[(segmentBaseOffset=0,relativePositionInSegment=4429)])], lastFetchTimestamp=1795369547408, lastCaughtUpTimestamp=1795369547408, hasAcknowledgedLeader=true), 3=ReplicaState(replicaKey=ReplicaKey(id=3, directoryId=<undefined>), endOffset=Optional[LogOffsetMetadata(offset=47, metadata=Optional[(segmentBaseOffset=0,relativePositionInSegment=4429)])], lastFetchTimestamp=1795369547410, lastCaughtUpTimestamp=1795369547410, hasAcknowledgedLeader=true)}) (org.apache.kafka.raft.QuorumState)',
        fields: { self: 1, epoch: 1 },
      },
    ],
  }),
]

export const kraftQuorumRules: readonly Rule[] = [...elections, ...transitions]
