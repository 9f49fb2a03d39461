import type { Rule } from '../rule.ts'

const none = '0x0'

/** Sessions and connections of ZooKeeper's clients, as the servers tell. */
export const sessionRules: readonly Rule[] = [
  {
    event: 'zk_session_close_submitted',
    component: 'zookeeper',
    class: 'session',
    severity: 'info',
    meaning: 'A session is being closed: alone the client did it, right after its expiry the ensemble.',
    wordings: [
      {
        begins: 'Submitting ',
        pattern: /^Submitting (?<name>global|local) closeSession request for session (?<session>0x[0-9a-f]{1,16})/,
      },
      {
        begins: 'Processed session termination for sessionid: ',
        pattern: /^Processed session termination for sessionid: (?<session>0x[0-9a-f]{1,16})/,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [ProcessThread(sid:1 cport:-1)::PrepRequestProcessor@487] - Processed session termination for sessionid: 0x100000e95480002',
        fields: { self: 3, session: '0x100000e95480002' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:30,258] INFO Submitting global closeSession request for session 0x1000022c7c50000 (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { name: 'global', session: '0x1000022c7c50000' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:19,049] INFO Submitting global closeSession request for session 0x100002e8a180000 (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { name: 'global', session: '0x100002e8a180000' },
      },
    ],
  },
  {
    event: 'zk_session_expired',
    component: 'zookeeper',
    class: 'session',
    severity: 'major',
    meaning: 'A client was silent for its whole timeout: a broker died, hangs or is cut off. The leader says so.',
    wordings: [
      {
        begins: 'Expiring session ',
        pattern: /^Expiring session (?<session>0x[0-9a-f]{1,16}), timeout of (?<durationMs>\d{1,12})ms exceeded/,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [SessionTracker:ZooKeeperServer@355] - Expiring session 0x300138012d60000, timeout of 18000ms exceeded',
        fields: { self: 3, durationMs: 18000, session: '0x300138012d60000' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:25:03,155] INFO Expiring session 0x3000024e2f00002, timeout of 18000ms exceeded (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { durationMs: 18000, session: '0x3000024e2f00002' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:37:39,155] INFO Expiring session 0x300003068b50001, timeout of 18000ms exceeded (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { durationMs: 18000, session: '0x300003068b50001' },
      },
    ],
  },
  {
    event: 'zk_session_created',
    component: 'zookeeper',
    class: 'session',
    severity: 'info',
    meaning: 'A client has a new session (from 3.6 on every server says so).',
    wordings: [
      {
        begins: 'Established session ',
        pattern:
          /^Established session (?<session>0x[0-9a-f]{1,16}) with negotiated timeout (?<durationMs>\d{1,12}) for client (?<address>\S{1,260})/,
      },
      { begins: 'Committing global session ', pattern: /^Committing global session (?<session>0x[0-9a-f]{1,16})/ },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [CommitProcessor:3:ZooKeeperServer@694] - Established session 0x300138012d60000 with negotiated timeout 18000 for client /10.0.0.84:41234',
        fields: { self: 3, durationMs: 18000, address: '/10.0.0.84:41234', session: '0x300138012d60000' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,465] INFO Committing global session 0x200002e89ff0000 (org.apache.zookeeper.server.quorum.LearnerSessionTracker)',
        fields: { session: '0x200002e89ff0000' },
      },
    ],
  },
  {
    event: 'zk_session_moved',
    component: 'zookeeper',
    class: 'session',
    severity: 'info',
    meaning: 'A client came with its session from another server.',
    wordings: [
      { begins: 'Revalidating client: ', pattern: /^Revalidating client: (?<session>0x[0-9a-f]{1,16})/ },
      {
        begins: 'Client attempting to renew session ',
        pattern: /^Client attempting to renew session (?<session>0x[0-9a-f]{1,16}) at (?<address>\S{1,260})/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:27:31,221] INFO Revalidating client: 0x300002659880000 (org.apache.zookeeper.server.quorum.Learner)',
        fields: { session: '0x300002659880000' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:39:40,774] INFO Revalidating client: 0x100003285e00000 (org.apache.zookeeper.server.quorum.Learner)',
        fields: { session: '0x100003285e00000' },
      },
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:ZooKeeperServer@943] - Client attempting to renew session 0x300138012d60000 at /10.0.0.84:41234',
        fields: { self: 3, address: '/10.0.0.84:41234', session: '0x300138012d60000' },
      },
    ],
  },
  {
    event: 'zk_session_invalid',
    component: 'zookeeper',
    class: 'session',
    severity: 'minor',
    meaning: 'A client came back after its session had expired.',
    wordings: [
      {
        begins: 'Invalid session ',
        pattern: /^Invalid session (?<session>0x[0-9a-f]{1,16}) for client (?<address>[^ ,]{1,260}), probably expired/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2026-11-22 17:33:11,204] INFO Invalid session 0x200002bfaa30002 for client /10.77.0.1:43388, probably expired (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { address: '/10.77.0.1:43388', session: '0x200002bfaa30002' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:43:34,845] INFO Invalid session 0x200003570e50000 for client /10.77.0.1:46800, probably expired (org.apache.zookeeper.server.ZooKeeperServer)',
        fields: { address: '/10.77.0.1:46800', session: '0x200003570e50000' },
      },
    ],
  },
  {
    event: 'zk_session_refused',
    component: 'zookeeper',
    class: 'session',
    severity: 'major',
    meaning: 'A client has seen more than this server: the server is behind, or was restored.',
    wordings: [
      {
        begins: 'Refusing session',
        pattern:
          /^Refusing session(?:\((?<session>0x[0-9a-f]{1,16})\))? request for client (?<address>\S{1,260}) as it has seen zxid/,
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [NIOWorkerThread-1:ZooKeeperServer@1029] - Refusing session request for client /10.0.0.84:41234 as it has seen zxid 0x100000048 our last zxid is 0x100000040 client must try another server',
        fields: { self: 3, address: '/10.0.0.84:41234' },
      },
      {
        version: '3.9.2',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [NIOWorkerThread-1:o.a.z.s.ZooKeeperServer@1422] - Refusing session(0x300138012d60000) request for client /10.0.0.84:41234 as it has seen zxid 0x100000048 our last zxid is 0x100000040 client must try another server',
        fields: { self: 3, address: '/10.0.0.84:41234', session: '0x300138012d60000' },
      },
    ],
  },
  {
    event: 'zk_cnxn_eof',
    component: 'zookeeper',
    class: 'session',
    severity: 'minor',
    meaning:
      'A client with a session closed its socket without a word: it died. The session lives on until its timeout.',
    wordings: [
      {
        begins: 'Unable to read additional data from client',
        pattern:
          /^Unable to read additional data from client sessionid (?<session>0x[0-9a-f]{1,16}), likely client has closed socket/,
        refine: ({ groups }) => (groups['session'] === none ? undefined : {}),
      },
      {
        begins: 'Unable to read additional data from client',
        pattern:
          /^Unable to read additional data from client, it probably closed the socket: address = (?<address>[^ ,]{1,260}), session = (?<session>0x[0-9a-f]{1,16})/,
        refine: ({ groups }) => (groups['session'] === none ? undefined : {}),
      },
      {
        begins: 'Unexpected exception',
        loggers: ['NIOServerCnxn'],
        continued: true,
        refine: ({ continuation }) => sessionOf(continuation),
      },
      {
        begins: 'caught end of stream exception',
        continued: true,
        refine: ({ continuation }) => sessionOf(continuation),
      },
    ],
    examples: [
      {
        version: '3.4.10',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@368] - caught end of stream exception',
        continuation:
          'EndOfStreamException: Unable to read additional data from client sessionid 0x300138012d60000, likely client has closed socket',
        fields: {
          self: 3,
          reason:
            'EndOfStreamException: Unable to read additional data from client sessionid 0x300138012d60000, likely client has closed socket',
          session: '0x300138012d60000',
        },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:24:44,638] WARN Unable to read additional data from client sessionid 0x3000024e2f00002, likely client has closed socket (org.apache.zookeeper.server.NIOServerCnxn)',
        fields: { session: '0x3000024e2f00002' },
      },
      {
        version: '3.6.3',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [NIOWorkerThread-2:NIOServerCnxn@373] - Unexpected exception',
        continuation:
          'EndOfStreamException: Unable to read additional data from client, it probably closed the socket: address = /10.0.0.84:41234, session = 0x300138012d60000',
        fields: {
          self: 3,
          reason:
            'EndOfStreamException: Unable to read additional data from client, it probably closed the socket: address = /10.0.0.84:41234, session = 0x300138012d60000',
          session: '0x300138012d60000',
        },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:37:21,691] INFO Unable to read additional data from client, it probably closed the socket: address = /10.77.0.1:56642, session = 0x300003068b50001 (org.apache.zookeeper.server.NIOServerCnxn)',
        fields: { address: '/10.77.0.1:56642', session: '0x300003068b50001' },
      },
    ],
  },
  {
    event: 'zk_cnxn_probe',
    component: 'zookeeper',
    class: 'session',
    severity: 'noise',
    meaning: 'A connection without a session ended: a probe, a scan, a four-letter word.',
    wordings: [
      { begins: 'Unable to read additional data from client', pattern: /\b0x0\b/ },
      { begins: 'Processing ', pattern: /^Processing (?<name>\w{1,10}) command from / },
    ],
    examples: [
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] INFO Unable to read additional data from client, it probably closed the socket: address = /10.0.0.9:50000, session = 0x0 (org.apache.zookeeper.server.NIOServerCnxn)',
        fields: {},
      },
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@908] - Processing ruok command from /127.0.0.1:50000',
        fields: { self: 3, name: 'ruok' },
      },
    ],
  },
  {
    event: 'zk_cnxn_not_running',
    component: 'zookeeper',
    class: 'quorum',
    severity: 'major',
    meaning: 'A client was turned away because this server has no quorum.',
    wordings: [
      {
        begins: 'Exception causing close of session ',
        pattern: /^Exception causing close of session (?<session>0x[0-9a-f]{1,16}): ZooKeeperServer not running/,
      },
      {
        begins: 'Close of session ',
        pattern: /^Close of session (?<session>0x[0-9a-f]{1,16})/,
        continued: true,
        refine: ({ continuation }) => (continuation?.includes('ZooKeeperServer not running') === true ? {} : undefined),
      },
      {
        begins: 'Zookeeper server is not running, close the connection to ',
        pattern: /^Zookeeper server is not running, close the connection to (?<address>\S{1,260})/,
      },
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@383] - Exception causing close of session 0x0: ZooKeeperServer not running',
        fields: { self: 3, session: '0x0' },
      },
      {
        version: '3.5.8',
        line: '[2026-11-22 17:22:17,741] WARN Exception causing close of session 0x0: ZooKeeperServer not running (org.apache.zookeeper.server.NIOServerCnxn)',
        fields: { session: '0x0' },
      },
      {
        version: '3.8.4',
        line: '[2026-11-22 17:35:08,144] WARN Close of session 0x0 (org.apache.zookeeper.server.NIOServerCnxn)',
        continuation: 'java.io.IOException: ZooKeeperServer not running',
        fields: { session: '0x0', reason: 'java.io.IOException: ZooKeeperServer not running' },
      },
      {
        version: '3.8.4',
        line: '2024-02-23 07:44:05,983 [myid:3] - INFO  [nioEventLoopGroup-7-1:NettyServerCnxnFactory@255] - Zookeeper server is not running, close the connection to /10.0.0.84:41234 before starting the TLS handshake',
        fields: { self: 3, address: '/10.0.0.84:41234' },
      },
    ],
  },
  {
    event: 'zk_cnxn_closed',
    component: 'zookeeper',
    class: 'session',
    severity: 'minor',
    meaning: 'The connection of a client with a session was closed because of an error.',
    wordings: [
      {
        begins: 'Exception causing close of session ',
        pattern: /^Exception causing close of session (?<session>0x[0-9a-f]{1,16}): (?<reason>.{1,200})/,
        refine: ({ groups }) => (groups['session'] === none ? undefined : {}),
      },
      {
        begins: 'Close of session ',
        pattern: /^Close of session (?<session>0x[0-9a-f]{1,16})/,
        continued: true,
        refine: ({ groups }) => (groups['session'] === none ? undefined : {}),
      },
    ],
    examples: [
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Exception causing close of session 0x300138012d60000: Connection reset by peer (org.apache.zookeeper.server.NIOServerCnxn)',
        fields: { reason: 'Connection reset by peer', session: '0x300138012d60000' },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN Close of session 0x300138012d60000 (org.apache.zookeeper.server.NIOServerCnxn)',
        continuation: 'java.io.IOException: Connection reset by peer',
        fields: { session: '0x300138012d60000', reason: 'java.io.IOException: Connection reset by peer' },
      },
    ],
  },
  {
    event: 'zk_too_many_connections',
    component: 'zookeeper',
    class: 'session',
    severity: 'minor',
    meaning:
      'A client has more connections than maxClientCnxns allows and was refused; lines are rate-limited, the count is of refusals.',
    wordings: [
      ...[
        'Too many connections ',
        'Error accepting new connection: ',
        'Message:Error accepting new connection: ',
        'Message: Error accepting new connection: ',
      ].map((begins) => ({
        begins,
        pattern:
          /^(?:Message: ?)?(?:Error accepting new connection: )?Too many connections (?:from (?<address>\S{1,260}) - max is|max allowed is|\d{1,10} - max is) \d{1,10}/,
        refine: ({ message }: { readonly message: string }) => {
          const times = /^\[(\d{1,10}) times\]/.exec(message)?.[1]
          return { count: times === undefined ? 1 : Number(times) }
        },
      })),
    ],
    examples: [
      {
        version: '3.4.14',
        line: '2024-02-23 07:44:05,983 [myid:3] - WARN  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxnFactory@211] - Too many connections from /10.0.0.84 - max is 60',
        fields: { self: 3, address: '/10.0.0.84', count: 1 },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN Error accepting new connection: Too many connections from /10.0.0.84 - max is 60 (org.apache.zookeeper.server.NIOServerCnxnFactory)',
        fields: { address: '/10.0.0.84', count: 1 },
      },
      {
        version: '3.5.8',
        line: '[2024-02-23 07:47:50,149] WARN [3 times] Error accepting new connection: Too many connections from /10.0.0.84 - max is 60 (org.apache.zookeeper.server.NIOServerCnxnFactory)',
        fields: { address: '/10.0.0.84', count: 3 },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN [3 times] Message: Error accepting new connection: Too many connections from /10.0.0.84 - max is 60 Last value:null (org.apache.zookeeper.server.RateLogger)',
        fields: { address: '/10.0.0.84', count: 3 },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] ERROR Too many connections 101 - max is 100 (org.apache.zookeeper.server.ServerCnxnFactory)',
        fields: { count: 1 },
      },
      {
        version: '3.8.4',
        line: '[2024-02-23 07:47:50,149] WARN Message:Error accepting new connection: Too many connections from /10.0.0.84 - max is 60 Value:null (org.apache.zookeeper.server.RateLogger)',
        fields: { address: '/10.0.0.84', count: 1 },
      },
    ],
  },
]

/** Of a trace's first line; undefined: it is about something else, or there is no session. */
function sessionOf(continuation: string | undefined): { session: string } | undefined {
  const found = /Unable to read additional data from client.{1,300}?(?:sessionid |session = )(0x[0-9a-f]{1,16})/.exec(
    continuation ?? '',
  )?.[1]
  return found === undefined || found === none ? undefined : { session: found }
}
