import { describe, expect, it } from 'vitest'
import { looksIn, refreshSpread, requestsPerLook, sampleOf, type SourceSample } from '../../bench/peers/looks.ts'
import { parseOptions, UsageError } from '../../bench/peers/options.ts'
import { parseCpuSeconds, parseMemory } from '../../bench/peers/proc.ts'
import { answerOf } from '../../bench/peers/scrape.ts'
import { mergeSent, parseSegments, segmentsSince } from '../../bench/peers/segments.ts'
import { formatSpread, spreadOf } from '../../bench/peers/statistics.ts'
import { lostWith, replicasOf } from '../../bench/peers/topics.ts'

describe('options', () => {
  it('has the defaults of the budgets: 4,000 partitions', () => {
    expect(parseOptions(['--peer', 'x'])).toEqual({
      peer: 'x',
      kafka: '3.9.1',
      topics: 500,
      partitions: 8,
      rounds: 4,
      json: undefined,
      check: false,
    })
  })

  it.each([
    [[], '--peer PATH of a kafka_exporter binary is needed'],
    [['--peer', 'x', '--topics', '0'], '--topics 0: not a number from 1 to 999999'],
    [['--peer', 'x', '--partitions', '8.5'], '--partitions 8.5: not a number from 1 to 999999'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(new UsageError(message))
  })

  it('refuses an option that it does not know', () => {
    expect(() => parseOptions(['--peer', 'x', '--topcs', '3'])).toThrow(UsageError)
  })

  it('--help needs nothing else', () => {
    expect(parseOptions(['--help'])).toBe('help')
  })
})

describe('spread', () => {
  it.each([
    [[3], { count: 1, min: 3, median: 3, max: 3 }],
    [[30, 1, 2], { count: 3, min: 1, median: 2, max: 30 }],
    [[10, 9, 2, 1], { count: 4, min: 1, median: 5.5, max: 10 }],
  ])('of %j, ordered as numbers', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread)
  })

  it('of nothing is not known', () => {
    expect(spreadOf([])).toBeUndefined()
    expect(formatSpread(undefined)).toBe('-')
  })

  it.each([
    [[1.26, 2, 3], '1.3 / 2.0 / 3.0 ms'],
    [[9.96, 12.4, 999], '10.0 / 12 / 999 ms'],
    [[400, 1_200, 27_346], '0.40 / 1.20 / 27.35 s'],
  ])('%j is written as %s', (values, text) => {
    expect(formatSpread(spreadOf(values))).toBe(text)
  })
})

describe('/proc', () => {
  const times = 'S 1 2 3 0 -1 4194304 119 0 0 0 1234 66 7 8 20 0 1 0 287541 3133440 379'

  it.each(['(node)', '(a name) with (parentheses)', '(MainThread)'])('%s: user and system time', (name) => {
    expect(parseCpuSeconds(`31570 ${name} ${times}\n`)).toBe(13)
  })

  it('what is no stat gives no time', () => {
    expect(parseCpuSeconds('')).toBeUndefined()
  })

  it('memory in bytes; a zombie has none', () => {
    const status = 'Name:\tnode\nVmPeak:\t  9 kB\nVmHWM:\t   2048 kB\nVmRSS:\t   1024 kB\n'
    expect(parseMemory(status, 'VmRSS')).toBe(1_048_576)
    expect(parseMemory(status, 'VmHWM')).toBe(2_097_152)
    expect(parseMemory('Name:\tnode\nState:\tZ (zombie)\n', 'VmRSS')).toBeUndefined()
  })
})

describe('an answer', () => {
  const text = [
    '# TYPE kafka_topic_partition_leader gauge',
    'kafka_topic_partition_leader{topic="a",partition="0"} 3',
    'kafka_topic_partition_leader{topic="a",partition="1"} -1',
    'kafka_topic_partition_leader{topic="ä",partition="0"} 0',
    '',
  ].join('\n')

  it('tells leader series from those that name a broker; broker 0 is one', () => {
    expect(answerOf(text)).toMatchObject({ bytes: text.length + 1, series: 3, leaderSeries: 3, namedLeaders: 2 })
  })

  it('cut short is none', () => {
    expect(() => answerOf(text.slice(0, -5))).toThrow('line 4')
  })
})

