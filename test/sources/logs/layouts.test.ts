import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../../../src/model/log-event.ts'
import { createParser } from '../../../src/sources/logs/line-parser.ts'
import { names, told } from './lines.ts'

const message = 'Expiring session 0x300138012d60000, timeout of 18000ms exceeded'
const logger = 'org.apache.zookeeper.server.ZooKeeperServer'
const at = Date.UTC(2024, 1, 23, 7, 44, 5, 983)

const json = (record: object): string => JSON.stringify(record)

/** The same event in every layout: the line, and what is different from a time with milliseconds. */
const layouts: readonly (readonly [string, string, number?])[] = [
  ['Kafka', `[2024-02-23 07:44:05,983] INFO ${message} (${logger})`],
  ['Kafka, with an offset', `[2024-02-23T09:44:05.983+02:00] INFO ${message} (${logger})`],
  ['Kafka, without its end', `[2024-02-23 07:44:05,983] INFO ${message}`],
  ['ZooKeeper 3.4', `2024-02-23 07:44:05,983 [myid:3] - INFO  [SessionTracker:ZooKeeperServer@355] - ${message}`],
  [
    'ZooKeeper before it knows its id',
    `2024-02-23 07:44:05,983 [myid:] - INFO  [SessionTracker:o.a.z.s.ZooKeeperServer@628] - ${message}`,
  ],
  [
    'ZooKeeper, brackets in the thread',
    `2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3](plain=[0:0:0:0:0:0:0:0]:2181)(secure=disabled):ZooKeeperServer@628] - ${message}`,
  ],
  [
    'ZooKeeper, TRACEFILE',
    `2024-02-23 07:44:05,983 [myid:3] - INFO  [SessionTracker:ZooKeeperServer@355][] - ${message}`,
  ],
  ['Strimzi, log4j', `2024-02-23 07:44:05,983 INFO ${message} (${logger}) [SessionTracker]`],
  [
    'Strimzi, log4j2 (no milliseconds)',
    `2024-02-23 07:44:05 INFO  [SessionTracker] ZooKeeperServer:628 - ${message}`,
    at - 983,
  ],
  ["logback's own", `2024-02-23 07:44:05.983 [SessionTracker] INFO  o.a.z.server.ZooKeeperServer - ${message}`],
  ['CRI', `2024-02-23T07:44:05.999123456Z stdout F [2024-02-23 07:44:05,983] INFO ${message} (${logger})`],
  [
    'docker',
    json({
      log: `[2024-02-23 07:44:05,983] INFO ${message} (${logger})\n`,
      stream: 'stdout',
      time: '2024-02-23T07:44:05.999Z',
    }),
  ],
  [
    'CRI around JSON',
    `2024-02-23T07:44:05.999123456Z stdout F ${json({ timestamp: '2024-02-23T07:44:05.983Z', level: 'INFO', logger, message })}`,
  ],
  [
    'log4j2 JsonLayout',
    json({
      instant: { epochSecond: at / 1000 - 0.983, nanoOfSecond: 983_000_000 },
      thread: 'x',
      level: 'INFO',
      loggerName: logger,
      message,
    }),
  ],
  ['log4j2 JsonLayout, old', json({ timeMillis: at, thread: 'x', level: 'INFO', loggerName: logger, message })],
  ['logstash', json({ '@timestamp': '2024-02-23T07:44:05.983Z', level: 'INFO', logger_name: logger, message })],
  ['ECS', json({ '@timestamp': '2024-02-23T07:44:05.983Z', 'log.level': 'INFO', 'log.logger': logger, message })],
  ['JSON with msg', json({ time: '2024-02-23T07:44:05.983Z', level: 'info', msg: message })],
  ['colours', `\u001b[32m[2024-02-23 07:44:05,983] INFO ${message} (${logger})\u001b[0m`],
  ['a Thai year', `[2567-02-23 07:44:05,983] INFO ${message} (${logger})`],
]

