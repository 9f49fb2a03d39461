import { describe, expect, it } from 'vitest'
import type { EventFields } from '../../../src/model/log-event.ts'
import type { KeptEvent, LogFileFacts, LogRecord } from '../../../src/model/log-facts.ts'
import { after, between, lastUntil } from '../../../src/verdicts/timeline/in-time.ts'
import { timelineOf } from '../../../src/verdicts/timeline/timeline.ts'

type Line = readonly [at: number, file: string, event: string, fields?: EventFields]

let line = 0
const eventOf = ([at, file, event, fields = {}]: Line): KeptEvent => ({
  at: at * 1000,
  lastAt: at * 1000,
  repeats: 0,
  component: file.startsWith('zk') ? 'zookeeper' : 'kafka',
  level: 'info',
  event,
  class: 'failover',
  severity: 'major',
  fields,
  file,
  line: ++line,
  text: event,
})

const fileOf = (file: string, lastAt: number): LogFileFacts => ({
  file,
  node: file.startsWith('zk') ? undefined : Number(file.at(-1)),
  myid: file.startsWith('zk') ? Number(file.at(-1)) : undefined,
  idFrom: 'lines',
  roles: [file.startsWith('zk') ? 'zookeeper' : file.startsWith('node') ? 'kraft' : 'broker'],
  version: undefined,
  clusters: [],
  peers: [],
  lines: 1000,
  bytes: 100_000,
  firstAt: 0,
  lastAt: lastAt * 1000,
  lastLine: { line: 1000, text: 'the last' },
  silences: [],
  shiftMs: 0,
})

/** Logs that begin at 0 and end at 1000 s, or where told. */
const record = (lines: readonly Line[], ends: Readonly<Record<string, number>> = {}): LogRecord => ({
  files: [...new Set([...lines.map(([, file]) => file), ...Object.keys(ends)])].map((file) =>
    fileOf(file, ends[file] ?? 1000),
  ),
  events: lines.map(eventOf).sort((a, b) => a.at - b.at),
})

const session = '0x1a'
const held: Line = [10, 'kafka1', 'zkc_session_established', { session }]
const stopped: readonly Line[] = [
  [100, 'kafka1', 'kafka_signal', { name: 'SIGTERM' }],
  [100.1, 'kafka1', 'kafka_shutting_down', { self: 1 }],
]
const eof: Line = [100, 'zk3', 'zk_cnxn_eof', { session }]
const expiry: Line = [116, 'zk3', 'zk_session_expired', { session, durationMs: 18_000 }]
const removed: Line = [116.1, 'kafka3', 'kafka_broker_failed', { peer: 1 }]
const readTimedOut: Line = [
  100,
  'zk3',
  'zk_learner_handler_error',
  { reason: 'java.net.SocketTimeoutException: Read timed out' },
]
const endOfFile: Line = [100, 'zk3', 'zk_learner_handler_error', { reason: 'java.io.EOFException' }]
const goodbye: Line = [100, 'zk3', 'zk_learner_goodbye', { address: '/10.0.0.1:33266' }]

const cases: readonly [
  what: string,
  lines: readonly Line[],
  ends: Readonly<Record<string, number>>,
  verdicts: readonly string[],
][] = [
  ['nothing but a start', [[10, 'kafka1', 'kafka_started', { self: 1 }]], {}, []],
  [
    'one failed connection',
    [[100, 'kafka2', 'kafka_fetch_session_error', { peer: 1, reason: 'disconnected' }]],
    {},
    [],
  ],
  ['a signal and a shutdown', [held, ...stopped, [102, 'kafka1', 'kafka_stopped', { self: 1 }]], {}, ['broker 1 stop']],
  ['a log that ends as its socket is closed', [held, eof, expiry, removed], { kafka1: 99 }, ['broker 1 crash']],
  [
    'a log that starts anew',
    [
      held,
      [20, 'kafka1', 'kafka_started', { self: 1 }],
      [200, 'kafka1', 'kafka_starting'],
      [203, 'kafka1', 'kafka_started', { self: 1 }],
    ],
    {},
    ['broker 1 crash'],
  ],
  [
    'a start after a shutdown is no crash',
    [
      held,
      ...stopped,
      [102, 'kafka1', 'kafka_stopped', { self: 1 }],
      [200, 'kafka1', 'kafka_starting'],
      [203, 'kafka1', 'kafka_started', { self: 1 }],
    ],
    {},
    ['broker 1 stop'],
  ],
  ['a log that says it cannot go on', [held, [99.9, 'kafka1', 'kafka_fatal'], ...stopped], {}, ['broker 1 crash']],
  [
    'a log that goes on without its ensemble, while others have one',
    [
      held,
      [11, 'zk3', 'zk_leading'],
      [11, 'zk1', 'zk_following'],
      [100, 'zk1', 'zk_follower_lost_leader', { reason: 'Read timed out' }],
      [100.1, 'zk1', 'zk_looking'],
      readTimedOut,
      goodbye,
      [106, 'kafka1', 'zkc_session_timed_out', { session }],
      expiry,
    ],
    {},
    ['zookeeper 1 cut', 'broker 1 cut'],
  ],
  ['an expired session without its broker\u2019s log', [eof, expiry], {}, ['client 0x1a crash']],
  [
    'the controller is asked to let a broker go',
    [[100, 'kafka3', 'kafka_controlled_shutdown_req', { peer: 1 }], removed],
    {},
    ['broker 1 stop'],
  ],
  ['the controller removes a broker unasked', [removed], {}, ['broker 1 unknown']],
  ['a peer\u2019s socket ends', [endOfFile, goodbye], {}, ['zookeeper 10.0.0.1 ended']],
  ['a peer does not answer', [readTimedOut, goodbye], {}, ['zookeeper 10.0.0.1 silent']],
  [
    'a peer refuses',
    [[100, 'zk3', 'zk_peer_unreachable', { peer: 1, reason: 'Connection refused' }]],
    {},
    ['zookeeper 1 ended'],
  ],
  [
    'a peer has no route',
    [[100, 'zk3', 'zk_peer_unreachable', { peer: 1, reason: 'No route to host' }]],
    {},
    ['zookeeper 1 silent'],
  ],
  [
    'peers that are not yet started are not lost',
    [
      [10, 'zk3', 'zk_started'],
      [11, 'zk3', 'zk_peer_unreachable', { peer: 1, reason: 'Connection refused' }],
    ],
    {},
    [],
  ],
  [
    'a KRaft node that is fenced after its connections closed',
    [
      [100, 'node2', 'kafka_peer_disconnected', { peer: 1 }],
      [109, 'node2', 'kraft_broker_fenced', { peer: 1 }],
    ],
    {},
    ['node 1 crash'],
  ],
  [
    'a KRaft node that is fenced after time-outs',
    [
      [100, 'node2', 'kafka_peer_timed_out', { peer: 1 }],
      [100.2, 'node2', 'kafka_peer_disconnected', { peer: 1 }],
      [109, 'node2', 'kraft_broker_fenced', { peer: 1 }],
    ],
    {},
    ['node 1 silent'],
  ],
]

