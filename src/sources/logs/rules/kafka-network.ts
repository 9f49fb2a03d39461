import type { Rule } from '../rule.ts'

/** What brokers say about the way to each other. */
export const networkRules: readonly Rule[] = [
  {
    event: 'kafka_peer_unreachable',
    component: 'kafka',
    class: 'failover',
    severity: 'minor',
    meaning: 'A connection to another broker or controller could not be made. Told once a second and peer.',
    once: { by: ['self', 'peer'], withinMs: 1_000 },
    wordings: [
      {
        begins: 'Connection to node ',
        pattern:
          /^Connection to node (?<peer>-?\d{1,10}) \((?<address>[^ )]{1,260})\) could not be established\. (?:Broker|Node) may not be available/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,496] WARN [Controller id=1, targetBrokerId=1] Connection to node 1 (/10.77.0.1:9092) could not be established. Broker may not be available. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 1, peer: 1, address: '/10.77.0.1:9092' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,845] WARN [Controller id=2, targetBrokerId=2] Connection to node 2 (/10.77.0.2:9092) could not be established. Node may not be available. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 2, peer: 2, address: '/10.77.0.2:9092' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:34,764] WARN [RaftManager id=1] Connection to node 3 (/10.77.0.3:9093) could not be established. Node may not be available. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 1, peer: 3, address: '/10.77.0.3:9093' },
      },
    ],
  },
  {
    event: 'kafka_peer_timed_out',
    component: 'kafka',
    class: 'failover',
    severity: 'minor',
    meaning:
      'A broker or controller did not answer in time: it hangs, or the link is cut (Kafka 3.1 and later say so).',
    wordings: [
      {
        begins: 'Disconnecting from node ',
        pattern:
          /^Disconnecting from node (?<peer>-?\d{1,10}) due to (?<reason>request timeout|socket connection setup timeout)/,
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2026-11-22 17:43:20,744] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Disconnecting from node 3 due to request timeout. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 1, peer: 3, reason: 'request timeout' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:47:02,902] INFO [NodeToControllerChannelManager id=3 name=heartbeat] Disconnecting from node 3 due to request timeout. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 3, peer: 3, reason: 'request timeout' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:52:02,391] INFO [RaftManager id=2] Disconnecting from node 1 due to socket connection setup timeout. The timeout value is 11321 ms. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 2, peer: 1, reason: 'socket connection setup timeout' },
      },
    ],
  },
  {
    event: 'kafka_peer_disconnected',
    component: 'kafka',
    class: 'failover',
    severity: 'noise',
    meaning: 'A connection ended: after every failure, and of old age as well.',
    wordings: [
      { begins: 'Node ', pattern: /^Node (?<peer>-?\d{1,10}) disconnected\./ },
      {
        begins: 'Cancelled in-flight ',
        pattern: /^Cancelled in-flight \w{1,60} request .{0,60}due to node (?<peer>-?\d{1,10}) being disconnected/,
      },
    ],
    examples: [
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,757] INFO [Controller id=2, targetBrokerId=2] Node 2 disconnected. (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 2, peer: 2 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,361] INFO [ReplicaFetcher replicaId=1, leaderId=3, fetcherId=0] Cancelled in-flight FETCH request with correlation id 12 due to node 3 being disconnected (elapsed time since creation: 454ms, elapsed time since send: 454ms, throttle time: 0ms, request timeout: 30000ms) (org.apache.kafka.clients.NetworkClient)',
        fields: { self: 1, peer: 3 },
      },
    ],
  },
  {
    event: 'kafka_listener_missing',
    component: 'kafka',
    class: 'failover',
    severity: 'major',
    meaning:
      'A client was told of partitions without a leader (Kafka 2.6 and before), later: of leaders without its listener.',
    wordings: [
      {
        begins: 'partitions have leader brokers without a matching listener',
        pattern:
          /^(?<partitions>\d{1,10}) partitions have leader brokers without a matching listener, including \[(?<partition>[^,\] ]{1,260})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [Consumer clientId=consumer-1, groupId=console] 1 partitions have leader brokers without a matching listener, including [test-topic-2] (org.apache.kafka.clients.NetworkClient)',
        fields: { partitions: 1, partition: 'test-topic-2' },
      },
    ],
  },
  {
    event: 'kafka_leader_not_available',
    component: 'kafka',
    class: 'failover',
    severity: 'minor',
    meaning: 'A client was told that a partition has no leader (Kafka 2.7 and later).',
    wordings: [
      {
        begins: 'Error while fetching metadata with correlation id ',
        pattern:
          /^Error while fetching metadata with correlation id \d{1,12} : \{.{0,1500}=(?<reason>LEADER_NOT_AVAILABLE)/,
      },
      {
        begins: 'The metadata response from the cluster reported a recoverable issue ',
        pattern:
          /^The metadata response from the cluster reported a recoverable issue with correlation id \d{1,12} : \{.{0,1500}=(?<reason>LEADER_NOT_AVAILABLE)/,
      },
    ],
    examples: [
      {
        version: '3.8.0',
        line: '[2024-02-23 07:47:50,149] WARN [Producer clientId=console-producer] Error while fetching metadata with correlation id 4 : {test-topic=LEADER_NOT_AVAILABLE} (org.apache.kafka.clients.NetworkClient)',
        fields: { reason: 'LEADER_NOT_AVAILABLE' },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] WARN [Producer clientId=console-producer] The metadata response from the cluster reported a recoverable issue with correlation id 4 : {test-topic=LEADER_NOT_AVAILABLE} (org.apache.kafka.clients.NetworkClient)',
        fields: { reason: 'LEADER_NOT_AVAILABLE' },
      },
    ],
  },
  {
    event: 'kafka_connections_limit',
    component: 'kafka',
    class: 'failover',
    severity: 'minor',
    meaning: 'A client has more connections than it may have and was refused.',
    wordings: [
      {
        begins: 'Rejected connection from ',
        pattern:
          /^Rejected connection from (?<address>\S{1,260}), address already has the configured maximum of (?<count>\d{1,10})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO Rejected connection from /10.77.0.9, address already has the configured maximum of 100 connections. (kafka.network.Acceptor)',
        fields: { count: 100, address: '/10.77.0.9' },
      },
    ],
  },
  {
    event: 'kafka_accept_error',
    component: 'kafka',
    class: 'failover',
    severity: 'major',
    meaning: 'A connection of a client could not be accepted.',
    once: { by: ['reason'], withinMs: 1_000 },
    wordings: [
      {
        begins: 'Error while accepting connection',
        continued: true,
        refine: ({ continuation }) => (continuation?.includes('Too many open files') === true ? undefined : {}),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Error while accepting connection (kafka.network.Acceptor)',
        continuation: 'java.nio.channels.ClosedChannelException',
        fields: { reason: 'java.nio.channels.ClosedChannelException' },
      },
    ],
  },
]
