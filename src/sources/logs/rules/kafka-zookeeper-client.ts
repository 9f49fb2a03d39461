import type { Rule } from '../rule.ts'

const client = '[ZooKeeperClient '

/** The session that a broker holds with ZooKeeper, as its client tells. */
export const zookeeperClientRules: readonly Rule[] = [
  {
    event: 'zkc_session_timed_out',
    component: 'kafka',
    class: 'session',
    severity: 'major',
    meaning:
      'The broker heard nothing from its ZooKeeper server for two thirds of the session timeout and looks for another. Two lines, one event.',
    once: { by: ['session'], withinMs: 1_000 },
    wordings: [
      {
        begins: 'Client session timed out, have not heard from server in ',
        pattern:
          /^Client session timed out, have not heard from server in (?<durationMs>\d{1,12})ms for session ?id (?<session>0x[0-9a-f]{1,16})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:32:41,367] WARN Client session timed out, have not heard from server in 12003ms for sessionid 0x200002bfaa30002 (org.apache.zookeeper.ClientCnxn)',
        fields: { durationMs: 12003, session: '0x200002bfaa30002' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:43:02,467] WARN Client session timed out, have not heard from server in 12005ms for session id 0x200003570e50000 (org.apache.zookeeper.ClientCnxn)',
        fields: { durationMs: 12005, session: '0x200003570e50000' },
      },
    ],
  },
  {
    event: 'zkc_reconnect',
    component: 'kafka',
    class: 'session',
    severity: 'minor',
    meaning: 'The connection to a ZooKeeper server broke or was not made; the broker tries the next.',
    wordings: [
      {
        begins: 'Session 0x',
        pattern:
          /^Session (?<session>0x[0-9a-f]{1,16}) for (?:server|sever) (?<address>[^ ,]{1,260}), (?:Closing socket connection\. Attempting reconnect|unexpected error, closing socket connection)/,
        continued: true,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Session 0x200000de6bd0003 for server kafka-3/10.0.0.84:2181, unexpected error, closing socket connection and attempting reconnect (org.apache.zookeeper.ClientCnxn)',
        continuation: 'java.io.IOException: Connection reset by peer',
        fields: {
          address: 'kafka-3/10.0.0.84:2181',
          session: '0x200000de6bd0003',
          reason: 'java.io.IOException: Connection reset by peer',
        },
      },
      {
        version: '3.6.3',
        line: '[2024-02-23 07:47:50,149] WARN Session 0x0 for sever kafka-3/10.0.0.84:2181, Closing socket connection. Attempting reconnect except it is a SessionExpiredException. (org.apache.zookeeper.ClientCnxn)',
        continuation: 'java.net.ConnectException: Connection refused',
        fields: {
          address: 'kafka-3/10.0.0.84:2181',
          session: '0x0',
          reason: 'java.net.ConnectException: Connection refused',
        },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:07,910] WARN Session 0x0 for server /10.77.0.3:2181, Closing socket connection. Attempting reconnect except it is a SessionExpiredException. (org.apache.zookeeper.ClientCnxn)',
        continuation:
          'EndOfStreamException: Unable to read additional data from server sessionid 0x0, likely server has closed socket',
        fields: {
          address: '/10.77.0.3:2181',
          session: '0x0',
          reason:
            'EndOfStreamException: Unable to read additional data from server sessionid 0x0, likely server has closed socket',
        },
      },
      {
        version: '3.9.3',
        line: '[2024-02-23 07:47:50,149] WARN Session 0x0 for server null, Closing socket connection. Attempting reconnect except it is a SessionExpiredException or SessionTimeoutException. (org.apache.zookeeper.ClientCnxn)',
        continuation: 'java.net.NoRouteToHostException: No route to host',
        fields: { address: 'null', session: '0x0', reason: 'java.net.NoRouteToHostException: No route to host' },
      },
    ],
  },
  {
    event: 'zkc_connecting',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning:
      'The broker connects to a ZooKeeper server; often without a session after it: it cannot reach the ensemble.',
    wordings: [
      {
        begins: 'Opening socket connection to server ',
        pattern: /^Opening socket connection to server (?<address>[^ ]{1,260}?)\.(?: |$)/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:17,757] INFO Opening socket connection to server 10.77.0.1/10.77.0.1:2181. Will not attempt to authenticate using SASL (unknown error) (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '10.77.0.1/10.77.0.1:2181' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:07,900] INFO Opening socket connection to server /10.77.0.3:2181. (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '/10.77.0.3:2181' },
      },
    ],
  },
  {
    event: 'zkc_socket_error',
    component: 'kafka',
    class: 'session',
    severity: 'minor',
    meaning: 'A ZooKeeper server cannot be reached (as ZooKeeper 3.5 and before words it).',
    wordings: [
      {
        begins: 'Socket error occurred: ',
        pattern: /^Socket error occurred: (?<address>[^ ]{1,260}): (?<reason>.{1,200})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:32:44,611] INFO Socket error occurred: 10.77.0.3/10.77.0.3:2181: No route to host (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '10.77.0.3/10.77.0.3:2181', reason: 'No route to host' },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:26:33,412] INFO Socket error occurred: 10.77.0.2/10.77.0.2:2181: Connection refused (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '10.77.0.2/10.77.0.2:2181', reason: 'Connection refused' },
      },
    ],
  },
  {
    event: 'zkc_eof',
    component: 'kafka',
    class: 'session',
    severity: 'minor',
    meaning:
      'A ZooKeeper server closed the connection: it died, stopped or has no quorum (as 3.5 and before words it).',
    wordings: [
      {
        begins: 'Unable to read additional data from server sessionid ',
        pattern:
          /^Unable to read additional data from server sessionid (?<session>0x[0-9a-f]{1,16}), likely server has closed socket/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:17,742] INFO Unable to read additional data from server sessionid 0x0, likely server has closed socket, closing socket connection and attempting reconnect (org.apache.zookeeper.ClientCnxn)',
        fields: { session: '0x0' },
      },
    ],
  },
  {
    event: 'zkc_connected',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning: 'The broker has a connection to a ZooKeeper server and asks for its session.',
    wordings: [
      {
        begins: 'Socket connection established',
        pattern: /^Socket connection established(?: to (?<address>[^ ,]{1,260}))?, initiating session/,
        refine: ({ body }) => {
          const server = /, server: ([^ ,]{1,260})/.exec(body.slice(0, 1_000))?.[1]
          return server === undefined ? {} : { address: server }
        },
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '[2024-02-23 07:47:50,149] INFO Socket connection established to kafka-3/10.0.0.84:2181, initiating session (org.apache.zookeeper.ClientCnxn)',
        fields: { address: 'kafka-3/10.0.0.84:2181' },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:17,764] INFO Socket connection established, initiating session, client: /10.77.0.1:43696, server: 10.77.0.1/10.77.0.1:2181 (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '10.77.0.1/10.77.0.1:2181' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:07,906] INFO Socket connection established, initiating session, client: /10.77.0.1:43186, server: /10.77.0.3:2181 (org.apache.zookeeper.ClientCnxn)',
        fields: { address: '/10.77.0.3:2181' },
      },
    ],
  },
  {
    event: 'zkc_session_established',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning: 'The broker holds this session; the time is its timeout.',
    wordings: [
      {
        begins: 'Session establishment complete on server ',
        pattern:
          /^Session establishment complete on server (?<address>[^ ,]{1,260}), session ?id = (?<session>0x[0-9a-f]{1,16}), negotiated timeout = (?<durationMs>\d{1,12})(?: \((?<state>READ-ONLY) mode\))?/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:17,786] INFO Session establishment complete on server 10.77.0.1/10.77.0.1:2181, sessionid = 0x1000022c7c50000, negotiated timeout = 18000 (org.apache.zookeeper.ClientCnxn)',
        fields: { durationMs: 18000, address: '10.77.0.1/10.77.0.1:2181', session: '0x1000022c7c50000' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:08,699] INFO Session establishment complete on server /10.77.0.1:2181, session id = 0x100002e8a180000, negotiated timeout = 18000 (org.apache.zookeeper.ClientCnxn)',
        fields: { durationMs: 18000, address: '/10.77.0.1:2181', session: '0x100002e8a180000' },
      },
    ],
  },
  {
    event: 'zkc_session_expired',
    component: 'kafka',
    class: 'session',
    severity: 'critical',
    meaning:
      'The broker came back too late: its session, and with it its registration, is gone. Up to three lines, one event.',
    once: { by: [], withinMs: 5_000 },
    wordings: [
      {
        begins: 'Unable to reconnect to ZooKeeper service, session ',
        pattern: /^Unable to reconnect to ZooKeeper service, session (?<session>0x[0-9a-f]{1,16}) has expired/,
      },
      { begins: 'Session expired.', prefix: client },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:33:11,205] WARN Unable to reconnect to ZooKeeper service, session 0x200002bfaa30002 has expired (org.apache.zookeeper.ClientCnxn)',
        fields: { session: '0x200002bfaa30002' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:43:34,846] WARN Unable to reconnect to ZooKeeper service, session 0x200003570e50000 has expired (org.apache.zookeeper.ClientCnxn)',
        fields: { session: '0x200003570e50000' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:43:34,847] INFO [ZooKeeperClient Kafka server] Session expired. (kafka.zookeeper.ZooKeeperClient)',
        fields: {},
      },
    ],
  },
  {
    event: 'zkc_new_session',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning: 'The broker asks for a new session: it starts, or the old one expired.',
    wordings: [
      {
        begins: 'Initializing a new session to ',
        prefix: client,
        pattern: /^Initializing a new session to (?<address>[^ ]{1,300}?)\.?$/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:17,744] INFO [ZooKeeperClient Kafka server] Initializing a new session to 10.77.0.1:2181,10.77.0.2:2181,10.77.0.3:2181. (kafka.zookeeper.ZooKeeperClient)',
        fields: { address: '10.77.0.1:2181,10.77.0.2:2181,10.77.0.3:2181' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:07,879] INFO [ZooKeeperClient Kafka server] Initializing a new session to 10.77.0.1:2181,10.77.0.2:2181,10.77.0.3:2181. (kafka.zookeeper.ZooKeeperClient)',
        fields: { address: '10.77.0.1:2181,10.77.0.2:2181,10.77.0.3:2181' },
      },
    ],
  },
  {
    event: 'zkc_session_closed',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning: 'The broker closed its session itself, as a clean stop does.',
    wordings: [{ begins: 'Session: 0x', pattern: /^Session: (?<session>0x[0-9a-f]{1,16}) closed/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:30,550] INFO Session: 0x1000022c7c50000 closed (org.apache.zookeeper.ZooKeeper)',
        fields: { session: '0x1000022c7c50000' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:19,158] INFO Session: 0x100002e8a180000 closed (org.apache.zookeeper.ZooKeeper)',
        fields: { session: '0x100002e8a180000' },
      },
    ],
  },
  {
    event: 'zkc_auth_failed',
    component: 'kafka',
    class: 'session',
    severity: 'major',
    meaning: 'ZooKeeper refused the credentials of the broker.',
    wordings: [{ begins: 'Auth failed', prefix: client }],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR [ZooKeeperClient Kafka server] Auth failed. (kafka.zookeeper.ZooKeeperClient)',
        fields: {},
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] ERROR [ZooKeeperClient Kafka server] Auth failed, initialized=true connectionState=CONNECTING (kafka.zookeeper.ZooKeeperClient)',
        fields: {},
      },
    ],
  },
  {
    event: 'zkc_recreate_failed',
    component: 'kafka',
    class: 'session',
    severity: 'major',
    meaning: 'The broker could not even begin a new session.',
    wordings: [{ begins: 'Error when recreating ZooKeeper', prefix: client, continued: true }],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [ZooKeeperClient Kafka server] Error when recreating ZooKeeper, retrying after a short sleep (kafka.zookeeper.ZooKeeperClient)',
        continuation: 'java.net.UnknownHostException: kafka-1',
        fields: { reason: 'java.net.UnknownHostException: kafka-1' },
      },
    ],
  },
  {
    event: 'zkc_send_thread_noise',
    component: 'kafka',
    class: 'session',
    severity: 'noise',
    meaning: 'ZooKeeper 3.6.0 to 3.6.3 say so at every close.',
    wordings: [{ begins: 'An exception was thrown while closing send thread for session ' }],
    examples: [
      {
        version: '3.6.3',
        line: '[2024-02-23 07:47:50,149] WARN An exception was thrown while closing send thread for session 0x100002e8a180000. (org.apache.zookeeper.ClientCnxn)',
        fields: {},
      },
    ],
  },
  {
    event: 'kafka_broker_registered',
    component: 'kafka',
    class: 'session',
    severity: 'info',
    meaning: 'The broker is registered in ZooKeeper.',
    wordings: [
      {
        begins: 'Registered broker ',
        pattern:
          /^Registered broker (?<self>\d{1,10}) at path \/brokers\/ids\/\d{1,10} with addresses: (?<address>[^ ]{1,300})/,
        refine: ({ body, groups }) => {
          const epoch = /czxid \(broker epoch\): (\d{1,19})/.exec(body.slice(0, 2_000))?.[1]
          const address = { address: groups['address']?.replace(/,$/, '') ?? '' }
          return epoch === undefined ? address : { ...address, epoch: Number(epoch) }
        },
      },
    ],
    examples: [
      {
        version: '2.0.1',
        line: '[2024-02-23 07:47:50,149] INFO Registered broker 1 at path /brokers/ids/1 with addresses: ArrayBuffer(EndPoint(kafka-1,9092,ListenerName(PLAINTEXT),PLAINTEXT)) (kafka.zk.KafkaZkClient)',
        fields: { self: 1, address: 'ArrayBuffer(EndPoint(kafka-1,9092,ListenerName(PLAINTEXT),PLAINTEXT))' },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:19,418] INFO Registered broker 1 at path /brokers/ids/1 with addresses: PLAINTEXT://10.77.0.1:9092, czxid (broker epoch): 4294967349 (kafka.zk.KafkaZkClient)',
        fields: { self: 1, address: 'PLAINTEXT://10.77.0.1:9092', epoch: 4294967349 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,693] INFO Registered broker 1 at path /brokers/ids/1 with addresses: PLAINTEXT://10.77.0.1:9092, czxid (broker epoch): 4294967358 (kafka.zk.KafkaZkClient)',
        fields: { self: 1, address: 'PLAINTEXT://10.77.0.1:9092', epoch: 4294967358 },
      },
    ],
  },
  {
    event: 'kafka_registration_conflict',
    component: 'kafka',
    class: 'session',
    severity: 'major',
    meaning:
      'The broker restarted before its old session expired (or its id is taken): ZooKeeper refuses the registration.',
    wordings: [
      {
        begins: 'Error while creating ephemeral at ',
        pattern:
          /^Error while creating ephemeral at (?<name>[^ ,]{1,200}), node already exists and owner '(?:0x)?(?<owner>[0-9a-f]{1,20})'/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: "[2024-02-23 07:47:50,149] ERROR Error while creating ephemeral at /brokers/ids/1, node already exists and owner '72057594093928450' does not match current session '72057594093928451' (kafka.zk.KafkaZkClient)",
        fields: { name: '/brokers/ids/1' },
      },
      {
        version: '3.6.2',
        line: "[2024-02-23 07:47:50,149] ERROR Error while creating ephemeral at /brokers/ids/1, node already exists and owner '0x100000e95480002' does not match current session '0x100000e95480003' (kafka.zk.KafkaZkClient)",
        fields: { name: '/brokers/ids/1' },
      },
    ],
  },
]
