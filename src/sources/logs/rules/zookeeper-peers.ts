import type { Rule } from '../rule.ts'

/** Servers of an ensemble and the ways between them. */
export const peerRules: readonly Rule[] = [
  {
    event: 'zk_peer_unreachable',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'Another server cannot be reached on its election port; repeats while it is away.',
    wordings: [
      {
        begins: 'Cannot open ',
        pattern: /^Cannot open (?:secure )?channel to (?<peer>\d{1,10}) at election address (?<address>\S{1,260})/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [WorkerSender[myid=3]:QuorumCnxManager@584] - Cannot open channel to 1 at election address /192.168.0.155:3888',
        continuation: 'java.net.ConnectException: Connection refused (Connection refused)',
        fields: {
          self: 3,
          peer: 1,
          address: '/192.168.0.155:3888',
          reason: 'java.net.ConnectException: Connection refused (Connection refused)',
        },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:16,827] WARN Cannot open channel to 3 at election address /10.77.0.3:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.net.ConnectException: Connection refused',
        fields: { peer: 3, address: '/10.77.0.3:3888', reason: 'java.net.ConnectException: Connection refused' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:06,805] WARN Cannot open channel to 1 at election address /10.77.0.1:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.net.ConnectException: Connection refused',
        fields: { peer: 1, address: '/10.77.0.1:3888', reason: 'java.net.ConnectException: Connection refused' },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN Cannot open secure channel to 1 at election address zk-1/<unresolved>:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.net.UnknownHostException: zk-1',
        fields: { peer: 1, address: 'zk-1/<unresolved>:3888', reason: 'java.net.UnknownHostException: zk-1' },
      },
    ],
  },
  {
    event: 'zk_peer_address_lost',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'minor',
    meaning: 'The address of another server answers no more: its election channel is closed (3.6 and later).',
    wordings: [
      {
        begins: 'destination address ',
        pattern:
          /^destination address (?<address>\S{1,260}) not reachable anymore, shutting down the SendWorker for sid (?<peer>\d{1,10})/,
      },
    ],
    examples: [
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN destination address zk-1/10.0.0.1:3888 not reachable anymore, shutting down the SendWorker for sid 1 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { peer: 1, address: 'zk-1/10.0.0.1:3888' },
      },
    ],
  },
  {
    event: 'zk_sendworker_left',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'The election channel to another server is closed: it died, stopped, was cut off or has just restarted.',
    wordings: [
      {
        begins: 'Send worker leaving thread',
        pattern: /^Send worker leaving thread(?: {1,2}id (?<peer>\d{1,10}) my id = (?<self>\d{1,10}))?$/,
        refine: ({ groups, thread }) => (groups['peer'] === undefined ? peerOf(thread) : {}),
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [SendWorker:1:QuorumCnxManager$SendWorker@954] - Send worker leaving thread',
        fields: { self: 3, peer: 1 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:24:35,297] WARN Send worker leaving thread  id 2 my id = 1 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 1, peer: 2 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,877] WARN Send worker leaving thread id 1 my id = 2 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 2, peer: 1 },
      },
    ],
  },
  {
    event: 'zk_recvworker_interrupts',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'Goes with the end of the worker that sends to a peer.',
    wordings: [
      {
        begins: 'Interrupting SendWorker',
        pattern:
          /^Interrupting SendWorker(?: thread from RecvWorker\. sid: (?<peer>\d{1,10})\. myId: (?<self>\d{1,10}))?/,
        refine: ({ groups, thread }) => (groups['peer'] === undefined ? peerOf(thread) : {}),
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [RecvWorker:1:QuorumCnxManager$RecvWorker@1025] - Interrupting SendWorker',
        fields: { self: 3, peer: 1 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:24:35,297] WARN Interrupting SendWorker thread from RecvWorker. sid: 2. myId: 1 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 1, peer: 2 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,877] WARN Interrupting SendWorker thread from RecvWorker. sid: 1. myId: 2 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 2, peer: 1 },
      },
    ],
  },
  {
    event: 'zk_connection_broken',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'Goes with the end of the worker that sends to a peer and says why.',
    wordings: [
      {
        begins: 'Connection broken for id ',
        pattern: /^Connection broken for id (?<peer>\d{1,10}), my id = (?<self>\d{1,10})/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:24:35,296] WARN Connection broken for id 2, my id = 1, error =  (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.net.SocketException: Socket closed',
        fields: { self: 1, peer: 2, reason: 'java.net.SocketException: Socket closed' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,875] WARN Connection broken for id 1, my id = 2 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.io.EOFException',
        fields: { self: 2, peer: 1, reason: 'java.io.EOFException' },
      },
    ],
  },
  {
    event: 'zk_sendworker_interrupted',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'Goes with the end of the worker that sends to a peer and says nothing more.',
    wordings: [{ begins: 'Interrupted while waiting for message on queue', continued: true }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:24:35,294] WARN Interrupted while waiting for message on queue (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.lang.InterruptedException',
        fields: { reason: 'java.lang.InterruptedException' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,877] WARN Interrupted while waiting for message on queue (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        continuation: 'java.lang.InterruptedException',
        fields: { reason: 'java.lang.InterruptedException' },
      },
    ],
  },
  {
    event: 'zk_send_failed',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'noise',
    meaning: 'Goes with the end of the worker that sends to a peer.',
    wordings: [
      {
        begins: 'Exception when using channel: for id ',
        pattern: /^Exception when using channel: for id (?<peer>\d{1,10}) my id = (?<self>\d{1,10})/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:11,212] WARN Exception when using channel: for id 3 my id = 2 error = java.net.SocketException: Broken pipe (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 2, peer: 3 },
      },
    ],
  },
  {
    event: 'zk_peer_inbound',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'noise',
    meaning: 'Another server opened an election channel.',
    wordings: [
      {
        begins: 'Received connection request ',
        pattern: /^Received connection request (?:from )?(?<address>\S{1,260})/,
      },
      { begins: 'Have smaller server identifier, so dropping the connection: ' },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [ListenerThread:QuorumCnxManager$Listener@743] - Received connection request /10.0.0.1:41234',
        fields: { self: 3, address: '/10.0.0.1:41234' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,209] INFO Received connection request from /10.77.0.2:45086 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { address: '/10.77.0.2:45086' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,557] INFO Have smaller server identifier, so dropping the connection: (myId:2 --> sid:3) (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_learner_handler_error',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning:
      'The leader lost a follower: EOFException when it died or stopped, Read timed out when it hangs or is cut off.',
    wordings: [
      { begins: 'Unexpected exception causing shutdown while sock still open', continued: true },
      { begins: 'Unexpected exception in LearnerHandler', continued: true },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - ERROR [LearnerHandler-/10.0.0.1:41234:LearnerHandler@648] - Unexpected exception causing shutdown while sock still open',
        continuation: 'java.io.EOFException',
        fields: { self: 3, reason: 'java.io.EOFException' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:20,871] ERROR Unexpected exception causing shutdown while sock still open (org.apache.zookeeper.server.quorum.LearnerHandler)',
        continuation: 'java.io.EOFException',
        fields: { reason: 'java.io.EOFException' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,874] ERROR Unexpected exception in LearnerHandler:  (org.apache.zookeeper.server.quorum.LearnerHandler)',
        continuation: 'java.io.EOFException',
        fields: { reason: 'java.io.EOFException' },
      },
    ],
  },
  {
    event: 'zk_learner_slow',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'The leader drops a follower that does not keep up.',
    wordings: [{ begins: 'Closing connection to peer due to transaction timeout' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Closing connection to peer due to transaction timeout. (org.apache.zookeeper.server.quorum.LearnerHandler)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_learner_goodbye',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'A follower or observer of this leader is gone (the peer left, not this server).',
    wordings: [{ begins: '******* GOODBYE ', pattern: /^\*{7} GOODBYE (?<address>\S{1,260}) \*{8}/ }],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [LearnerHandler-/10.0.0.1:41234:LearnerHandler@661] - ******* GOODBYE /10.0.0.1:41234 ********',
        fields: { self: 3, address: '/10.0.0.1:41234' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:20,872] WARN ******* GOODBYE /10.77.0.1:34156 ******** (org.apache.zookeeper.server.quorum.LearnerHandler)',
        fields: { address: '/10.77.0.1:34156' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:39,875] WARN ******* GOODBYE /10.77.0.1:33718 ******** (org.apache.zookeeper.server.quorum.LearnerHandler)',
        fields: { address: '/10.77.0.1:33718' },
      },
    ],
  },
  {
    event: 'zk_learner_sync',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'A follower is back and gets what it has missed.',
    wordings: [
      { begins: 'Synchronizing with ', pattern: /^Synchronizing with (?:Follower|Learner) sid: (?<peer>\d{1,10}) / },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,515] INFO Synchronizing with Follower sid: 1 maxCommittedLog=0x0 minCommittedLog=0x0 lastProcessedZxid=0x0 peerLastZxid=0x0 (org.apache.zookeeper.server.quorum.LearnerHandler)',
        fields: { peer: 1 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,131] INFO Synchronizing with Learner sid: 2 maxCommittedLog=0x0 minCommittedLog=0x0 lastProcessedZxid=0x0 peerLastZxid=0x0 (org.apache.zookeeper.server.quorum.LearnerHandler)',
        fields: { peer: 2 },
      },
    ],
  },
  {
    event: 'zk_learner_getting',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This follower gets what it has missed: a snapshot takes long.',
    wordings: [{ begins: 'Getting a ', pattern: /^Getting a (?<state>diff|snapshot) from (?:the )?leader/ }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,516] INFO Getting a diff from the leader 0x0 (org.apache.zookeeper.server.quorum.Learner)',
        fields: { state: 'diff' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:18,463] INFO Getting a snapshot from leader 0x100000032 (org.apache.zookeeper.server.quorum.Learner)',
        fields: { state: 'snapshot' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:37:11,577] INFO Getting a snapshot from leader 0x100000017 (org.apache.zookeeper.server.quorum.Learner)',
        fields: { state: 'snapshot' },
      },
    ],
  },
  {
    event: 'zk_learner_truncating',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'minor',
    meaning: 'This follower cuts off what the leader does not have.',
    wordings: [{ begins: 'Truncating log to get in sync with the leader ' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Truncating log to get in sync with the leader 0x100000048 (org.apache.zookeeper.server.quorum.Learner)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_learner_connect_fail',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'minor',
    meaning: 'This follower does not reach the leader that was elected.',
    wordings: [
      {
        begins: 'Unexpected exception, tries=',
        pattern: /^Unexpected exception, tries=(?<count>\d{1,10}), .{0,200}?connecting to (?<address>\S{1,260})/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,447] WARN Unexpected exception, tries=0, remaining init limit=15000, connecting to /10.77.0.3:2888 (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.net.ConnectException: Connection refused',
        fields: { count: 0, address: '/10.77.0.3:2888', reason: 'java.net.ConnectException: Connection refused' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,035] WARN Unexpected exception, tries=0, remaining init limit=14999, connecting to /10.77.0.3:2888 (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.net.ConnectException: Connection refused',
        fields: { count: 0, address: '/10.77.0.3:2888', reason: 'java.net.ConnectException: Connection refused' },
      },
    ],
  },
]

/** 3.4 names the peer in the thread only: `SendWorker:1`. */
function peerOf(thread: string | undefined): { peer?: number } {
  const peer = /^(?:Send|Recv)Worker:(\d{1,10})$/.exec(thread ?? '')?.[1]
  return peer === undefined ? {} : { peer: Number(peer) }
}