describe('how something was lost', () => {
  it.each(cases)('%s', (_what, lines, ends, verdicts) => {
    const { incidents } = timelineOf(record(lines, ends))
    const found = incidents.flatMap(({ losses }) =>
      losses.map(({ actor, how }) => `${actor.role} ${actor.id ?? actor.name} ${how}`),
    )
    expect(found).toEqual(verdicts)
  })
})

describe('what belongs together', () => {
  const nodes = (lines: readonly Line[]): unknown =>
    timelineOf(record(lines)).incidents.map(({ scope, nodes: ids }) => [scope, ...ids])
  const lost = (at: number, peer: number): Line => [at, 'zk3', 'zk_sendworker_left', { peer }]
  it('is a node\u2019s broker and server that end within seconds', () => {
    expect(nodes([...stopped, lost(101, 1)])).toEqual([['node', 1]])
  })
  it('is not what ends a minute later, nor another node\u2019s', () => {
    expect(nodes([...stopped, lost(160, 1)])).toEqual([
      ['broker', 1],
      ['zookeeper', 1],
    ])
    expect(nodes([...stopped, lost(101, 2)])).toEqual([
      ['broker', 1],
      ['zookeeper', 2],
    ])
  })
})

describe('the order of ZooKeeper and Kafka', () => {
  const elected = (at: number): Line => [
    at,
    'kafka3',
    'kafka_partition_online',
    { partition: 'a-0', leader: 2, epoch: 2, isr: [2] },
  ]
  const led: Line = [20, 'kafka1', 'kafka_leader_starts', { partition: 'a-0', epoch: 1, self: 1, isr: [1, 2] }]
  const order = (lines: readonly Line[]): string | undefined => timelineOf(record(lines)).incidents[0]?.order?.text
  it('is by the session\u2019s end and the first new leader; two near clocks are doubted', () => {
    expect(order([held, led, eof, expiry, elected(116.2)])).toMatch(
      /^ZooKeeper before Kafka: .* 200 ms later \(by the clocks of two/,
    )
    expect(order([held, led, eof, expiry, elected(118)])).toMatch(/^ZooKeeper before Kafka: .* 2\.0 s later$/)
    expect(
      order([held, led, ...stopped, elected(101), [105, 'zk3', 'zk_session_close_submitted', { session }]]),
    ).toMatch(/^Kafka before ZooKeeper: Kafka had acted 4\.0 s before/)
  })
  it('is not told where one of the two is not known', () => {
    expect(order([held, led, eof, expiry])).toBeUndefined()
  })
})

describe('lists in order of time', () => {
  const list = [1, 2, 2, 5].map((at) => ({ at }))
  it.each([
    [0, 0, undefined],
    [1, 1, 1],
    [2, 3, 2],
    [4, 3, 2],
    [9, 4, 5],
  ])('at %i', (at, index, last) => {
    expect(after(list, at)).toBe(index)
    expect(lastUntil(list, at)?.at).toBe(last)
  })
  it('between two times, both included', () => {
    expect(between(list, 2, 5).map(({ at }) => at)).toEqual([2, 2, 5])
    expect(between(list, 3, 4)).toEqual([])
  })
})
