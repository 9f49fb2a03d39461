import type { Rule } from '../rule.ts'

/** Log directories that fail. */
export const diskRules: readonly Rule[] = [
  {
    event: 'kafka_logdir_error',
    component: 'kafka',
    class: 'disk',
    severity: 'major',
    meaning: 'A file operation failed: the first cause of a log directory that goes offline.',
    wordings: [
      {
        begins: 'Error while ',
        loggers: ['LogDirFailureChannel'],
        continued: true,
        refine: ({ body }) => {
          const found = /\b(?:dir|directory|file) (\/[^ ]{1,500})/.exec(body.slice(0, 1_000))?.[1]
          return found === undefined ? {} : { name: found }
        },
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Error while appending records to test-topic-0 in dir /data/kafka1 (kafka.server.LogDirFailureChannel)',
        continuation: 'java.io.IOException: No space left on device',
        fields: { reason: 'java.io.IOException: No space left on device', name: '/data/kafka1' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] ERROR Error while writing to checkpoint file /data/kafka1/recovery-point-offset-checkpoint (org.apache.kafka.storage.internals.log.LogDirFailureChannel)',
        continuation: 'java.io.IOException: Input/output error',
        fields: {
          reason: 'java.io.IOException: Input/output error',
          name: '/data/kafka1/recovery-point-offset-checkpoint',
        },
      },
    ],
  },
  {
    event: 'kafka_logdir_failed',
    component: 'kafka',
    class: 'disk',
    severity: 'critical',
    meaning: 'A log directory is offline, and with it every replica in it.',
    wordings: [
      { begins: 'Stopping serving logs in dir ', pattern: /^Stopping serving logs in dir (?<name>[^ ]{1,500})/ },
    ],
    examples: [
      {
        version: '2.4.1',
        line: '[2024-02-23 07:47:50,149] INFO Stopping serving logs in dir /data/kafka1 (kafka.log.LogManager)',
        fields: { name: '/data/kafka1' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN Stopping serving logs in dir /data/kafka1 (kafka.log.LogManager)',
        fields: { name: '/data/kafka1' },
      },
    ],
  },
  {
    event: 'kafka_partitions_offline',
    component: 'kafka',
    class: 'disk',
    severity: 'critical',
    meaning: 'The replicas in a failed log directory are offline.',
    wordings: [
      {
        begins: 'Logs for partitions ',
        pattern: /^Logs for partitions (?:\w{1,40}\()?(?<partition>[^,()\s]{1,260})/,
        refine: ({ body }) => {
          const end = body.indexOf(' are offline')
          return { partitions: body.slice(0, end < 0 ? body.length : end).split(',').length }
        },
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN Logs for partitions test-topic-0,test-topic-2 are offline and logs for future partitions  are offline due to failure on log directory /data/kafka1 (kafka.log.LogManager)',
        fields: { partition: 'test-topic-0', partitions: 2 },
      },
    ],
  },
  {
    event: 'kafka_logdir_replicas',
    component: 'kafka',
    class: 'disk',
    severity: 'noise',
    meaning: 'Says again that a log directory is offline.',
    wordings: [
      {
        begins: 'Stopping serving replicas in dir ',
        prefix: '[ReplicaManager broker=',
        pattern: /^Stopping serving replicas in dir (?<name>[^ ]{1,500})/,
      },
      {
        begins: 'Stopped serving replicas in dir ',
        prefix: '[ReplicaManager broker=',
        pattern: /^Stopped serving replicas in dir (?<name>[^ ]{1,500})/,
      },
      {
        begins: 'Broker ',
        prefix: '[ReplicaManager broker=',
        pattern: /^Broker \d{1,10} stopped fetcher for partitions /,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [ReplicaManager broker=1] Stopping serving replicas in dir /data/kafka1 (kafka.server.ReplicaManager)',
        fields: { self: 1, name: '/data/kafka1' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN [ReplicaManager broker=1] Stopping serving replicas in dir /data/kafka1 with uuid axhG72jCRrUR84Owu7WHAw because the log directory has failed. (kafka.server.ReplicaManager)',
        fields: { self: 1, name: '/data/kafka1' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN [ReplicaManager broker=1] Broker 1 stopped fetcher for partitions test-topic-0 and stopped moving logs for partitions  because they are in the failed log directory /data/kafka1. (kafka.server.ReplicaManager)',
        fields: { self: 1 },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [ReplicaManager broker=1] Stopped serving replicas in dir /data/kafka1 (kafka.server.ReplicaManager)',
        fields: { self: 1, name: '/data/kafka1' },
      },
    ],
  },
  {
    event: 'kafka_logdirs_all_failed',
    component: 'kafka',
    class: 'fatal',
    severity: 'critical',
    meaning: 'No log directory is left (or the one of the metadata is gone): the broker halts.',
    wordings: [
      {
        begins: 'Shutdown broker because ',
        pattern:
          /^Shutdown broker because (?<reason>(?:all log dirs in|none of the specified log dirs|the metadata log dir) .{1,300})/,
      },
      {
        begins: "Shutting down because couldn't communicate offline log dir ",
        pattern: /^Shutting down because (?<reason>.{1,300})/,
      },
      { begins: 'Halting broker because dir ', pattern: /^Halting broker because (?<reason>.{1,300})/ },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Shutdown broker because all log dirs in /data/kafka1 have failed (kafka.log.LogManager)',
        fields: { reason: 'all log dirs in /data/kafka1 have failed' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] ERROR Shutdown broker because none of the specified log dirs from /data/kafka1 can be created or validated (kafka.log.LogManager)',
        fields: { reason: 'none of the specified log dirs from /data/kafka1 can be created or validated' },
      },
      {
        version: '3.9.1',
        line: "[2024-02-23 07:47:50,149] ERROR Shutting down because couldn't communicate offline log dir axhG72jCRrUR84Owu7WHAw with controllers (kafka.server.BrokerLifecycleManager)",
        fields: { reason: "couldn't communicate offline log dir axhG72jCRrUR84Owu7WHAw with controllers" },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Halting broker because dir /data/kafka1 is offline (kafka.server.ReplicaManager)',
        fields: { reason: 'dir /data/kafka1 is offline' },
      },
    ],
  },
  {
    event: 'kafka_controller_logdir_failed',
    component: 'controller',
    class: 'disk',
    severity: 'major',
    meaning: 'The controller has heard that brokers lost a log directory.',
    wordings: [
      {
        begins: 'Handling log directory failure for brokers ',
        pattern: /^Handling log directory failure for brokers (?<peer>\d{1,10})/,
      },
      {
        begins: 'Directories ',
        pattern: /^Directories .{1,1000}? in broker (?<peer>\d{1,10}) marked offline/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Handling log directory failure for brokers 1 (kafka.controller.KafkaController)',
        fields: { self: 3, peer: 1 },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN [QuorumController id=3] Directories [axhG72jCRrUR84Owu7WHAw] in broker 1 marked offline, remaining directories: [xPAK5vuf_sYmtu4We-HNsQ] (org.apache.kafka.controller.ReplicationControlManager)',
        fields: { self: 3, peer: 1 },
      },
    ],
  },
  {
    event: 'kafka_replicas_offline',
    component: 'controller',
    class: 'disk',
    severity: 'major',
    meaning: 'The controller takes replicas in a failed log directory as offline.',
    wordings: [
      {
        begins: 'Mark replicas ',
        prefix: '[Controller id=',
        pattern: /^Mark replicas (?<partition>[^, ]{1,260})(?:,.{0,2000})? on broker (?<peer>\d{1,10}) as offline/,
        refine: ({ body }) => ({ partitions: body.split(',').length }),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3 epoch=4] Mark replicas test-topic-0,test-topic-2 on broker 1 as offline (state.change.logger)',
        fields: { self: 3, peer: 1, partition: 'test-topic-0', partitions: 2 },
      },
    ],
  },
]
