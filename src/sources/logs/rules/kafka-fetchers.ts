import type { Rule } from '../rule.ts'
import { countNames, countOf } from '../rule-fields.ts'

const fetcher = '[ReplicaFetcher'
const manager = '[ReplicaFetcherManager on broker '

/** Who follows whom: the survivors of a failover say most of what happened here. */
export const fetcherRules: readonly Rule[] = [
  {
    event: 'kafka_fetcher_removed',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker stopped following partitions: it leads them now, or their leader changed.',
    wordings: [
      {
        begins: 'Removed fetcher for partitions ',
        prefix: manager,
        pattern: /^Removed fetcher for partitions (?:\w{1,40}\()?(?<partition>[^,()\s]{1,260})/,
        refine: ({ body }) => ({ partitions: countNames(body, 31) }),
      },
    ],
    examples: [
      {
        version: '2.0.1',
        line: '[2024-02-23 07:47:50,149] INFO [ReplicaFetcherManager on broker 2] Removed fetcher for partitions test-topic-2,test-topic-0 (kafka.server.ReplicaFetcherManager)',
        fields: { self: 2, partition: 'test-topic-2', partitions: 2 },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:44,057] INFO [ReplicaFetcherManager on broker 1] Removed fetcher for partitions HashSet(test-topic-2, test-topic-1) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, partition: 'test-topic-2', partitions: 2 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:11,951] INFO [ReplicaFetcherManager on broker 1] Removed fetcher for partitions Set(test-topic-2) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, partition: 'test-topic-2', partitions: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,759] INFO [ReplicaFetcherManager on broker 2] Removed fetcher for partitions Set(test-topic-0) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 2, partition: 'test-topic-0', partitions: 1 },
      },
    ],
  },
  {
    event: 'kafka_fetcher_added',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'This broker follows partitions of a (new) leader.',
    wordings: [
      {
        begins: 'Added fetcher to broker ',
        prefix: manager,
        pattern:
          /^Added fetcher to broker (?:BrokerEndPoint\(id=)?(?<leader>\d{1,10})[^ ]{0,300}(?: [^ ]{1,300})? for partitions (?:\w{1,40}\()?(?<partition>[^,()\s]{1,260})/,
        refine: ({ body }) => ({ partitions: countOf(body, ' -> ') }),
      },
      {
        begins: 'Added fetcher for partitions ',
        prefix: manager,
        pattern:
          /^Added fetcher for partitions \w{1,40}\(\[(?<partition>[^,()\s]{1,260}), initOffset -?\d{1,20} to broker BrokerEndPoint\((?:id=)?(?<leader>\d{1,10}),/,
        refine: ({ body }) => ({ partitions: countOf(body, ', initOffset ') }),
      },
    ],
    examples: [
      {
        version: '2.0.1',
        line: '[2024-02-23 07:47:50,149] INFO [ReplicaFetcherManager on broker 1] Added fetcher for partitions List([test-topic-1, initOffset 0 to broker BrokerEndPoint(3,kafka-3,9092)] , [test-topic-0, initOffset 7 to broker BrokerEndPoint(3,kafka-3,9092)] ) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, leader: 3, partition: 'test-topic-1', partitions: 2 },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,377] INFO [ReplicaFetcherManager on broker 1] Added fetcher to broker 3 for partitions Map(test-topic-1 -> (offset=0, leaderEpoch=0)) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, leader: 3, partition: 'test-topic-1', partitions: 1 },
      },
      {
        version: '3.0.2',
        line: '[2024-02-23 07:47:50,149] INFO [ReplicaFetcherManager on broker 1] Added fetcher to broker 2 for partitions Map(test-topic-0 -> InitialFetchState(BrokerEndPoint(id=2, host=kafka-2:9092),4,17), test-topic-2 -> InitialFetchState(BrokerEndPoint(id=2, host=kafka-2:9092),4,3)) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, leader: 2, partition: 'test-topic-0', partitions: 2 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:12,468] INFO [ReplicaFetcherManager on broker 1] Added fetcher to broker 3 for partitions Map(test-topic-1 -> InitialFetchState(Some(AFb1Cz4UTkeD_s6rbZsu0g),BrokerEndPoint(id=3, host=10.77.0.3:9092),0,0)) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, leader: 3, partition: 'test-topic-1', partitions: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:38,955] INFO [ReplicaFetcherManager on broker 1] Added fetcher to broker 3 for partitions HashMap(test-topic-1 -> InitialFetchState(Some(D0JTuyjWSIK4t5Vr6S4dBQ),BrokerEndPoint[id=3, host=10.77.0.3, port=9092],0,0)) (kafka.server.ReplicaFetcherManager)',
        fields: { self: 1, leader: 3, partition: 'test-topic-1', partitions: 1 },
      },
    ],
  },
  {
    event: 'kafka_fetcher_thread_starting',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'A thread that fetches from a leader starts.',
    wordings: [{ begins: 'Starting', prefix: fetcher, pattern: /^Starting$/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,363] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Starting (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:12,466] INFO [ReplicaFetcherThread-0-3]: Starting (kafka.server.ReplicaFetcherThread)',
        fields: { peer: 3 },
      },
    ],
  },
  {
    event: 'kafka_fetcher_thread_stopping',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'A thread that fetches from a leader has nothing more to fetch and is told to stop.',
    wordings: [{ begins: 'Shutting down', prefix: fetcher, pattern: /^Shutting down$/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,895] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Shutting down (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:30,097] INFO [ReplicaFetcherThread-0-2]: Shutting down (kafka.server.ReplicaFetcherThread)',
        fields: { peer: 2 },
      },
    ],
  },
  {
    event: 'kafka_fetcher_thread_stopped',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'A thread that fetches from a leader has left its loop.',
    wordings: [{ begins: 'Stopped', prefix: fetcher, pattern: /^Stopped$/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,895] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Stopped (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:46:56,979] INFO [ReplicaFetcherThread-0-2]: Stopped (kafka.server.ReplicaFetcherThread)',
        fields: { peer: 2 },
      },
    ],
  },
  {
    event: 'kafka_fetcher_thread_shutdown',
    component: 'kafka',
    class: 'failover',
    severity: 'info',
    meaning: 'A thread that fetches from a leader is gone: that broker leads nothing any more that this one follows.',
    wordings: [{ begins: 'Shutdown completed', prefix: fetcher, pattern: /^Shutdown completed$/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,895] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Shutdown completed (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:30,100] INFO [ReplicaFetcherThread-0-2]: Shutdown completed (kafka.server.ReplicaFetcherThread)',
        fields: { peer: 2 },
      },
    ],
  },
  {
    event: 'kafka_fetch_session_error',
    component: 'kafka',
    class: 'failover',
    severity: 'minor',
    meaning:
      'A fetch from a leader failed: the first sign that its socket died. Two lines, one event a second and leader.',
    once: { by: ['self', 'peer'], withinMs: 1_000 },
    wordings: [
      {
        begins: 'Error sending fetch request ',
        prefix: fetcher,
        pattern:
          /^Error sending fetch request \(sessionId=\w{1,20}, epoch=\w{1,20}\) to node (?<peer>\d{1,10}):(?: (?<reason>.{1,300}))?/,
        continued: true,
      },
      { begins: 'Error in response for fetch request ', prefix: fetcher, continued: true },
    ],
    examples: [
      {
        version: '2.5.1',
        line: '[2024-02-23 07:47:50,149] INFO [ReplicaFetcher replicaId=3, leaderId=2, fetcherId=0] Error sending fetch request (sessionId=1656834178, epoch=INITIAL) to node 2: java.io.IOException: Connection to 2 was disconnected before the response was read. (org.apache.kafka.clients.FetchSessionHandler)',
        fields: {
          self: 3,
          peer: 2,
          reason: 'java.io.IOException: Connection to 2 was disconnected before the response was read.',
        },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:24,087] INFO [ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] Error sending fetch request (sessionId=319067194, epoch=13) to node 1: (org.apache.kafka.clients.FetchSessionHandler)',
        continuation: 'java.io.IOException: Client was shutdown before response was read',
        fields: { self: 2, peer: 1, reason: 'java.io.IOException: Client was shutdown before response was read' },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:24:44,636] WARN [ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] Error in response for fetch request (type=FetchRequest, replicaId=2, maxWait=500, minBytes=1, maxBytes=10485760, fetchData={}, isolationLevel=READ_UNCOMMITTED, toForget=, metadata=(sessionId=940404590, epoch=13), rackId=) (kafka.server.ReplicaFetcherThread)',
        continuation: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
        fields: {
          self: 2,
          peer: 1,
          reason: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
        },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:18,923] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Error sending fetch request (sessionId=168499109, epoch=13) to node 3: (org.apache.kafka.clients.FetchSessionHandler)',
        continuation: 'java.io.IOException: Client was shutdown before response was read',
        fields: { self: 1, peer: 3, reason: 'java.io.IOException: Client was shutdown before response was read' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:37:21,691] WARN [ReplicaFetcher replicaId=2, leaderId=1, fetcherId=0] Error in response for fetch request (type=FetchRequest, replicaId=2, maxWait=500, minBytes=1, maxBytes=10485760, fetchData={}, isolationLevel=read_uncommitted, removed=, replaced=, metadata=(sessionId=517671183, epoch=11), rackId=) (kafka.server.ReplicaFetcherThread)',
        continuation: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
        fields: {
          self: 2,
          peer: 1,
          reason: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
        },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:06,917] WARN [ReplicaFetcher replicaId=1, leaderId=2, fetcherId=0] Error in response for fetch request (type=FetchRequest, replicaId=1, maxWait=500, minBytes=1, maxBytes=10485760, fetchData={test-topic-2=PartitionData(topicId=bcPZhTV0QY-BwTjETEe10g, fetchOffset=7, logStartOffset=0, maxBytes=1048576, currentLeaderEpoch=Optional[1], lastFetchedEpoch=Optional[0])}, isolationLevel=read_uncommitted, removed=, replaced=, metadata=(sessionId=INVALID, epoch=INITIAL), rackId=) (kafka.server.ReplicaFetcherThread)',
        continuation: 'java.io.IOException: Connection to 10.77.0.2:9092 (id: 2 rack: null isFenced: false) failed.',
        fields: {
          self: 1,
          peer: 2,
          reason: 'java.io.IOException: Connection to 10.77.0.2:9092 (id: 2 rack: null isFenced: false) failed.',
        },
      },
    ],
  },
  {
    event: 'kafka_fetch_partition_error',
    component: 'kafka',
    class: 'replication',
    severity: 'minor',
    meaning: 'A leader answered a fetch with an error for one partition; at creation of a topic it is none.',
    wordings: [
      {
        begins: 'Error for partition ',
        prefix: fetcher,
        pattern: /^Error for partition (?<partition>\S{1,260}) at offset -?\d{1,20}/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:21,517] ERROR [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Error for partition test-topic-1 at offset 0 (kafka.server.ReplicaFetcherThread)',
        continuation:
          'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.',
        fields: {
          self: 1,
          peer: 3,
          partition: 'test-topic-1',
          reason:
            'org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.',
        },
      },
    ],
  },
  {
    event: 'kafka_fetcher_died',
    component: 'kafka',
    class: 'replication',
    severity: 'major',
    meaning: 'A fetcher thread died of an error: its partitions are not replicated until the broker restarts.',
    wordings: [
      {
        begins: 'Error due to',
        prefix: fetcher,
        continued: true,
        refine: ({ continuation }) => (continuation?.includes('OutOfMemoryError') === true ? undefined : {}),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Error due to (kafka.server.ReplicaFetcherThread)',
        continuation:
          'org.apache.kafka.common.KafkaException: Error processing data for partition test-topic-1 offset 44',
        fields: {
          self: 1,
          peer: 3,
          reason: 'org.apache.kafka.common.KafkaException: Error processing data for partition test-topic-1 offset 44',
        },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] ERROR [ReplicaFetcherThread-0-3]: Error due to (kafka.server.ReplicaFetcherThread)',
        continuation: 'java.lang.IllegalStateException: Offset mismatch',
        fields: { peer: 3, reason: 'java.lang.IllegalStateException: Offset mismatch' },
      },
    ],
  },
  {
    event: 'kafka_partition_marked_failed',
    component: 'kafka',
    class: 'replication',
    severity: 'major',
    meaning: 'A follower gave a partition up: it is not replicated here until its leader changes.',
    wordings: [
      {
        begins: 'Partition ',
        prefix: fetcher,
        pattern: /^Partition (?<partition>\S{1,260}) marked as failed/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,663] WARN [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Partition test-topic-1 marked as failed (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3, partition: 'test-topic-1' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:43:33,469] WARN [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Partition test-topic-1 marked as failed (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3, partition: 'test-topic-1' },
      },
    ],
  },
  {
    event: 'kafka_truncating',
    component: 'kafka',
    class: 'replication',
    severity: 'minor',
    meaning: 'A replica cut off the end of its log to agree with its leader.',
    wordings: [
      {
        begins: 'Truncating to offset ',
        prefix: '[Log partition=',
        pattern: /^Truncating to offset (?<count>\d{1,20})/,
      },
      {
        begins: 'Truncating to offset ',
        prefix: '[UnifiedLog partition=',
        pattern: /^Truncating to offset (?<count>\d{1,20})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Log partition=test-topic-1, dir=/var/lib/kafka/data] Truncating to offset 1041 (kafka.log.Log)',
        fields: { partition: 'test-topic-1', count: 1041 },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [UnifiedLog partition=test-topic-1, dir=/var/lib/kafka/data] Truncating to offset 1041 (org.apache.kafka.storage.internals.log.UnifiedLog)',
        fields: { partition: 'test-topic-1', count: 1041 },
      },
    ],
  },
  {
    event: 'kafka_truncating_below_hw',
    component: 'kafka',
    class: 'replication',
    severity: 'critical',
    meaning: 'A replica cut off records that had been committed: data may be lost, as after an unclean election.',
    wordings: [
      {
        begins: 'Truncating ',
        prefix: '[',
        pattern: /^Truncating (?:future )?(?<partition>\S{1,260}) to offset (?<count>\d{1,20}) below high watermark \d/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Truncating test-topic-1 to offset 990 below high watermark 1041 (kafka.server.ReplicaFetcherThread)',
        fields: { self: 1, peer: 3, count: 990, partition: 'test-topic-1' },
      },
      {
        version: '4.2.0',
        line: '[2024-02-23 07:47:50,149] WARN [UnifiedLog partition=test-topic-1, dir=/var/lib/kafka/data] Truncating test-topic-1 to offset 990 below high watermark 1041 (org.apache.kafka.storage.internals.log.UnifiedLog)',
        fields: { partition: 'test-topic-1', count: 990 },
      },
    ],
  },
  {
    event: 'kafka_fetch_offset_reset',
    component: 'kafka',
    class: 'replication',
    severity: 'major',
    meaning: 'A leader has less than its follower: the follower goes back to the end of the leader.',
    wordings: [
      {
        begins: 'Reset fetch offset for partition ',
        pattern: /^Reset fetch offset for partition (?<partition>\S{1,260}) from \d/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: "[2024-02-23 07:47:50,149] WARN [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Reset fetch offset for partition test-topic-1 from 1041 to current leader's latest offset 990 (kafka.server.ReplicaFetcherThread)",
        fields: { self: 1, peer: 3, partition: 'test-topic-1' },
      },
    ],
  },
]
