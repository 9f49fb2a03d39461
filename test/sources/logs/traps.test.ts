import { describe, expect, it } from 'vitest'
import { names, told } from './lines.ts'

const quiet = { noise: false } as const

function kafka(seconds: string, level: string, message: string, logger: string): string {
  return `[2024-02-23 08:20:${seconds}] ${level} ${message} (${logger})\n`
}

const client = 'org.apache.zookeeper.ClientCnxn'
const timedOut = 'Client session timed out, have not heard from server in 12005ms for sessionid'

describe('one thing that several lines tell', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'a session timed out, WARN and INFO of 3.5',
      kafka('33,994', 'WARN', `${timedOut} 0x2000`, client) +
        kafka('33,994', 'INFO', `${timedOut} 0x2000, closing socket connection and attempting reconnect`, client) +
        kafka('34,100', 'INFO', `${timedOut} 0x3000, closing socket connection and attempting reconnect`, client) +
        kafka('55,000', 'WARN', `${timedOut} 0x2000`, client),
      ['zkc_session_timed_out', 'zkc_session_timed_out', 'zkc_session_timed_out'],
    ],
    [
      'a session expired, three lines',
      kafka('33,205', 'WARN', 'Unable to reconnect to ZooKeeper service, session 0x2000 has expired', client) +
        kafka(
          '33,205',
          'INFO',
          'Unable to reconnect to ZooKeeper service, session 0x2000 has expired, closing socket connection',
          client,
        ) +
        kafka('33,207', 'INFO', '[ZooKeeperClient Kafka server] Session expired.', 'kafka.zookeeper.ZooKeeperClient'),
      ['zkc_session_expired'],
    ],
    [
      'a failed fetch, INFO and WARN, of two leaders',
      ['1', '2']
        .map(
          (leader) =>
            kafka(
              '40,100',
              'INFO',
              `[ReplicaFetcher replicaId=3, leaderId=${leader}, fetcherId=0] Error sending fetch request (sessionId=1, epoch=2) to node ${leader}:`,
              'org.apache.kafka.clients.FetchSessionHandler',
            ) +
            'java.io.IOException: Connection to 1 was disconnected before the response was read\n\tat a.B(C.java:1)\n' +
            kafka(
              '40,101',
              'WARN',
              `[ReplicaFetcher replicaId=3, leaderId=${leader}, fetcherId=0] Error in response for fetch request (type=FetchRequest)`,
              'kafka.server.ReplicaFetcherThread',
            ) +
            'java.io.IOException: Connection to 1 was disconnected before the response was read\n',
        )
        .join(''),
      ['kafka_fetch_session_error', 'kafka_fetch_session_error'],
    ],
    [
      'a controller that every channel finds again and again',
      ['1', '1', '2', '2', '1']
        .map((id) =>
          kafka(
            '41,000',
            'INFO',
            `[broker-3-to-controller-heartbeat-channel-manager]: Recorded new KRaft controller, from now on will use node h:9093 (id: ${id} rack: null)`,
            'kafka.server.NodeToControllerRequestThread',
          ),
        )
        .join(''),
      ['kafka_controller_known', 'kafka_controller_known', 'kafka_controller_known'],
    ],
    [
      'a transition of Raft',
      kafka(
        '42,000',
        'INFO',
        '[RaftManager id=1] Attempting durable transition to CandidateState(localId=1, epoch=4) from Unattached',
        'org.apache.kafka.raft.QuorumState',
      ) +
        kafka(
          '42,000',
          'INFO',
          '[RaftManager id=1] Completed transition to CandidateState(localId=1, epoch=4) from Unattached',
          'org.apache.kafka.raft.QuorumState',
        ),
      ['kraft_raft_candidate'],
    ],
  ])('%s', (_, text, events) => {
    expect(names(text, quiet)).toEqual(events)
  })
})

