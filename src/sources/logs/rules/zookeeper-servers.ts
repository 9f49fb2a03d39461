import type { Rule } from '../rule.ts'

const servers = [
  'ZooKeeperServer',
  'QuorumZooKeeperServer',
  'LeaderZooKeeperServer',
  'FollowerZooKeeperServer',
  'LearnerZooKeeperServer',
]

/** Processes of ZooKeeper, their disks and their pauses. */
export const serverRules: readonly Rule[] = [
  {
    event: 'zk_version',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A server tells its version: it is starting.',
    wordings: [
      {
        begins: 'Server environment:zookeeper.version=',
        pattern: /^Server environment:zookeeper\.version=(?<name>[\w.]{1,40})/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,480] INFO Server environment:zookeeper.version=3.5.8-f439ca583e70862c3068a1f2a7d4d068eec33315, built on 05/04/2020 15:53 GMT (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { name: '3.5.8' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,374] INFO Server environment:zookeeper.version=3.8.4-9316c2a7a97e1666d8f4593f34dd6fc36ecc436c, built on 2024-02-12 22:16 UTC (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { name: '3.8.4' },
      },
    ],
  },
  {
    event: 'zk_started',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A server of an ensemble starts.',
    wordings: [{ begins: 'Starting quorum peer', pattern: /^Starting quorum peer(?:, myid=(?<self>\d{1,10}))?$/ }],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [main:QuorumPeerMain@130] - Starting quorum peer',
        fields: { self: 3 },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,028] INFO Starting quorum peer (org.apache.zookeeper.server.quorum.QuorumPeerMain)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:06,494] INFO Starting quorum peer, myid=1 (org.apache.zookeeper.server.quorum.QuorumPeerMain)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'zk_listening',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A server listens on its election port.',
    wordings: [
      { begins: 'My election bind port: ', pattern: /^My election bind port: (?<address>\S{1,260})/ },
      {
        begins: 'is accepting connections now, my election bind port: ',
        pattern: /^(?<self>\d{1,10}) is accepting connections now, my election bind port: (?<address>\S{1,260})/,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [ListenerThread:QuorumCnxManager$Listener@736] - My election bind port: /10.0.0.1:3888',
        fields: { self: 3, address: '/10.0.0.1:3888' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,129] INFO 1 is accepting connections now, my election bind port: /10.77.0.1:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 1, address: '/10.77.0.1:3888' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,496] INFO 1 is accepting connections now, my election bind port: /10.77.0.1:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { self: 1, address: '/10.77.0.1:3888' },
      },
    ],
  },
  {
    event: 'zk_standalone',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'minor',
    meaning: 'A server starts alone, without an ensemble.',
    wordings: [{ begins: 'Either no config or no quorum defined in config, running' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Either no config or no quorum defined in config, running  in standalone mode (org.apache.zookeeper.server.quorum.QuorumPeerMain)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_shutdown',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A server stops serving: it lost its quorum, or its process ends.',
    once: { by: [], withinMs: 2_000 },
    wordings: [
      { begins: 'shutting down', loggers: servers, pattern: /^shutting down$/ },
      { begins: 'Shutting down', loggers: servers, pattern: /^Shutting down$/ },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:26:32,520] INFO shutting down (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: {},
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:32:35,401] INFO Shutting down (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:50,302] INFO shutting down (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_exited',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A server left in order.',
    wordings: [{ begins: 'Exiting normally' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] INFO Exiting normally (org.apache.zookeeper.server.quorum.QuorumPeerMain)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_fatal',
    component: 'zookeeper',
    class: 'fatal',
    severity: 'critical',
    meaning: 'A server ends, or takes part in no election any more, because of an error. Told once in five seconds.',
    once: { by: [], withinMs: 5_000 },
    wordings: [
      { begins: 'Severe unrecoverable error, ', continued: true },
      { begins: 'Unexpected exception, exiting abnormally', continued: true },
      { begins: 'Unable to load database on disk', continued: true },
      { begins: "As I'm leaving the listener thread" },
      {
        begins: 'Leaving listener thread for address ',
        pattern: /^Leaving listener thread for address (?<address>\S{1,260})/,
      },
      { begins: 'Thread ', pattern: /^Thread (?<name>\S{1,200}) exits, error code (?<count>\d{1,5})/ },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] ERROR Severe unrecoverable error, from thread : SyncThread:3 (org.apache.zookeeper.server.ZooKeeperCriticalThread)',
        continuation: 'java.io.IOException: No space left on device',
        fields: { reason: 'java.io.IOException: No space left on device' },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] ERROR Unexpected exception, exiting abnormally (org.apache.zookeeper.server.quorum.QuorumPeerMain)',
        continuation: 'java.lang.RuntimeException: Unable to run quorum server',
        fields: { reason: 'java.lang.RuntimeException: Unable to run quorum server' },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] ERROR Unable to load database on disk (org.apache.zookeeper.server.quorum.QuorumPeer)',
        continuation: 'java.io.IOException: The accepted epoch, 3 is less than the current epoch, 4',
        fields: { reason: 'java.io.IOException: The accepted epoch, 3 is less than the current epoch, 4' },
      },
      {
        version: '3.5.8',
        line: "[2024-02-23 07:47:50,149] ERROR As I'm leaving the listener thread after 3 errors. I won't be able to participate in leader election any longer: /10.0.0.1:3888 (org.apache.zookeeper.server.quorum.QuorumCnxManager)",
        fields: {},
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] ERROR Leaving listener thread for address /10.0.0.1:3888 after 3 errors. Use zookeeper.electionPortBindRetry property to increase retry count. (org.apache.zookeeper.server.quorum.QuorumCnxManager)',
        fields: { address: '/10.0.0.1:3888' },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] INFO Thread SyncThread:3 exits, error code 1 (org.apache.zookeeper.server.ZooKeeperServerListenerImpl)',
        fields: { count: 1, name: 'SyncThread:3' },
      },
    ],
  },
  {
    event: 'zk_fsync_slow',
    component: 'zookeeper',
    class: 'disk',
    severity: 'minor',
    meaning: 'Writing the transaction log took long: a herald of expired sessions and lost followers.',
    wordings: [
      {
        begins: 'fsync-ing the write ahead log in ',
        pattern: /^fsync-ing the write ahead log in (?<name>[^ ]{1,200}) took (?<durationMs>\d{1,12})ms/,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [SyncThread:3:FileTxnLog@378] - fsync-ing the write ahead log in SyncThread:3 took 1218ms which will adversely effect operation latency. See the ZooKeeper troubleshooting guide',
        fields: { self: 3, durationMs: 1218, name: 'SyncThread:3' },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN fsync-ing the write ahead log in SyncThread:3 took 1218ms which will adversely effect operation latency. File size is 67108880 bytes. See the ZooKeeper troubleshooting guide (org.apache.zookeeper.server.persistence.FileTxnLog)',
        fields: { durationMs: 1218, name: 'SyncThread:3' },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN fsync-ing the write ahead log in SyncThread:3 took 1218ms which will adversely effect operation latency.File size is 67108880 bytes. See the ZooKeeper troubleshooting guide (org.apache.zookeeper.server.persistence.FileTxnLog)',
        fields: { durationMs: 1218, name: 'SyncThread:3' },
      },
    ],
  },
  {
    event: 'zk_snapshot',
    component: 'zookeeper',
    class: 'disk',
    severity: 'info',
    meaning: 'A snapshot is being written.',
    wordings: [{ begins: 'Snapshotting: 0x', pattern: /^Snapshotting: 0x[0-9a-f]{1,16} to (?<name>\S{1,500})/ }],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,079] INFO Snapshotting: 0x0 to /var/lib/kafka/zk1/data/version-2/snapshot.0 (org.apache.zookeeper.server.persistence.FileTxnSnapLog)',
        fields: { name: '/var/lib/kafka/zk1/data/version-2/snapshot.0' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:07,430] INFO Snapshotting: 0x0 to /var/lib/kafka/zk1/data/version-2/snapshot.0 (org.apache.zookeeper.server.persistence.FileTxnSnapLog)',
        fields: { name: '/var/lib/kafka/zk1/data/version-2/snapshot.0' },
      },
    ],
  },
  {
    event: 'zk_snapshot_taken',
    component: 'zookeeper',
    class: 'disk',
    severity: 'info',
    meaning: 'A snapshot is written; the time is what it took (3.6 and later).',
    wordings: [{ begins: 'Snapshot taken in ', pattern: /^Snapshot taken in (?<durationMs>\d{1,12}) ms/ }],
    examples: [
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,051] INFO Snapshot taken in 0 ms (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { durationMs: 0 },
      },
    ],
  },
  {
    event: 'zk_snapshot_skipped',
    component: 'zookeeper',
    class: 'disk',
    severity: 'minor',
    meaning: 'The disk is so slow that the last snapshot is not done when the next is due.',
    wordings: [{ begins: 'Too busy to snap, skipping' }],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Too busy to snap, skipping (org.apache.zookeeper.server.SyncRequestProcessor)',
        fields: {},
      },
    ],
  },
  {
    event: 'zk_jvm_pause',
    component: 'zookeeper',
    class: 'lifecycle',
    severity: 'minor',
    meaning: 'The process stood still: garbage collection, a stopped machine, swapping.',
    wordings: [
      {
        begins: 'Detected pause in JVM or host machine ',
        pattern:
          /^Detected pause in JVM or host machine \(.{1,60}?\): pause of approximately (?<durationMs>\d{1,12}) ?ms/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Detected pause in JVM or host machine (eg GC): pause of approximately 12431ms, total pause: info level: 0, warn level: 1 (org.apache.zookeeper.server.util.JvmPauseMonitor)',
        fields: { durationMs: 12431 },
      },
    ],
  },
]