describe('looks', () => {
  const sample = (lookedAt: number, tookMs: number, sent: number): SourceSample => ({ lookedAt, tookMs, sent })

  it('reads its source, and nothing from before the first look', () => {
    const lines = [
      '# TYPE kafka_ha_source_last_success_timestamp_seconds gauge',
      'kafka_ha_source_last_success_timestamp_seconds{source="topology"} 1700000000.5',
      '# TYPE kafka_ha_source_duration_seconds gauge',
      'kafka_ha_source_duration_seconds{source="topology"} 0.012',
      '# TYPE kafka_ha_requests_total counter',
      'kafka_ha_requests_total{source="topology",api="ApiVersions"} 3',
      'kafka_ha_requests_total{source="topology",api="Metadata"} 41',
      'kafka_ha_requests_total{source="offsets",api="ListOffsets"} 0',
      '',
    ]
    const { metrics } = answerOf(lines.join('\n'))
    expect(sampleOf(metrics, 'topology')).toEqual(sample(1_700_000_000.5, 12, 41))
    expect(sampleOf(metrics, 'offsets')).toBeUndefined()
  })

  it('counts a look once, and not the one that was there before', () => {
    const samples = [sample(1, 5, 1), sample(1, 5, 1), sample(2, 6, 2), sample(2, 6, 2), sample(3, 7, 3)]
    expect(looksIn(samples)).toEqual([sample(2, 6, 2), sample(3, 7, 3)])
  })

  it('divides the requests by the looks they belong to', () => {
    expect(requestsPerLook([sample(1, 0, 10), sample(2, 0, 16), sample(3, 0, 22)])).toBe(6)
    expect(requestsPerLook([sample(1, 0, 10)])).toBeUndefined()
  })

  it('counts whole rounds only: three brokers probed by turns are 1 + 2, however many looks were seen', () => {
    const probing = [10, 11, 13, 14, 16, 17].map((sent, i) => sample(i, 0, sent))
    for (const seen of [3, 4, 5, 6]) expect(requestsPerLook(probing.slice(0, seen), 2)).toBe(3)
    expect(requestsPerLook(probing.slice(0, 2), 2)).toBeUndefined()
  })

  it('adds to each look at the offsets the look at the topology before it', () => {
    const topology = [sample(1, 10, 0), sample(3, 30, 0), sample(6, 1_000, 0)]
    const offsets = [sample(0, 500, 0), sample(2, 1, 0), sample(5, 2, 0)]
    expect(refreshSpread(topology, offsets)).toEqual({ count: 2, min: 11, median: 21.5, max: 32 })
  })
})

describe('packets', () => {
  const line = (remote: string, pid: number, sent: string, local = '127.0.0.1:40000'): string =>
    `ESTAB 0 0 ${local} ${remote} users:(("kafka_exporter",pid=${pid},fd=8)) cubic wscale:10,10 segs_out:99 ${sent} x`

  it('of one process to the brokers only', () => {
    const output = [
      line('127.0.0.1:9092', 7, 'data_segs_out:12'),
      line('[::ffff:127.0.0.1]:9093', 7, 'data_segs_out:3', '[::ffff:127.0.0.1]:40001'),
      line('127.0.0.1:9092', 70, 'data_segs_out:100'),
      line('127.0.0.1:2181', 7, 'data_segs_out:100'),
      line('127.0.0.1:9094', 7, '', '127.0.0.1:40002'),
    ].join('\n')
    expect([...parseSegments(output, 7, new Set([9092, 9093, 9094])).values()]).toEqual([12, 3, 0])
  })

  it('add up over connections that come and go', () => {
    const seen = new Map([['a', 10]])
    for (const now of [{ a: 12, b: 3 }, { b: 5 }, { a: 1, c: 2 }]) mergeSent(seen, new Map(Object.entries(now)))
    expect(segmentsSince(new Map([['a', 10]]), seen)).toBe(2 + 5 + 2)
  })
})

describe('topics', () => {
  it('spread leaders and pairs of replicas evenly over the brokers', () => {
    const all = Array.from({ length: 6 }, (_, i) => replicasOf(i))
    for (const broker of [1, 2, 3]) expect(all.filter(([leader]) => leader === broker)).toHaveLength(2)
    expect(new Set(all.map(String)).size).toBe(6)
    expect(all.every(([a, b]) => a !== b)).toBe(true)
  })

  it('lose a third with two of the three brokers, nothing with one', () => {
    expect(lostWith([1, 2], 6)).toBe(2)
    expect(lostWith([1, 2], 4_000)).toBe(1_334)
    expect(lostWith([1], 4_000)).toBe(0)
  })
})