describe('ZooKeeper and Kafka in one file', () => {
  const server = kafka(
    '31,000',
    'INFO',
    'Expiring session 0x2000, timeout of 18000ms exceeded',
    'org.apache.zookeeper.server.ZooKeeperServer',
  )
  const broker = kafka('31,001', 'WARN', `${timedOut} 0x2000`, client)
  const controller = kafka(
    '31,002',
    'INFO',
    '[Controller id=3] Broker failure callback for 1',
    'kafka.controller.KafkaController',
  )
  const change = kafka(
    '31,003',
    'ERROR',
    '[Controller id=3 epoch=2] Controller 3 epoch 2 failed to change state for partition t-0 from OfflinePartition to OnlinePartition',
    'state.change.logger',
  )

  it.each(['kafka', 'zookeeper'] as const)('are told apart by their loggers in the log of %s', (component) => {
    const { events, lines } = told(server + broker + controller + change, { component })
    expect(events.map((event) => [event.component, event.event])).toEqual([
      ['zookeeper', 'zk_session_expired'],
      ['kafka', 'zkc_session_timed_out'],
      ['controller', 'kafka_broker_failed'],
      ['controller', 'kafka_leader_election_failed'],
    ])
    expect(Object.fromEntries(lines)).toEqual({
      'zookeeper info': 1,
      'kafka warn': 1,
      'controller info': 1,
      'controller error': 1,
    })
  })

  it('have the lines of neither counted for the file', () => {
    const other = kafka('31,000', 'INFO', 'starting', 'com.example.Plugin')
    expect([...told(other, { component: 'kafka' }).lines.keys()]).toEqual(['kafka info'])
    expect([...told(other, { component: 'zookeeper' }).lines.keys()]).toEqual(['zookeeper info'])
  })

  it('have banners of the JVM told for the file', () => {
    const text = 'Terminating due to java.lang.OutOfMemoryError: Java heap space\n'
    expect(names(text, { component: 'kafka' })).toEqual(['kafka_oom'])
    expect(names(text, { component: 'zookeeper' })).toEqual(['zk_oom'])
  })
})

describe('what looks alike', () => {
  it.each([
    [
      'a closed socket of a probe',
      'INFO',
      'Unable to read additional data from client, it probably closed the socket: address = /10.0.0.9:1, session = 0x0',
      'org.apache.zookeeper.server.NIOServerCnxn',
    ],
    [
      'another thread that shuts down',
      'INFO',
      '[LogDirFailureHandler]: Shutting down',
      'kafka.server.ReplicaManager$LogDirFailureHandler',
    ],
    [
      'another class of ZooKeeper that shuts down',
      'INFO',
      'Shutting down',
      'org.apache.zookeeper.server.quorum.CommitProcessor',
    ],
    [
      'the factory that shuts down',
      'INFO',
      'shutdown called /0.0.0.0:2181',
      'org.apache.zookeeper.server.NettyServerCnxnFactory',
    ],
    [
      'the fetcher of log directories',
      'INFO',
      '[ReplicaAlterLogDirsManager on broker 1] Removed fetcher for partitions Set(t-0)',
      'kafka.server.ReplicaAlterLogDirsManager',
    ],
    [
      'an election of nothing',
      'INFO',
      '[Controller id=3] Starting replica leader election (PREFERRED) for partitions  triggered by AutoTriggered',
      'kafka.controller.KafkaController',
    ],
    [
      'a truncation of nothing',
      'INFO',
      '[Log partition=t-0, dir=/d] Truncating to 0 has no effect as the largest offset in the log is -1',
      'kafka.log.Log',
    ],
    [
      'housekeeping',
      'INFO',
      '[GroupMetadataManager brokerId=3] Removed 0 expired offsets in 27 milliseconds.',
      'kafka.coordinator.group.GroupMetadataManager',
    ],
    [
      'a consumer that lost its broker',
      'INFO',
      '[Consumer clientId=c, groupId=g] Error sending fetch request (sessionId=1, epoch=2) to node 2:',
      'org.apache.kafka.clients.FetchSessionHandler',
    ],
    ['what a broker is configured with', 'INFO', 'KafkaConfig values: ', 'kafka.server.KafkaConfig'],
    [
      'an old connection that ends',
      'INFO',
      '[NodeToControllerChannelManager id=1 name=forwarding] Node 2 disconnected.',
      'org.apache.kafka.clients.NetworkClient',
    ],
  ])('%s is no event', (_, level, message, logger) => {
    expect(names(kafka('50,000', level, message, logger), quiet)).toEqual([])
  })
})