describe('layouts', () => {
  it.each(layouts)('%s', (_, line, time = at) => {
    for (const end of ['\n', '\r\n']) {
      const { events, lines } = told(`${line}${end}`, { component: 'zookeeper' })
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({
        event: 'zk_session_expired',
        component: 'zookeeper',
        level: 'info',
        at: time,
        file: 'server.log',
        line: 1,
        text: message,
        fields: { session: '0x300138012d60000', durationMs: 18_000 },
      })
      expect([...lines]).toEqual([['zookeeper info', 1]])
    }
  })

  it('takes the id of the server from its layout', () => {
    const line =
      '2024-02-23 07:44:05,983 [myid:3] - INFO  [QuorumPeer[myid=3]/0:0:0:0:0:0:0:0:2181:QuorumPeer@856] - LOOKING'
    expect(told(`${line}\n`, { component: 'zookeeper' }).events[0]?.fields).toEqual({ self: 3 })
  })

  it('takes the exception of a JSON record', () => {
    const record = {
      level: 'ERROR',
      loggerName: 'org.apache.zookeeper.server.quorum.LearnerHandler',
      message: 'Unexpected exception in LearnerHandler: ',
    }
    const traces = [
      { thrown: { name: 'java.io.EOFException' } },
      { stack_trace: 'java.io.EOFException\n\tat x.Y(Y.java:1)' },
      { 'error.type': 'java.io.EOFException' },
      { exception: { exception_class: 'java.io.EOFException', exception_message: 'end' } },
    ]
    expect(traces.map((trace) => told(`${json({ ...record, ...trace })}\n`).events[0]?.fields.reason)).toEqual([
      'java.io.EOFException',
      'java.io.EOFException',
      'java.io.EOFException',
      'java.io.EOFException: end',
    ])
  })

  it('reads the beginning of a JSON record that was cut', () => {
    const line = json({ level: 'INFO', message: `${message} "quoted" \n${'x'.repeat(70_000)}` }).slice(0, 65_536)
    expect(names(`${line}\n`, { component: 'zookeeper' })).toEqual(['zk_session_expired'])
  })

  it('reads nothing in what only looks like a line', () => {
    const others = [
      '',
      '{',
      '{}',
      '{"a":1}',
      '[1,2]',
      'null',
      '2024-02-23',
      '[2024-02-23 07:44:05,983]',
      '[2024-02-23 07:44:05,983] ',
      '[2024-02-23 07:44:05,983] INFO',
      '[2024-02-23 07:44:05,983 INFO x (a.B)',
      '2024-02-23 07:44:05,983 [myid:3] - ',
      '2024-02-23 07:44:05,983 [myid:3] - INFO  [x',
      '2024-02-23T07:44:05.9Z stdout',
      '2024-02-23T07:44:05.9Z stdout F',
      'INFO x (a.B)',
      `x [2024-02-23 07:44:05,983] INFO ${message} (${logger})`,
    ]
    for (const line of others) expect(told(`${line}\n`), line).toEqual({ events: [], lines: new Map() })
  })
})

describe('lines that came in parts', () => {
  const line = `[2024-02-23 07:44:05,983] INFO [ReplicaFetcherManager on broker 3] Removed fetcher for partitions Set(${Array.from({ length: 2_000 }, (_, i) => `topic-${i}`).join(', ')}) (kafka.server.ReplicaFetcherManager)`

  it('are put together where CRI says so', () => {
    const parts = line.match(/.{1,8000}/g) ?? []
    const text = parts
      .map((part, i) => `2024-02-23T07:44:05.999Z stdout ${i === parts.length - 1 ? 'F' : 'P'} ${part}\n`)
      .join('')
    expect(told(text).events.map(({ fields }) => fields)).toEqual([
      { self: 3, partition: 'topic-0', partitions: 2_000 },
    ])
  })

  it('are put together where docker does so', () => {
    const parts = line.match(/.{1,8000}/g) ?? []
    const text = parts
      .map(
        (part, i) =>
          `${json({ log: i === parts.length - 1 ? `${part}\n` : part, stream: 'stdout', time: '2024-02-23T07:44:05.999Z' })}\n`,
      )
      .join('')
    expect(told(text).events.map(({ fields }) => fields)).toEqual([
      { self: 3, partition: 'topic-0', partitions: 2_000 },
    ])
  })

  it('are broken by whoever pasted them', () => {
    const text =
      '[2024-02-23 07:47:50,149] INFO [ReplicaFetcherManager on broker 2] \nRemoved fetcher for partitions Set(test-topic-2) (kafka.server.ReplicaFetcherManager)\n'
    expect(told(text, { pasted: true }).events).toMatchObject([
      { event: 'kafka_fetcher_removed', fields: { self: 2, partitions: 1 } },
    ])
  })

  it('end in the middle of a list of partitions', () => {
    const cut = line.slice(0, 1_000)
    expect(told(`${cut}\n`).events[0]?.fields.partitions).toBe(cut.match(/topic-\d/g)?.length)
  })
})

describe('stack traces', () => {
  const lost =
    '[2024-02-23 00:55:45,214] ERROR Unexpected exception causing shutdown while sock still open (org.apache.zookeeper.server.quorum.LearnerHandler)'

  it('belong to the line before: the first line only, and none to the next event', () => {
    const text = `${lost}\njava.io.EOFException\n\tat a.B(C.java:1)\nCaused by: x.Y\n${lost}\n${lost}\n`
    expect(told(text).events.map(({ line, fields }) => [line, fields.reason])).toEqual([
      [1, 'java.io.EOFException'],
      [5, undefined],
      [6, undefined],
    ])
  })

  it('make their event wait, until they come or the file is quiet', () => {
    const events: string[] = []
    const sink = {
      line: (): void => undefined,
      event: ({ event, fields }: LogEvent): void => void events.push(`${event} ${fields.reason ?? '-'}`),
    }
    const parser = createParser({ file: 'x', component: 'zookeeper', timeZone: 'UTC' })
    parser.take(`${lost}\n`, sink)
    expect([parser.isWaiting, events]).toEqual([true, []])
    parser.take('java.io.EOFException\n', sink)
    expect([parser.isWaiting, events]).toEqual([false, ['zk_learner_handler_error java.io.EOFException']])
    parser.take(`${lost}\n`, sink)
    parser.flush(sink)
    expect([parser.isWaiting, events.at(-1)]).toEqual([false, 'zk_learner_handler_error -'])
  })
})
