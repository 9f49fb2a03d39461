import type { Rule } from '../rule.ts'
import { ids } from '../rule-fields.ts'

const stopped = 'quorum Peer shutdown'

/** Elections, and what becomes of a server in them. */
export const quorumRules: readonly Rule[] = [
  {
    event: 'zk_leader_shutdown',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'critical',
    meaning: 'The leader steps down: it has lost the majority of its followers, or an error.',
    wordings: [
      {
        begins: 'Shutdown called',
        pattern: /^Shutdown called(?:\. For the reason (?<reason>.{1,300}))?$/,
        continued: true,
        refine: ({ groups, continuation }) => {
          const reason = groups['reason'] ?? reasonOf(continuation)
          if (reason === stopped) return undefined
          return reason === undefined ? {} : { reason }
        },
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3]/0:0:0:0:0:0:0:0:2181:Leader@521] - Shutdown called',
        continuation:
          'java.lang.Exception: shutdown Leader! reason: Not sufficient followers synced, only synced with sids: [ 3 ]',
        fields: { self: 3, reason: 'Not sufficient followers synced, only synced with sids: [ 3 ]' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:32,516] INFO Shutdown called (org.apache.zookeeper.server.quorum.Leader)',
        continuation:
          'java.lang.Exception: shutdown Leader! reason: Not sufficient followers synced, only synced with sids: [ [3],[3] ]',
        fields: { reason: 'Not sufficient followers synced, only synced with sids: [ [3],[3] ]' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:50,300] INFO Shutdown called. For the reason Not sufficient followers synced, only synced with sids: [ [3] ] (org.apache.zookeeper.server.quorum.Leader)',
        fields: { reason: 'Not sufficient followers synced, only synced with sids: [ [3] ]' },
      },
    ],
  },
  {
    event: 'zk_leader_stopped',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'The leader steps down because its process ends.',
    wordings: [
      {
        begins: 'Shutdown called',
        pattern: /^Shutdown called(?:\. For the reason (?<reason>.{1,300}))?$/,
        continued: true,
        refine: ({ groups, continuation }) => {
          const reason = groups['reason'] ?? reasonOf(continuation)
          return reason === stopped ? { reason } : undefined
        },
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] INFO Shutdown called (org.apache.zookeeper.server.quorum.Leader)',
        continuation: 'java.lang.Exception: shutdown Leader! reason: quorum Peer shutdown',
        fields: { reason: 'quorum Peer shutdown' },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] INFO Shutdown called. For the reason quorum Peer shutdown (org.apache.zookeeper.server.quorum.Leader)',
        fields: { reason: 'quorum Peer shutdown' },
      },
    ],
  },
  {
    event: 'zk_follower_shutdown',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This server follows no more: it lost its leader, or its process ends.',
    wordings: [
      { begins: 'shutdown called', loggers: ['Learner', 'Follower'] },
      { begins: 'shutdown Follower', pattern: /^shutdown Follower$/ },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:32:35,401] INFO shutdown called (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.lang.Exception: shutdown Follower',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:42:55,579] INFO shutdown Follower (org.apache.zookeeper.server.quorum.Learner)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_looking',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'This server looks for a leader and serves nobody meanwhile.',
    wordings: [{ begins: 'LOOKING', pattern: /^LOOKING$/ }],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3]/0:0:0:0:0:0:0:0:2181:QuorumPeer@856] - LOOKING',
        fields: { self: 3 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,181] INFO LOOKING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,751] INFO LOOKING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_following',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This server is a follower from now on.',
    wordings: [{ begins: 'FOLLOWING', pattern: /^FOLLOWING$/ }],
    examples: [
      {
        version: '3.5.8',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=1](plain=/0:0:0:0:0:0:0:0:2181)(secure=disabled):QuorumPeer@1177] - FOLLOWING',
        fields: { self: 3 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,472] INFO FOLLOWING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,965] INFO FOLLOWING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_leading',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This server is the leader from now on.',
    wordings: [{ begins: 'LEADING', pattern: /^LEADING$/ }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,421] INFO LEADING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,971] INFO LEADING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_observing',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This server is an observer from now on.',
    wordings: [{ begins: 'OBSERVING', pattern: /^OBSERVING$/ }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] INFO OBSERVING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_state_detail',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'This server serves its clients (3.5.10, 3.6 and later).',
    wordings: [{ begins: 'Peer state changed: ', pattern: /^Peer state changed: (?<state>\w{1,20}) - broadcast$/ }],
    examples: [
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,243] INFO Peer state changed: following - broadcast (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: { state: 'following' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,240] INFO Peer state changed: leading - broadcast (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: { state: 'leading' },
      },
    ],
  },
  {
    event: 'zk_reset_looking',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'This server lost its leader, or its leadership.',
    wordings: [{ begins: 'PeerState set to LOOKING' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:32,523] WARN PeerState set to LOOKING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:50,306] WARN PeerState set to LOOKING (org.apache.zookeeper.server.quorum.QuorumPeer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_election_started',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'minor',
    meaning: 'This server begins an election.',
    wordings: [
      { begins: 'New election. My id =', pattern: /^New election\. My id = {1,2}(?<self>\d{1,10}), proposed zxid=0x/ },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,182] INFO New election. My id =  1, proposed zxid=0x0 (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: { self: 1 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,753] INFO New election. My id = 1, proposed zxid=0x0 (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'zk_election_done',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'An election is over; the time is what it took.',
    wordings: [
      ...['LEADING - LEADER ELECTION TOOK', 'FOLLOWING - LEADER ELECTION TOOK'].map((begins) => ({
        begins,
        pattern: /^(?<state>LEADING|FOLLOWING) - LEADER ELECTION TOOK - (?<durationMs>\d{1,12})/,
      })),
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3]/0:0:0:0:0:0:0:0:2181:Leader@380] - LEADING - LEADER ELECTION TOOK - 212',
        fields: { self: 3, durationMs: 212, state: 'LEADING' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,450] INFO LEADING - LEADER ELECTION TOOK - 29 MS (org.apache.zookeeper.server.quorum.Leader)',
        fields: { durationMs: 29, state: 'LEADING' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,483] INFO FOLLOWING - LEADER ELECTION TOOK - 11 MS (org.apache.zookeeper.server.quorum.Learner)',
        fields: { durationMs: 11, state: 'FOLLOWING' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,998] INFO FOLLOWING - LEADER ELECTION TOOK - 245 MS (org.apache.zookeeper.server.quorum.Learner)',
        fields: { durationMs: 245, state: 'FOLLOWING' },
      },
    ],
  },
  {
    event: 'zk_election_waiting',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'minor',
    meaning: 'Nobody answered in an election for so long; repeated: no leader can be elected.',
    wordings: [{ begins: 'Notification time out: ', pattern: /^Notification time out: (?<durationMs>\d{1,12})/ }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:23:14,183] INFO Notification time out: 400 (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: { durationMs: 400 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,151] INFO Notification time out: 400 ms (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: { durationMs: 400 },
      },
    ],
  },
  {
    event: 'zk_notification',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'noise',
    meaning: 'A vote.',
    wordings: [{ begins: 'Notification: ' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,203] INFO Notification: 2 (message format version), 1 (n.leader), 0x0 (n.zxid), 0x1 (n.round), LOOKING (n.state), 1 (n.sid), 0x0 (n.peerEPoch), LOOKING (my state)0 (n.config version) (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,584] INFO Notification: my state:LOOKING; n.sid:2, n.state:LOOKING, n.leader:2, n.round:0x1, n.peerEpoch:0x0, n.zxid:0x0, message format version:0x2, n.config version:0x0 (org.apache.zookeeper.server.quorum.FastLeaderElection)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_quorum_formed',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'The new leader has a majority behind it: the outage is over. The count is of servers.',
    wordings: [
      {
        begins: 'Have quorum of supporters, sids: ',
        refine: ({ body }) => {
          const sids = /^[^;\]]{0,500}/.exec(body.slice(33))?.[0] ?? ''
          return { count: ids(sids).length }
        },
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3]/0:0:0:0:0:0:0:0:2181:Leader@380] - Have quorum of supporters, sids: [ 1,3 ]; starting up and setting last processed zxid: 0x100000000',
        fields: { self: 3, count: 2 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,526] INFO Have quorum of supporters, sids: [ [1, 3],[1, 3] ]; starting up and setting last processed zxid: 0x100000000 (org.apache.zookeeper.server.quorum.Leader)',
        fields: { count: 2 },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,189] INFO Have quorum of supporters, sids: [[1, 3]]; starting up and setting last processed zxid: 0x100000000 (org.apache.zookeeper.server.quorum.Leader)',
        fields: { count: 2 },
      },
    ],
  },
  {
    event: 'zk_follower_lost_leader',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'A follower or observer lost its leader.',
    wordings: [
      { begins: 'Exception when following the leader', continued: true },
      { begins: 'Exception when observing the leader', continued: true },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:32:35,401] WARN Exception when following the leader (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.net.SocketTimeoutException: Read timed out',
        fields: { reason: 'java.net.SocketTimeoutException: Read timed out' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:42:55,577] WARN Exception when following the leader (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.net.SocketTimeoutException: Read timed out',
        fields: { reason: 'java.net.SocketTimeoutException: Read timed out' },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN Exception when observing the leader (org.apache.zookeeper.server.quorum.Learner)',
        continuation: 'java.io.EOFException',
        fields: { reason: 'java.io.EOFException' },
      },
    ],
  },
  {
    event: 'zk_leader_disconnected',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'info',
    meaning: 'How long a follower had been connected to the leader that it lost (3.6 and later).',
    wordings: [
      {
        begins: 'Disconnected from leader ',
        pattern:
          /^Disconnected from leader \(with address: (?<address>[^ )]{1,260})\)\. Was connected for (?<durationMs>\d{1,12})ms/,
      },
    ],
    examples: [
      {
        version: '3.8.4',
        line: '[2026-11-22 17:42:55,579] INFO Disconnected from leader (with address: /10.77.0.3:2888). Was connected for 15156ms. Sync state: true (org.apache.zookeeper.server.quorum.Learner)',
        fields: { durationMs: 15156, address: '/10.77.0.3:2888' },
      },
    ],
  },
  {
    event: 'zk_peer_error',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'An error ended the role of this server; it looks for a leader again.',
    wordings: [
      { begins: 'Unexpected exception', loggers: ['QuorumPeer'], pattern: /^Unexpected exception$/, continued: true },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Unexpected exception (org.apache.zookeeper.server.quorum.QuorumPeer)',
        continuation: 'java.lang.InterruptedException: Timeout while waiting for epoch from quorum',
        fields: { reason: 'java.lang.InterruptedException: Timeout while waiting for epoch from quorum' },
      },
    ],
  },
]

/** `java.lang.Exception: shutdown Leader! reason: ...` */
function reasonOf(continuation: string | undefined): string | undefined {
  const at = continuation?.indexOf('reason: ') ?? -1
  return at < 0 ? continuation : continuation?.slice(at + 8)
}
